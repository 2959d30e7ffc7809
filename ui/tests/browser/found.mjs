/** What a person does with keys that exist already, with what is amiss, and with a leaked value. */
import assert from "node:assert/strict";
import { calls, focused, row, soon } from "./page.mjs";
import { at } from "./world.mjs";

async function byPalette(page, words) {
  await page.keyboard.press("Control+k");
  await page.locator(at("palette-input")).fill(words);
  await page.keyboard.press("Enter");
}

export const walks = [
  {
    name: "an existing key is imported: its form is asked about once, then its flag shows",
    go: async (page) => {
      await page.locator(at("keys-menu")).click();
      await page.getByRole("menuitem", { name: "Import key…" }).click();
      await soon(async () => assert.equal(await focused(page), "take-key", "the first thing to do has the focus"));
      await page.locator(at("import")).click({ force: true });
      assert.equal((await calls(page, "import_key")).length, 0, "nothing is imported without a value");
      await page.locator(at("take-key")).click();
      await page.waitForSelector(at("taken-key"));
      await page.locator(at("field-preset")).selectOption("Read-only");
      assert.ok(await page.locator(`${at("permission-read")} input`).isChecked(), "a preset ticks what it needs");
      await page.locator(`${at("permission-admin")} input`).check();
      await page.locator(at("field-owner")).fill("Dana");
      await page.locator(at("field-created")).fill("2026-08-01");
      await page.locator(at("import")).click();
      await page.locator(`${at("error")}[data-code="key.name_missing"]`).waitFor();
      await soon(async () => assert.equal(await focused(page), "field-name", "the refused field has the focus"));
      await page.locator(at("field-name")).fill("Checkout");
      await page.keyboard.press("Enter");
      await page.locator(`${at("ask")}[data-code="input.unusual_key_format"]`).waitFor();
      await soon(async () => assert.match(await page.locator(at("import")).innerText(), /Import anyway/));
      await page.locator(at("import")).click();
      await page.locator(`${at("drawer")}[data-key-name="Checkout"]`).waitFor();
      const sent = (await calls(page, "import_key")).map((it) => it.request);
      assert.deepEqual(sent.map((it) => it.anyway), [false, false, true]);
      assert.deepEqual(sent[2].about, { owner: "Dana", usedFor: "", permissions: ["read", "admin"], preset: "Read-only" });
      assert.equal(sent[2].created, "2026-08-01");
      assert.equal(sent[2].pasted, "pasted-1");
      await page.locator(`${at("flag")}[data-code="broader"]`).waitFor();
      await row(page, "Checkout").locator(at("flagged")).waitFor();
      await soon(async () => assert.equal(await focused(page), "drawer", "the new key has the focus"));
    },
  },
  {
    name: "an import that is given up forgets its value, and the focus goes back",
    go: async (page) => {
      await page.locator(at("keys-menu")).click();
      await page.getByRole("menuitem", { name: "Import key…" }).click();
      await page.locator(at("take-key")).click();
      await page.waitForSelector(at("taken-key"));
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => window.calls.some(([it, args]) => it === "forget_pasted" && args.handle === "pasted-1"));
      await soon(async () => assert.equal(await focused(page), "keys-menu"));
    },
  },
  {
    name: "where the provider has no API for keys, importing is the first act, and a name is proposed",
    scene: "by-hand",
    go: async (page) => {
      await page.locator(at("import-first")).click();
      await page.locator(at("field-use")).fill("Nightly export");
      await soon(async () => assert.equal(await page.locator(at("field-name")).inputValue(), "Nightly-export-Key"));
    },
  },
  {
    name: "a folder is looked through: what is found is flagged, and its key is one press away",
    go: async (page) => {
      await byPalette(page, "folder");
      await soon(async () => assert.equal(await focused(page), "field-folder"));
      await page.keyboard.type("checkout");
      await page.keyboard.press("Enter");
      await page.locator(`${at("error")}[data-code="input.not_tracked"]`).waitFor();
      await soon(async () => assert.equal(await focused(page), "field-folder", "the refused field keeps its text and has the focus"));
      await page.locator(at("field-folder")).fill("/home/dana/checkout");
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("sighting"));
      assert.match(await page.locator(at("sighting")).innerText(), /deploy\/prod\.env:12/);
      await page.locator(at("scan-show")).click();
      await page.locator(`${at("drawer")}[data-key-name="Payments API"]`).waitFor();
      await page.locator(`${at("flag")}[data-code="in_tracked_file"]`).waitFor();
      await soon(async () => assert.equal(await focused(page), "drawer", "the key has the focus"));
    },
  },
  {
    name: "somebody leaves: every key of theirs is planned, one press begins them, and each is followed",
    go: async (page) => {
      await byPalette(page, "leaves");
      await soon(async () => assert.equal(await focused(page), "field-owner"));
      await page.locator(at("field-owner")).selectOption("Dana Whitfield");
      await page.locator(`${at("batch-key")}[data-state="ready"]`).waitFor();
      assert.equal((await calls(page, "start_batch")).length, 0, "a plan does nothing");
      await page.locator(at("batch-begin")).click();
      await page.locator(`${at("batch-key")}[data-state="begun"]`).waitFor();
      assert.deepEqual(await calls(page, "start_batch"), [{ keys: [{ keyId: "key-2", planHash: "hash-rotate" }] }]);
      assert.equal(await page.locator(at("batch-begin")).count(), 0, "nothing is begun twice");
      await page.locator(at("batch-show")).click();
      await page.waitForSelector(at("rotation-sheet"));
      await page.keyboard.press("Escape");
      await page.waitForSelector(at("batch-sheet"));
    },
  },
  {
    name: "flags and owners filter the list",
    go: async (page) => {
      await page.locator(at("filter")).fill("flag:any ");
      await soon(async () => assert.equal(await page.locator(at("count")).innerText(), "3"));
      await page.keyboard.press("Escape");
      await page.locator(at("filter")).fill("owner:whit ");
      await soon(async () => assert.deepEqual(await page.locator(at("key-row")).evaluateAll((rows) => rows.map((one) => one.getAttribute("data-key-name"))), ["Payments API"]));
      const box = await row(page, "Payments API").boundingBox();
      assert.equal(box.height, 28, "a mark makes no row higher");
      assert.match(await row(page, "Payments API").locator(at("flagged")).getAttribute("title"), /same value.*And 1 more flag\./);
    },
  },
  {
    name: "what is said of a key is edited in place",
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.locator(at("describe")).click();
      await page.locator(`${at("permission-admin")} input`).uncheck();
      await page.locator(at("field-owner")).fill("");
      await page.locator(at("describe-save")).click();
      await soon(async () => assert.match(await page.locator(at("owner")).innerText(), /not said/));
      const [{ about }] = await calls(page, "describe_key");
      assert.deepEqual(about, { owner: "", usedFor: "Checkout", permissions: ["read"], preset: "Read-only" });
      await soon(async () => assert.equal(await focused(page), "describe", "the focus is back where it came from"));
    },
  },
  {
    name: "a snippet names its variable and is copied like any text",
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.locator(at("snippet-form")).selectOption("python");
      assert.match(await page.locator(at("snippet")).innerText(), /os\.environ\["PAYMENTS_API_KEY"\]/);
      await page.locator(at("snippet-copy")).click();
      await soon(async () => {
        const told = await page.locator(at("uses")).innerText();
        const selected = await page.evaluate(() => String(getSelection()));
        assert.ok(/Copied/.test(told) || selected.includes("os.environ"), told);
      });
    },
  },
  {
    name: "a leaked value is found, its key rotated, and the report is still there",
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.locator(at("leaked")).click();
      await soon(async () => assert.equal(await focused(page), "take-leaked"));
      assert.match(await page.locator(at("leak-sheet")).innerText(), /Nothing is sent/);
      await page.locator(at("take-leaked")).click();
      await page.waitForSelector(at("leaked-key"));
      await page.waitForFunction(() => window.calls.some(([it, args]) => it === "forget_pasted" && args.handle === "pasted-1"));
      assert.deepEqual(await calls(page, "take_from_clipboard"), [{ providerId: null, field: "key" }]);
      assert.equal(await page.locator(`${at("leak-sheet")} button.primary, ${at("leak-sheet")} button.danger`).count(), 1, "one thing to press");
      await page.locator(at("report-select")).click();
      assert.ok((await page.locator(at("leak-report")).evaluate((it) => it.selectionEnd)) > 100);
      await page.locator(at("leak-revoke_first")).click();
      await page.waitForSelector(at("rotation-sheet"));
      await soon(async () => assert.equal((await calls(page, "plan_rotation")).at(-1).revokeFirst, true, "its plan is asked for"));
      await page.keyboard.press("Escape");
      await page.locator(at("rotation-sheet")).waitFor({ state: "detached" });
      await page.waitForSelector(at("leaked-key"));
      await page.locator(at("leak-rotate")).click();
      await page.locator(at("start")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="awaiting_person"]`).waitFor();
      await page.keyboard.press("Escape");
      await page.locator(at("rotation-sheet")).waitFor({ state: "detached" });
      await page.waitForSelector(at("leak-report"));
      await page.locator(at("leak-show")).click();
      await page.locator(`${at("drawer")}[data-key-name="Payments API"]`).waitFor();
      assert.equal(await page.locator(at("leak-sheet")).count(), 0);
      await soon(async () => assert.equal(await focused(page), "drawer", "the key has the focus"));
    },
  },
  {
    name: "a value of nobody here says whose it may be, best first",
    scene: "leak-foreign",
    go: async (page) => {
      await byPalette(page, "leaked");
      await page.locator(at("take-leaked")).click();
      await page.waitForSelector(at("leak-message"));
      assert.deepEqual(await page.locator(`${at("candidate")} b`).allInnerTexts(), ["Overten", "Stripe"]);
      assert.match(await page.locator(at("candidate")).first().innerText(), /security@overten\.example/);
      assert.equal(await page.locator(at("leaked-key")).count(), 0);
    },
  },
  {
    name: "what could not be identified is forgotten too",
    scene: "leak-locked",
    go: async (page) => {
      await byPalette(page, "leaked");
      await page.locator(at("take-leaked")).click();
      await page.locator(`${at("error")}[data-code="keychain.locked"]`).waitFor();
      await page.waitForFunction(() => window.calls.some(([it, args]) => it === "forget_pasted" && args.handle === "pasted-1"));
    },
  },
];
