/** What a person does, and what must then be true. */
import assert from "node:assert/strict";
import { calls, focused, row, soon } from "./page.mjs";
import { at } from "./world.mjs";

const active = (page) => page.evaluate(() => document.getElementById(document.querySelector('[role="grid"]').getAttribute("aria-activedescendant"))?.getAttribute("data-key-name"));

export const walks = [
  {
    name: "the policy refuses an inline style, so the window's silence means something",
    go: async (page, world) => {
      await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", '<p style="color: red">x</p>'));
      await page.waitForTimeout(50);
      assert.ok(world.complaints.some((line) => /Content Security Policy/i.test(line)));
      world.complaints.length = 0;
    },
  },
  {
    name: "first run connects an account, names its keys and shows the list",
    scene: "first-run",
    go: async (page) => {
      await page.waitForSelector(at("first-run"));
      await page.keyboard.press("Enter");
      await page.waitForSelector(at("provider-overten"));
      await page.locator(at("wizard-next")).click();
      await page.locator(at("field-org-name")).fill("acme");
      await page.locator(at("field-org_id")).fill("ovt_org_acme");
      await page.locator(at("connect-submit")).click();
      const refused = page.locator(`${at("error")}[data-code="account.label_missing"]`);
      await refused.waitFor();
      assert.equal(await page.locator(at("field-org_id")).inputValue(), "ovt_org_acme", "typed text stays");
      await soon(async () => assert.equal(await focused(page), "field-label", "the refused field has the focus"));
      await page.locator(at("field-label")).fill("acme-main");
      await page.locator(at("take-id_token")).click();
      await page.waitForSelector(at("taken-id_token"));
      assert.match(await page.locator(at("taken-id_token")).innerText(), /ey…9f2c[\s\S]*842 characters/);
      await page.locator(at("connect-submit")).click();
      await page.waitForSelector(at("connect-lines"));
      const [{ request }] = (await calls(page, "connect_account")).slice(-1);
      assert.deepEqual(request.pasted, { id_token: "pasted-1" });
      assert.deepEqual(request.org, { kind: "new", name: "acme" });
      assert.equal(request.fields.org_id, "ovt_org_acme");
      const name = page.locator(`${at("found-key")} input`).first();
      await name.fill("Renamed");
      await name.press("Tab");
      await page.locator(`${at("found-key")}[data-key-name="Renamed"]`).waitFor();
      await page.locator(at("set-all")).selectOption({ label: "staging" });
      await page.waitForFunction(() => window.calls.some(([it, args]) => it === "move_key" && args.keyIds.length >= 4));
      await page.locator(at("wizard-done")).click();
      await page.waitForSelector(at("key-grid"));
    },
  },
  {
    name: "sign-up opens an organisation with its first key and shows where it stands",
    scene: "first-run",
    go: async (page) => {
      await page.locator(at("sign-up")).click();
      await page.waitForSelector(at("provider-overten"));
      assert.equal(await page.locator(at("provider-on-page")).count(), 0, "only providers with a sign-up are offered");
      await page.locator(at("wizard-next")).click();
      await page.locator(at("field-org-name")).fill("acme");
      await page.locator(at("field-label")).fill("acme-main");
      await page.locator(at("field-key-name")).fill("First");
      await page.locator(at("field-org_name")).fill("Acme Ltd");
      await page.locator(at("take-id_token")).click();
      await page.waitForSelector(at("taken-id_token"));
      await page.locator(at("connect-submit")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="completed"]`).waitFor();
      assert.equal((await calls(page, "sign_up"))[0].request.fields.org_name, "Acme Ltd");
      assert.equal(await page.locator(at("old-line")).count(), 0);
      await page.locator(at("copy-new")).click();
      await page.waitForSelector(at("clipboard"));
    },
  },
  {
    name: "a pasted handle is forgotten when the wizard closes unused",
    scene: "first-run",
    go: async (page) => {
      await page.locator(at("connect")).click();
      await page.waitForSelector(at("provider-overten"));
      await page.locator(at("wizard-next")).click();
      await page.locator(at("take-id_token")).click();
      await page.waitForSelector(at("taken-id_token"));
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => window.calls.some(([it, args]) => it === "forget_pasted" && args.handle === "pasted-1"));
      await soon(async () => assert.equal(await focused(page), "connect", "the focus is back where it came from"));
    },
  },
  {
    name: "an empty clipboard is said at its field",
    scene: "clipboard-empty",
    go: async (page) => {
      await page.locator(at("place-accounts")).click();
      await page.locator(at("connect")).click();
      await page.waitForSelector(at("provider-overten"));
      await page.locator(at("wizard-next")).click();
      await page.locator(at("take-id_token")).click();
      await page.locator(`${at("error")}[data-code="clipboard.empty"]`).waitFor();
    },
  },
  {
    name: "the filter takes words and tokens, Esc clears it and then leads to the list",
    go: async (page) => {
      await page.keyboard.press("/");
      await soon(async () => assert.equal(await focused(page), "filter"));
      await page.keyboard.type("status:stale env:prod ");
      await soon(async () => {
        const names = await page.locator(at("key-row")).evaluateAll((rows) => rows.map((one) => one.getAttribute("data-status")));
        assert.ok(names.length > 0 && names.every((status) => status === "stale"));
      });
      await page.locator(at("filter")).fill("provider:overten held:no ");
      assert.equal(await page.locator(at("filter")).inputValue(), "", "pasted tokens become chips too");
      await page.keyboard.type("zebra");
      await page.waitForSelector(at("no-match"));
      await page.keyboard.press("Escape");
      await page.waitForSelector(at("key-row"));
      await soon(async () => assert.equal(await page.locator(at("count")).innerText(), "40"));
      await page.keyboard.press("Escape");
      await soon(async () => assert.equal(await focused(page), "key-grid"));
    },
  },
  {
    name: "facets filter and count; groups fold",
    go: async (page) => {
      await page.locator(at("facet-stale")).click();
      assert.equal(await page.locator(at("facet-stale")).getAttribute("aria-pressed"), "true");
      const total = Number((await page.locator(at("facet-stale")).innerText()).match(/\d+/)[0]);
      await soon(async () => assert.equal(Number(await page.locator(at("count")).innerText()), total));
      await page.locator(at("facet-all")).click();
      const before = await page.locator(at("key-row")).first().getAttribute("data-key-name");
      await page.locator(at("group-row")).first().click();
      await soon(async () => assert.notEqual(await page.locator(at("key-row")).first().getAttribute("data-key-name"), before));
      await page.locator(at("group-by")).selectOption("none");
      await soon(async () => assert.equal(await page.locator(at("group-row")).count(), 0));
    },
  },
  {
    name: "the list is one tab stop; arrows, J K, Home, End, Enter, Space and Esc do as written",
    go: async (page) => {
      await page.locator(at("key-grid")).focus();
      const first = await active(page);
      await page.keyboard.press("j");
      await soon(async () => assert.notEqual(await active(page), first));
      const second = await active(page);
      await page.keyboard.press("k");
      await soon(async () => assert.equal(await active(page), first));
      await page.keyboard.press("End");
      await soon(async () => assert.equal(await active(page), "Old importer"));
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowDown");
      await soon(async () => assert.equal(await active(page), first));
      await page.keyboard.press(" ");
      await page.waitForSelector(at("drawer"));
      assert.equal(await focused(page), "key-grid", "peeking keeps the focus in the list");
      await page.keyboard.press("ArrowDown");
      await soon(async () => assert.equal(await page.locator(at("drawer")).getAttribute("data-key-name"), second, "the drawer follows"));
      await page.keyboard.press("Enter");
      await soon(async () => assert.equal(await focused(page), "drawer"));
      await page.keyboard.press("Escape");
      await soon(async () => assert.equal(await page.locator(at("drawer")).count(), 0));
      await soon(async () => assert.equal(await focused(page), "key-grid"));
    },
  },
  {
    name: "letters do nothing while typing, and open their acts in the list",
    go: async (page) => {
      await page.locator(at("filter")).focus();
      await page.keyboard.type("rvn");
      assert.equal(await page.locator(at("rotation-sheet")).count(), 0);
      assert.equal(await page.locator(at("new-key-sheet")).count(), 0);
      await page.keyboard.press("Escape");
      await row(page, "Payments API").click();
      await page.keyboard.press("v");
      await page.waitForFunction(() => window.calls.some(([it]) => it === "verify_key"));
      await page.keyboard.press("r");
      await page.waitForSelector(at("rotation-sheet"));
    },
  },
  {
    name: "copying goes through Rust, counts down and can be cleared",
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.locator(at("copy")).click();
      await page.waitForSelector(at("clipboard"));
      await soon(async () => assert.match(await page.locator(at("clipboard")).innerText(), /7QF2 copied, clears in 0:[34]\d/));
      assert.deepEqual(await calls(page, "copy_key"), [{ keyId: "key-2" }]);
      assert.match(await page.locator(at("live")).innerText(), /Copied\. Clears in 45 seconds\./);
      await page.locator(at("clear-clipboard")).click();
      await page.locator(at("clipboard")).waitFor({ state: "detached" });
    },
  },
  {
    name: "a revealed value leaves the page when the time is up, on blur, and with the drawer",
    options: { extra: "&hides=1" },
    go: async (page) => {
      const value = "not_a_key_only_a_fixture";
      const inPage = () => page.evaluate((text) => document.documentElement.outerHTML.includes(text), value);
      await row(page, "Payments API").click();
      await page.locator(at("reveal")).click();
      await page.waitForSelector(at("revealed"));
      assert.equal(await inPage(), true);
      await page.locator(at("revealed")).waitFor({ state: "detached", timeout: 4000 });
      assert.equal(await inPage(), false);
      await page.locator(at("reveal")).click();
      await page.waitForSelector(at("revealed"));
      await page.evaluate(() => window.dispatchEvent(new Event("blur")));
      await page.locator(at("revealed")).waitFor({ state: "detached" });
      await page.locator(at("reveal")).click();
      await page.waitForSelector(at("revealed"));
      await page.locator(at("drawer-close")).click();
      assert.equal(await inPage(), false);
    },
  },
  {
    name: "a key that is not held says why, and takes its value from the clipboard",
    go: async (page) => {
      await row(page, "Media pipeline").click();
      assert.equal(await page.locator(at("copy")).getAttribute("aria-disabled"), "true");
      assert.match(await page.locator(at("held-reason")).first().innerText(), /not in the keychain\. Paste it in once/);
      await page.locator(at("copy")).click({ force: true });
      assert.equal((await calls(page, "copy_key")).length, 0);
      await page.locator(at("paste")).click();
      await page.locator(at("take-key")).click();
      await page.locator(at("paste")).waitFor({ state: "detached" });
      assert.deepEqual(await calls(page, "take_from_clipboard"), [{ providerId: "overten", field: "key" }]);
      assert.deepEqual(await calls(page, "hold_key"), [{ keyId: "key-1", handle: "pasted-1" }]);
      assert.equal(await page.locator(at("copy")).getAttribute("aria-disabled"), null);
    },
  },
  {
    name: "one click rotates: plan, start, replaced, overlap, revoked, receipt",
    options: { extra: "&pace=60" },
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.locator(at("rotate")).click();
      await page.waitForSelector(at("step-prove_dead"));
      assert.equal(await page.locator(at("rotation-sheet")).getAttribute("data-state"), "plan");
      await soon(async () => assert.equal(await focused(page), "start"));
      await page.keyboard.press("Enter");
      await page.locator(`${at("rotation-sheet")}[data-state="awaiting_person"]`).waitFor();
      assert.deepEqual(await calls(page, "start_rotation"), [{ keyId: "key-2", planHash: "hash-rotate", revokeFirst: false }]);
      assert.equal(await page.locator(at("step-mint")).getAttribute("data-status"), "done");
      assert.equal(await page.locator(at("old-line")).getAttribute("data-state"), "works");
      assert.equal(await page.locator(at("new-line")).getAttribute("data-state"), "works");
      await page.locator(at("copy-new")).click();
      await page.waitForSelector(at("clipboard"));
      assert.equal(await page.locator(".sheet button.primary").count(), 1, "one accent button");
      await page.locator(at("replaced")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="awaiting_time"]`).waitFor();
      await page.locator(at("revoke-old-now")).click();
      await page.waitForSelector(at("confirm-revoke-old"));
      await soon(async () => assert.match(await page.evaluate(() => document.activeElement.innerText), /Cancel/, "Cancel has the focus"));
      await page.locator(at("confirm-revoke-old-yes")).click();
      await page.waitForSelector(at("receipt"));
      assert.equal(await page.locator(at("rotation-sheet")).getAttribute("data-state"), "completed");
      assert.equal(await page.locator(at("old-line")).getAttribute("data-state"), "ended");
      await page.keyboard.press("Escape");
      await page.locator(at("rotation-sheet")).waitFor({ state: "detached" });
    },
  },
  {
    name: "Esc leaves a running rotation, it goes on and can be found again",
    options: { extra: "&pace=120" },
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.locator(at("rotate")).click();
      await page.locator(at("start")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="running"]`).waitFor();
      await page.keyboard.press("Escape");
      await page.locator(at("rotation-sheet")).waitFor({ state: "detached" });
      assert.equal((await calls(page, "undo_rotation")).length, 0);
      await page.locator(at("running")).click();
      await page.locator(`${at("rotation-row")}[data-key-name="Payments API"][data-state="awaiting_person"]`).click();
      await page.waitForSelector(at("replaced"));
      await page.locator(at("undo")).click();
      await page.locator(`${at("rotation-sheet")}[data-state="undone"]`).waitFor();
    },
  },
  {
    name: "an unknown mint offers to check and never to repeat",
    scene: "mint-unknown",
    options: { extra: "&pace=40" },
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.locator(at("rotate")).click();
      await page.locator(at("start")).click();
      await page.waitForSelector(at("check"));
      assert.equal(await page.locator(at("resume")).count(), 0);
      assert.equal(await page.locator(".sheet").getByText(/retry|try again/i).count(), 0);
      assert.equal(await page.locator(at("step-mint")).getAttribute("data-status"), "unknown");
      assert.equal(await page.locator(at("new-line")).getAttribute("data-state"), "may_exist");
      await page.locator(at("check")).click();
      await page.waitForSelector(at("replaced"));
    },
  },
  {
    name: "a question needs a candidate before anything is revoked",
    scene: "asking",
    options: { extra: "&pace=40" },
    go: async (page) => {
      await page.locator(at("stopped-show")).click();
      await page.waitForSelector(at("question"));
      await page.locator(at("answer-revoke")).click({ force: true });
      assert.equal((await calls(page, "answer_question")).length, 0);
      await page.locator(at("candidate")).nth(1).click();
      await page.locator(at("answer-revoke")).click();
      await page.waitForFunction(() => window.calls.some(([it]) => it === "answer_question"));
      assert.deepEqual(await calls(page, "answer_question"), [{ rotationId: "rot-1", answer: "revoke", remoteId: "key_81f3" }]);
    },
  },
  {
    name: "a failed step says what still works and can be tried again",
    scene: "failed",
    options: { extra: "&pace=40" },
    go: async (page) => {
      await page.locator(at("stopped-show")).click();
      await page.locator(`${at("error")}[data-code="key.refused"]`).waitFor();
      assert.match(await page.locator(at("headline")).innerText(), /Overten accepted the old key when it was last asked/);
      await page.locator(at("resume")).click();
      await page.waitForSelector(at("replaced"));
    },
  },
  {
    name: "a new key is stored before it can be copied",
    options: { extra: "&pace=40" },
    go: async (page) => {
      await page.locator(at("key-grid")).focus();
      await page.keyboard.press("n");
      await page.waitForSelector(at("new-key-sheet"));
      await soon(async () => assert.equal(await focused(page), "field-name"));
      await page.keyboard.press("Enter");
      await page.locator(`${at("error")}[data-code="key.name_missing"]`).waitFor();
      await page.locator(at("field-name")).fill("Receipt mailer");
      await page.locator(at("field-preset")).selectOption("Read-only");
      await page.locator(at("create")).click();
      await soon(async () => assert.deepEqual((await calls(page, "new_key")).at(-1).request.about, { owner: "", usedFor: "", permissions: ["read"], preset: "Read-only" }));
      await page.locator(`${at("rotation-sheet")}[data-state="completed"]`).waitFor();
      assert.equal(await page.locator(at("step-store")).getAttribute("data-status"), "done");
      await page.waitForSelector(at("copy-new"));
    },
  },
  {
    name: "an emergency revocation is another verb, with Cancel first",
    options: { extra: "&pace=40" },
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.locator(at("revoke-now")).click();
      await page.waitForSelector(at("confirm-revoke"));
      await soon(async () => assert.match(await page.evaluate(() => document.activeElement.innerText), /Cancel/));
      await page.keyboard.press("Enter");
      await page.locator(at("confirm-revoke")).waitFor({ state: "detached" });
      assert.equal((await calls(page, "start_revoke")).length, 0);
      await page.locator(at("revoke-now")).click();
      await page.locator(at("confirm-revoke-yes")).click();
      await page.waitForSelector(at("receipt"));
    },
  },
  {
    name: "names are edited in place and a refusal keeps the text",
    go: async (page) => {
      await page.locator(at("key-grid")).focus();
      await page.keyboard.press("e");
      const field = page.locator(at("name-form"));
      await field.fill("Renamed key");
      await field.press("Enter");
      await page.locator(`${at("drawer")}[data-key-name="Renamed key"]`).waitFor();
      await page.locator(at("scope-org")).first().dblclick();
      const org = page.locator(at("name-form"));
      await org.fill("acme2");
      await org.press("Enter");
      await page.getByText("Another organisation has this name.").waitFor();
      assert.equal(await org.inputValue(), "acme2");
    },
  },
  {
    name: "scopes narrow the list; a failing account is a line of its group",
    go: async (page) => {
      await page.locator(at("scope-org")).nth(2).click();
      await soon(async () => assert.equal(await page.locator(at("count")).innerText(), "9"));
      assert.match(await page.locator(at("sync-note")).innerText(), /initech: as of/);
      await page.locator(at("scope-environment")).first().click();
      await soon(async () => assert.ok(Number(await page.locator(at("count")).innerText()) < 9));
      await page.locator(at("scope-all")).click();
    },
  },
  {
    name: "a policy shows its effect before it applies",
    go: async (page) => {
      await page.keyboard.press("g");
      await page.keyboard.press("p");
      await page.locator('[data-environment="production"]').locator(at("max-age")).fill("60");
      await page.getByText(/60 d at most for environment production makes \d+ keys stale/).waitFor();
      assert.ok((await calls(page, "preview_policy")).length > 0, "core counts it");
      assert.equal((await calls(page, "set_policy")).length, 0);
      await page.locator(at("set-policy")).click();
      await page.locator(at("set-policy")).waitFor({ state: "detached" });
      assert.deepEqual(await calls(page, "set_policy"), [{ rule: { kind: "environment", id: "env-prod", maxAgeDays: 60, dueSoonPercent: null, overlapHours: 24, quietHours: null, verifyDays: null } }]);
    },
  },
  {
    name: "the rule for all keys says what it does to every key that follows it",
    go: async (page) => {
      await page.keyboard.press("g");
      await page.keyboard.press("p");
      await page.locator('[data-environment="*"]').locator(at("max-age")).fill("30");
      await page.getByText(/30 d at most for all keys makes \d+ keys? stale/).waitFor();
      await page.getByRole("img", { name: /against a limit of 30 days/ }).waitFor();
      await page.locator(at("set-policy")).click();
      await page.locator(at("set-policy")).waitFor({ state: "detached" });
      assert.equal((await calls(page, "set_policy"))[0].rule.kind, "all");
    },
  },
  {
    name: "a locked keychain has a banner and its unlock",
    scene: "locked",
    go: async (page) => {
      await page.waitForSelector(at("keychain-banner"));
      await page.locator(at("unlock")).click();
      await page.locator(at("keychain-banner")).waitFor({ state: "detached" });
    },
  },
  {
    name: "what a locked keychain held is free once it is unlocked, without closing the sheet",
    scene: "locked",
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.keyboard.press("r");
      const start = `${at("start")}[aria-disabled=true]`;
      await page.waitForSelector(start);
      await page.evaluate(async () => {
        await window.__TAURI_INTERNALS__.invoke("unlock_keychain");
        await window.send("inventory_changed", null);
      });
      await page.locator(start).waitFor({ state: "detached" });
      await page.locator(at("start")).click();
      await page.waitForFunction(() => window.calls.some(([it]) => it === "start_rotation"));
    },
  },
  {
    name: "a revocation that a locked keychain held is free once it is unlocked",
    scene: "locked",
    go: async (page) => {
      await row(page, "Payments API").click();
      await page.locator(at("revoke-now")).click();
      const yes = `${at("confirm-revoke-yes")}[aria-disabled=true]`;
      await page.waitForSelector(yes);
      await page.evaluate(async () => {
        await window.__TAURI_INTERNALS__.invoke("unlock_keychain");
        await window.send("inventory_changed", null);
      });
      await page.locator(yes).waitFor({ state: "detached" });
    },
  },
  {
    name: "the window asks before it goes with a key that exists only in memory",
    go: async (page) => {
      await page.evaluate(() => window.send("exit_held", { code: "x.y", message: "a new key exists only in memory", remedy: "Unlock the keychain.", effect: "applied", field: null, details: [], retryAt: null }));
      await page.waitForSelector(at("exit-held"));
      await soon(async () => assert.match(await page.evaluate(() => document.activeElement.innerText), /Keep Keywheel open/));
      await page.locator(at("exit-held-yes")).click();
      assert.equal((await calls(page, "quit_anyway")).length, 1);
    },
  },
  {
    name: "an unaccounted key is shown and settled",
    scene: "unaccounted",
    go: async (page) => {
      await page.locator(at("place-accounts")).click();
      await page.locator(at("settle-keep")).click();
      await page.locator(at("unaccounted")).waitFor({ state: "detached" });
      assert.deepEqual(await calls(page, "settle_unaccounted"), [{ unaccountedId: "un-1", answer: "keep" }]);
    },
  },
  {
    name: "a window that cannot read its data says so and tries again",
    scene: "broken",
    go: async (page) => {
      await page.locator(`${at("error")}[data-code="store.unreadable"]`).waitFor();
      await page.getByRole("button", { name: "Try again" }).click();
      await page.waitForFunction(() => window.calls.filter(([it]) => it === "inventory").length >= 2);
    },
  },
  {
    name: "F6 goes round the regions and Ctrl+K finds a key",
    go: async (page) => {
      await row(page, "Payments API").click();
      const seen = new Set();
      for (let turn = 0; turn < 3; turn += 1) {
        await page.keyboard.press("F6");
        seen.add(await page.evaluate(() => document.activeElement.closest("[data-region]")?.tagName));
      }
      assert.deepEqual([...seen].sort(), ["ASIDE", "MAIN", "NAV"]);
      await page.keyboard.press("Control+k");
      await page.locator(at("palette-input")).fill("ledger");
      await page.keyboard.press("Enter");
      await page.locator(`${at("drawer")}[data-key-name="Ledger sync"]`).waitFor();
    },
  },
  {
    name: "the palette keeps the focus while it is open, and gives it back where it was",
    go: async (page) => {
      const focused = () => page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.textContent.trim());
      const field = page.locator(at("palette-input"));
      await row(page, "Payments API").click();
      await page.keyboard.press("F6");
      const before = await focused();
      for (const leave of [() => page.keyboard.press("Escape"), () => page.keyboard.press("Control+k"), () => page.mouse.click(20, 20)]) {
        await page.keyboard.press("Control+k");
        await field.waitFor();
        for (const key of ["Tab", "Shift+Tab", "F6", "Control+f"]) {
          await page.keyboard.press(key);
          assert.equal(await focused(), "palette-input", key);
        }
        await page.mouse.move(0, 0);
        const box = await page.getByRole("dialog").boundingBox();
        await page.mouse.click(box.x + 8, box.y + 24);
        assert.equal(await focused(), "palette-input", "a press beside its field");
        await leave();
        await field.waitFor({ state: "detached" });
        assert.equal(await focused(), before);
      }
      await page.keyboard.press("Control+k");
      await field.fill("rotate ");
      await page.keyboard.press("Enter");
      await page.locator(at("rotation-sheet")).waitFor();
      await page.keyboard.press("Escape");
      await page.locator(at("rotation-sheet")).waitFor({ state: "detached" });
      assert.equal(await focused(), before, "a sheet that it opened gives it back too");
    },
  },
  {
    name: "ten thousand keys: a keystroke filters within a frame, and few rows are in the page",
    scene: "many",
    go: async (page) => {
      await page.waitForSelector(at("key-row"));
      const rows = await page.locator('[role="row"]').count();
      assert.ok(rows <= 60, `${rows} rows are in the page`);
      const times = await page.evaluate(async () => {
        const input = document.querySelector('[data-testid="filter"]');
        const out = [];
        for (const text of ["m", "me", "med", "medi", "media", "medi", "status:stale media", ""]) {
          const start = performance.now();
          input.value = text;
          input.dispatchEvent(new InputEvent("input", { bubbles: true }));
          await Promise.resolve();
          document.body.getBoundingClientRect();
          out.push(performance.now() - start);
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
        }
        return out;
      });
      const sorted = [...times].sort((a, b) => a - b);
      console.log(`      keystroke to filtered list at 10 000 keys: median ${sorted[4].toFixed(1)} ms, worst ${sorted.at(-1).toFixed(1)} ms`);
      // The aim is 16 ms on a quiet machine; this one is shared.
      assert.ok(sorted[4] <= 66, `median ${sorted[4]} ms`);
    },
  },
  {
    name: "880 by 560 keeps every region usable",
    options: { width: 880, height: 560 },
    go: async (page) => {
      await row(page, "Payments API").click();
      const box = await page.locator(at("drawer")).boundingBox();
      assert.ok(box.x + box.width <= 880 && box.width >= 380);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= 880 && document.documentElement.scrollHeight <= 560), true);
      await page.locator(at("rotate")).click();
      await page.locator(at("start")).waitFor();
      const start = await page.locator(at("start")).boundingBox();
      assert.ok(start.y + start.height <= 560, "the act is in view");
    },
  },
];
