/** Every screen as a picture: name, scene and how to get there. */
import { open as openSilence } from "./silence.mjs";
import { open as openRotation, openKept } from "./undo.mjs";
import { toList } from "./batch.mjs";
import { row } from "./page.mjs";
import { at } from "./world.mjs";

async function openImport(page) {
  await page.locator(at("keys-menu")).click();
  await page.getByRole("menuitem", { name: "Import key…" }).click();
  await page.waitForSelector(at("import-sheet"));
}
async function openLeak(page) {
  await page.keyboard.press("Control+k");
  await page.locator(at("palette-input")).fill("leaked");
  await page.keyboard.press("Enter");
  await page.waitForSelector(at("leak-sheet"));
}

/** The window of quick access has one size; at twice the zoom it is twice as large. */
const quick = { document: "quick.html", width: 640, height: 420, sizes: [{ width: 640, height: 420 }] };

export const screens = [
  { name: "01-first-run", scene: "first-run", go: async () => {} },
  { name: "02-keys", scene: "keys", go: async (page) => { await page.locator(at("key-grid")).focus(); await page.keyboard.press("ArrowDown"); } },
  { name: "03-keys-filtered", scene: "keys", go: async (page) => { await page.locator(at("filter")).fill("status:stale env:prod "); await page.locator(at("filter")).pressSequentially("im"); } },
  { name: "04-keys-none", scene: "keys", go: async (page) => { await page.locator(at("filter")).fill("status:stale zebra"); } },
  { name: "05-drawer", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.waitForSelector('[aria-label="History"]'); } },
  { name: "06-drawer-not-held", scene: "keys", go: async (page) => { await row(page, "Media pipeline").click(); await page.waitForSelector('[aria-label="History"]'); } },
  { name: "07-reveal-copy", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.waitForSelector('[aria-label="History"]'); await page.locator(at("copy")).click(); await page.locator(at("reveal")).click(); await page.waitForSelector(at("revealed")); await page.waitForSelector(at("clipboard")); } },
  { name: "08-plan", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.locator(at("rotate")).click(); await page.waitForSelector(at("step-check")); await page.waitForTimeout(250); } },
  { name: "09-rotation-running", scene: "running", go: async (page) => { await page.locator(at("running")).click(); await page.locator(at("rotation-row")).first().click(); await page.waitForSelector(at("step-check")); await page.waitForTimeout(250); } },
  { name: "10-rotation-person", scene: "awaiting", go: async (page) => { await page.locator(at("running")).click(); await page.locator(at("rotation-row")).first().click(); await page.waitForSelector(at("replaced")); await page.waitForTimeout(250); } },
  { name: "11-rotation-unknown", scene: "unknown", go: async (page) => { await page.locator(at("stopped-show")).click(); await page.waitForSelector(at("check")); await page.waitForTimeout(250); } },
  { name: "53-settle", scene: "unknown", go: async (page) => { await page.locator(at("stopped-show")).click(); await page.locator(at("settle")).click(); await page.locator(at("settle-old-works")).click(); await page.waitForTimeout(250); } },
  { name: "12-rotation-question", scene: "asking", go: async (page) => { await page.locator(at("stopped-show")).click(); await page.waitForSelector(at("question")); await page.waitForTimeout(250); } },
  { name: "13-rotation-failed", scene: "failed", go: async (page) => { await page.locator(at("stopped-show")).click(); await page.waitForSelector(at("resume")); await page.waitForTimeout(250); } },
  { name: "14-receipt", scene: "awaiting", go: async (page) => { await page.locator(at("stopped-show")).or(page.locator(at("running"))).first().click(); await page.locator(at("rotation-row")).first().click(); await page.locator(at("revoke-old-now")).or(page.locator(at("replaced"))).first().click(); await page.waitForSelector(at("step-wait") + '[data-status="waiting"]'); await page.locator(at("revoke-old-now")).click(); await page.locator(at("confirm-revoke-old-yes")).click(); await page.waitForSelector(at("receipt")); await page.waitForTimeout(250); } },
  { name: "15-connect-provider", scene: "keys", go: async (page) => { await page.keyboard.press("g"); await page.keyboard.press("a"); await page.locator(at("connect")).click(); await page.waitForSelector(at("provider-overten")); await page.waitForTimeout(250); } },
  { name: "16-connect-access", scene: "first-run", go: async (page) => { await page.locator(at("connect")).click(); await page.waitForSelector(at("provider-overten")); await page.locator(at("wizard-next")).click(); await page.locator(at("field-org-name")).fill("acme"); await page.locator(at("field-label")).fill("acme-main"); await page.locator(at("field-org_id")).fill("ovt_org_acme"); await page.locator(at("take-id_token")).click(); await page.waitForSelector(at("taken-id_token")); await page.waitForTimeout(250); } },
  { name: "17-connect-found", scene: "first-run", go: async (page) => { await page.locator(at("connect")).click(); await page.waitForSelector(at("provider-overten")); await page.locator(at("wizard-next")).click(); await page.locator(at("field-org-name")).fill("acme"); await page.locator(at("field-label")).fill("acme-main"); await page.locator(at("take-id_token")).click(); await page.waitForSelector(at("taken-id_token")); await page.locator(at("connect-submit")).click(); await page.waitForSelector(at("connect-lines")); await page.waitForTimeout(250); } },
  { name: "18-sign-up", scene: "first-run", go: async (page) => { await page.locator(at("sign-up")).click(); await page.waitForSelector(at("provider-overten")); await page.locator(at("wizard-next")).click(); await page.locator(at("connect-submit")).click(); await page.waitForSelector(at("error")); await page.waitForTimeout(250); } },
  { name: "43-scan", scene: "keys", go: async (page) => { await page.keyboard.press("Control+k"); await page.locator(at("palette-input")).fill("folder"); await page.keyboard.press("Enter"); await page.locator(at("field-folder")).fill("/home/dana/checkout"); await page.keyboard.press("Enter"); await page.waitForSelector(at("sighting")); await page.waitForTimeout(250); } },
  { name: "46-selection", scene: "keys", go: async (page) => { await toList(page); await page.keyboard.press("ArrowDown"); for (let n = 0; n < 3; n += 1) await page.keyboard.press("Shift+ArrowDown"); await page.waitForSelector(at("selection")); } },
  { name: "47-batch", scene: "keys", go: async (page) => { await toList(page); for (let n = 0; n < 6; n += 1) await page.keyboard.press("Shift+ArrowDown"); await page.keyboard.press("r"); await page.locator(at("batch-key")).nth(6).waitFor(); await page.waitForTimeout(250); } },
  { name: "44-leaving", scene: "keys", go: async (page) => { await page.keyboard.press("Control+k"); await page.locator(at("palette-input")).fill("leaves"); await page.keyboard.press("Enter"); await page.locator(at("field-owner")).selectOption("Dana Whitfield"); await page.waitForSelector(at("batch-key")); await page.waitForTimeout(250); } },
  { name: "45-leaving-begun", scene: "keys", go: async (page) => { await page.keyboard.press("Control+k"); await page.locator(at("palette-input")).fill("leaves"); await page.keyboard.press("Enter"); await page.locator(at("field-owner")).selectOption("Dana Whitfield"); await page.locator(at("batch-begin")).click(); await page.locator(`${at("batch-key")}[data-state="begun"]`).waitFor(); await page.waitForTimeout(250); } },
  { name: "48-quick", scene: "keys", ...quick, go: async (page) => { await page.waitForSelector(at("quick-row")); } },
  { name: "49-quick-refused", scene: "keys", ...quick, go: async (page) => { await page.locator(`${at("quick-row")}[data-status="refused"]`).first().click(); } },
  { name: "50-quick-copied", scene: "keys", ...quick, go: async (page) => { await page.waitForSelector(at("quick-row")); await page.keyboard.press("Enter"); await page.waitForSelector(at("quick-copied")); } },
  { name: "51-quick-none", scene: "keys", ...quick, go: async (page) => { await page.locator(at("quick-input")).fill("zebra"); await page.waitForSelector(".none"); } },
  { name: "52-quick-locked", scene: "lock-idle", ...quick, go: async (page) => { await page.waitForSelector(at("unlock-window")); } },
  { name: "46-keys-menu", scene: "keys", go: async (page) => { await page.locator(at("keys-menu")).click(); await page.getByRole("menuitem", { name: "Import key…" }).waitFor(); await page.waitForTimeout(250); } },
  { name: "19-new-key", scene: "keys", go: async (page) => { await page.locator(at("new-key")).click(); await page.locator(at("field-name")).fill("Receipt mailer"); await page.waitForTimeout(250); } },
  { name: "20-rotations", scene: "failed", go: async (page) => { await page.locator(at("place-rotations")).click(); } },
  { name: "21-accounts", scene: "unaccounted", go: async (page) => { await page.locator(at("place-accounts")).click(); } },
  { name: "22-activity", scene: "keys", go: async (page) => { await page.locator(at("place-activity")).click(); await page.waitForSelector(at("event")); } },
  { name: "23-policies", scene: "keys", go: async (page) => { await page.locator(at("place-policies")).click(); await page.locator(at("max-age")).first().fill("60"); } },
  { name: "24-locked", scene: "locked", go: async () => {} },
  { name: "25-demo", scene: "demo", go: async () => {} },
  { name: "26-revoke-now", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.locator(at("revoke-now")).click(); await page.waitForSelector(at("confirm-revoke")); await page.waitForTimeout(250); } },
  { name: "27-palette", scene: "keys", go: async (page) => { await page.keyboard.press("Control+k"); await page.locator(at("palette-input")).fill("media"); } },
  { name: "28-shortcuts", scene: "keys", go: async (page) => { await page.locator(at("shortcuts")).click(); await page.waitForTimeout(250); } },
  { name: "29-exit-held", scene: "keys", go: async (page) => { await page.evaluate(() => window.send("exit_held", { code: "rotation.new_key_in_memory", message: "a new key of Payments API exists only in memory", remedy: "Unlock the keychain so that it can be stored, or copy it first.", effect: "applied", field: null, details: [], retryAt: null })); await page.waitForSelector(at("exit-held")); await page.waitForTimeout(250); } },
  { name: "30-empty", scene: "empty", go: async () => {} },
  { name: "31-small", scene: "keys", width: 880, height: 560, go: async (page) => { await row(page, "Payments API").click(); await page.waitForSelector('[aria-label="History"]'); } },
  { name: "32-hostile-names", scene: "hostile", go: async (page) => { await page.locator(at("key-row")).nth(1).click(); await page.waitForSelector('[aria-label="History"]'); } },
  { name: "33-import", scene: "keys", go: async (page) => { await openImport(page); await page.locator(at("take-key")).click(); await page.waitForSelector(at("taken-key")); await page.locator(at("field-name")).fill("Checkout"); await page.locator(at("field-owner")).fill("Dana Whitfield"); await page.locator(at("field-preset")).selectOption("Read-only"); await page.waitForTimeout(250); } },
  { name: "34-import-asks", scene: "keys", go: async (page) => { await openImport(page); await page.locator(at("take-key")).click(); await page.waitForSelector(at("taken-key")); await page.locator(at("field-name")).fill("Checkout"); await page.locator(at("import")).click(); await page.waitForSelector(at("ask")); await page.waitForTimeout(250); } },
  { name: "35-by-hand", scene: "by-hand", go: async (page) => { await page.waitForSelector(at("import-first")); } },
  { name: "36-drawer-flags", scene: "keys", height: 1500, go: async (page) => { await row(page, "Payments API").click(); await page.waitForSelector(at("snippet")); } },
  { name: "37-describe", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.locator(at("describe")).click(); await page.waitForSelector(at("permission-admin")); await page.waitForTimeout(250); } },
  { name: "38-leak", scene: "keys", go: async (page) => { await openLeak(page); await page.waitForTimeout(250); } },
  { name: "39-leak-found", scene: "keys", height: 900, go: async (page) => { await openLeak(page); await page.locator(at("take-leaked")).click(); await page.waitForSelector(at("leaked-key")); await page.waitForTimeout(250); } },
  { name: "40-leak-foreign", scene: "leak-foreign", go: async (page) => { await openLeak(page); await page.locator(at("take-leaked")).click(); await page.waitForSelector(at("leak-message")); await page.waitForTimeout(250); } },
  { name: "41-leak-small", scene: "keys", width: 880, height: 560, go: async (page) => { await openLeak(page); await page.locator(at("take-leaked")).click(); await page.waitForSelector(at("leaked-key")); await page.waitForTimeout(250); } },
  { name: "42-snippet-python", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.locator(at("snippet-form")).selectOption("python"); await page.locator(at("snippet")).scrollIntoViewIfNeeded(); } },
  { name: "43-overview", scene: "unknown", place: "overview", go: async (page) => { await page.waitForSelector(at("matrix")); } },
  { name: "44-overview-140", scene: "many-140", place: "overview", go: async (page) => { await page.locator(at("queue-row")).first().locator("button").first().focus(); await page.keyboard.press("ArrowDown"); } },
  { name: "45-overview-three", scene: "three", place: "overview", go: async (page) => { await page.waitForSelector(at("matrix")); } },
  { name: "46-overview-empty", scene: "empty", place: "overview", go: async () => {} },
  { name: "47-overview-calm", scene: "calm", place: "overview", go: async (page) => { await page.waitForSelector(at("matrix")); } },
  { name: "48-overview-small", scene: "keys", place: "overview", width: 880, height: 560, go: async (page) => { await page.waitForSelector(at("matrix")); } },
  { name: "49-overview-many", scene: "many", place: "overview", go: async (page) => { await page.waitForSelector(at("matrix")); } },
  { name: "50-snooze", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.locator(at("snooze")).click(); await page.locator(at("field-reason")).fill("After the release"); await page.waitForTimeout(250); } },
  { name: "51-policies-narrow", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.locator(at("rule-for-key")).click(); await page.waitForSelector(at("policy-row")); } },
  { name: "52-used-in", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.waitForSelector(at("used-in")); await page.locator(at("used-in")).scrollIntoViewIfNeeded(); } },
  { name: "54-timeline", scene: "awaiting", go: async (page) => { await page.locator(at("place-rotations")).click(); await page.waitForSelector(at("due-row")); } },
  { name: "55-timeline-small", scene: "unknown", width: 880, height: 560, go: async (page) => { await page.locator(at("place-rotations")).click(); await page.waitForSelector(at("due-row")); } },
  { name: "56-activity-export", scene: "keys", go: async (page) => { await page.locator(at("place-activity")).click(); await page.waitForSelector(at("event")); await page.locator(at("export")).click(); await page.waitForSelector(at("export-path")); await page.waitForTimeout(250); } },
  { name: "57-rotation-in-use", scene: "in-use", go: async (page) => { await openSilence(page); await page.waitForTimeout(250); } },
  { name: "66-rotation-elsewhere", scene: "elsewhere", go: async (page) => { await openSilence(page); await page.waitForTimeout(250); } },
  { name: "58-revoke-anyway", scene: "in-use", go: async (page) => { await openSilence(page); await page.locator(at("revoke-anyway")).click(); await page.waitForSelector(at("confirm-anyway")); await page.waitForTimeout(250); } },
  { name: "59-policies-small", scene: "keys", width: 880, height: 560, go: async (page) => { await page.locator(at("place-policies")).click(); await page.waitForSelector(at("quiet")); } },
  { name: "60-rotations-in-use", scene: "in-use", go: async (page) => { await page.locator(at("place-rotations")).click(); await page.waitForSelector(at("due-row")); } },
  { name: "61-overview-in-use", scene: "in-use", place: "overview", go: async (page) => { await page.waitForSelector(at("matrix")); } },
  { name: "62-settings", scene: "keys", go: async (page) => { await page.locator(at("place-settings")).click(); await page.waitForSelector(at("settings")); } },
  { name: "63-settings-refused", scene: "keys", width: 880, height: 560, go: async (page) => { await page.locator(at("place-settings")).click(); await page.locator(at("setting-clipboardSeconds")).selectOption("15"); await page.waitForSelector(at("error")); } },
  { name: "64-lock", scene: "keys", go: async (page) => { await page.locator(at("lock-window")).click(); await page.waitForSelector(at("lock")); } },
  { name: "65-lock-idle", scene: "lock-dismissed", place: "lock", width: 880, height: 560, go: async (page) => { await page.waitForSelector(at("lock")); await page.locator(at("unlock-window")).click(); await page.waitForSelector(at("error")); } },
  { name: "53-target-sheet", scene: "keys", go: async (page) => { await row(page, "Payments API").click(); await page.locator(at("add-target")).click(); await page.waitForSelector(at("target-sheet")); } },
  { name: "60-undo-in-use", scene: "overlap", go: async (page) => { await openRotation(page); await page.locator(at("undo")).click(); await page.waitForSelector(at("confirm-undo")); await page.waitForTimeout(250); } },
  { name: "61-undo-production", scene: "overlap-production", go: async (page) => { await openRotation(page); await page.locator(at("undo")).click(); await page.waitForSelector(at("confirm-undo-typed")); await page.waitForTimeout(250); } },
  { name: "62-undo-refused", scene: "undo-refused", go: async (page) => { await openRotation(page); await page.locator(at("undo")).click(); await page.locator(at("confirm-undo-yes")).click(); await page.waitForSelector(at("undo-anyway")); await page.waitForTimeout(250); } },
  { name: "63-undo-stopped", scene: "not-discarded", go: async (page) => { await openRotation(page); await page.waitForSelector(at("undo-anyway")); await page.waitForTimeout(250); } },
  { name: "64-undo-as-it-is", scene: "may-have-changed", go: async (page) => { await openRotation(page); await page.locator(at("undo")).click(); await page.locator(at("undo-anyway")).click(); await page.waitForSelector(at("confirm-undo-anyway")); await page.waitForTimeout(250); } },
  { name: "65-undo-receipt", scene: "unproven", go: async (page) => { await openRotation(page); await page.waitForSelector(at("receipt")); await page.waitForTimeout(250); } },
  { name: "66-undo-kept", scene: "keys", go: async (page) => { await openKept(page); await page.locator(at("remove-kept")).scrollIntoViewIfNeeded(); } },
  { name: "67-undo-remove-kept", scene: "keys", go: async (page) => { await openKept(page); await page.locator(at("remove-kept")).click(); await page.waitForSelector(at("confirm-remove-kept")); await page.waitForTimeout(250); } },
  { name: "68-definition-changed", scene: "redefined", go: async (page) => { await page.locator(at("place-accounts")).click(); await page.locator(at("look-at-definition")).click(); await page.waitForSelector(at("confirm-definition")); await page.waitForTimeout(250); } },
];
