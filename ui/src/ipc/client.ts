/**
 * Every command of the window, one typed function each. Nothing else calls `invoke`, and no secret
 * value passes here except the one timed reveal.
 */
import { invoke } from "@tauri-apps/api/core";
import { asErrorView } from "./errors";
import type {
  ActivityView, AppView, BatchRequest, BatchStart, BegunView, ClaimView, ClipboardView, ConnectRequest, ConnectView, DescriptionRequest, DoctorView, EnvironmentView,
  IdentifiedView, ImportKeyRequest, InventoryView, KeychainView, KeyDetailView, KeyView, NewFileView, NewKeyRequest, OrgView,
  PastedView, PlannedView, PlanView, PolicyEffectView, ProviderView, RevealView, RotationView, RuleRequest, ScanView, SignupRequest,
  SettingsView, SnippetsView, VerdictView, WaiverKindView,
} from "./types";

async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (rejection) {
    throw asErrorView(rejection);
  }
}

export const appState = () => call<AppView>("app_state");
/** After the data could not be opened: a backup was put back, or there is room again. */
export const openAgain = () => call<null>("open_again");
export const inventory = () => call<InventoryView>("inventory");
export const listProviders = () => call<ProviderView[]>("list_providers");

export const addOrg = (name: string) => call<OrgView>("add_org", { name });
export const renameOrg = (orgId: string, name: string) => call<null>("rename_org", { orgId, name });
export const addEnvironment = (name: string) => call<EnvironmentView>("add_environment", { name });
export const renameEnvironment = (environmentId: string, name: string) =>
  call<null>("rename_environment", { environmentId, name });

export const setPolicy = (rule: RuleRequest) => call<null>("set_policy", { rule });
/** What the rule would do; nothing is set. */
export const previewPolicy = (rule: RuleRequest) => call<PolicyEffectView>("preview_policy", { rule });

/** Rust reads the clipboard once and clears what it read; the page gets a handle, a hint and a length. */
export const takeFromClipboard = (providerId: string | null, field: string) =>
  call<PastedView>("take_from_clipboard", { providerId, field });
export const forgetPasted = (handle: string) => call<null>("forget_pasted", { handle });

export const connectAccount = (request: ConnectRequest) => call<ConnectView>("connect_account", { request });
export const replaceCredential = (accountId: string, request: ConnectRequest) =>
  call<ConnectView>("replace_credential", { accountId, request });
export const refreshAccounts = (accountId: string | null) => call<InventoryView>("refresh_accounts", { accountId });
export const removeAccount = (accountId: string) => call<null>("remove_account", { accountId });
/** The account goes by its provider's present definition from now on: the one that `digest` names. */
export const acceptDefinition = (accountId: string, digest: string) => call<null>("accept_definition", { accountId, digest });
export const signUp = (request: SignupRequest) => call<RotationView>("sign_up", { request });

export const newKey = (request: NewKeyRequest) => call<RotationView>("new_key", { request });
export const holdKey = (keyId: string, handle: string) => call<KeyView>("hold_key", { keyId, handle });
export const importKey = (request: ImportKeyRequest) => call<KeyView>("import_key", { request });
export const describeKey = (keyId: string, about: DescriptionRequest) => call<KeyView>("describe_key", { keyId, about });
/** Puts off or accepts what is found with a key, for so many days. */
export const waiveKey = (keyId: string, kind: WaiverKindView, reason: string, days: number) =>
  call<KeyView>("waive_key", { keyId, kind, reason, days });
export const endWaiver = (keyId: string) => call<KeyView>("end_waiver", { keyId });
export const addEnvFile = (keyId: string, path: string, name: string, tracked: boolean) =>
  call<KeyDetailView>("add_env_file", { keyId, path, name, tracked });
export const removeTarget = (targetId: string) => call<KeyDetailView>("remove_target", { targetId });
export const snippets = (keyId: string, variable: string | null) => call<SnippetsView>("snippets", { keyId, variable });
/** Says whose a taken value is; it is neither sent nor kept. */
export const identifyPasted = (pasted: string) => call<IdentifiedView>("identify_pasted", { pasted });
/** Plans the replacement of each of these keys. Nothing happens. */
/** Begins each by the plan that was shown, as one act of the person. */
export const startBatch = (keys: readonly BatchStart[]) => call<BegunView[]>("start_batch", { keys });
export const planBatch = (batch: BatchRequest) => call<PlannedView[]>("plan_batch", { batch });
export const scanFolder = (folder: string) => call<ScanView>("scan_folder", { folder });
export const renameKey = (keyId: string, name: string) => call<KeyView>("rename_key", { keyId, name });
/** One press stands for one act: several are moved in one. */
export const moveKeys = (keyIds: readonly string[], environmentId: string) => call<null>("move_key", { keyIds, environmentId });
export const removeKey = (keyId: string) => call<null>("remove_key", { keyId });
export const keyDetail = (keyId: string) => call<KeyDetailView>("key_detail", { keyId });
export const verifyKey = (keyId: string) => call<VerdictView>("verify_key", { keyId });
export const openPage = (keyId: string) => call<null>("open_page", { keyId });

export const copyKey = (keyId: string) => call<ClipboardView>("copy_key", { keyId });
export const copyVersion = (versionId: string) => call<ClipboardView>("copy_version", { versionId });
export const clearClipboard = () => call<null>("clear_clipboard");
/** Takes a value that was kept for the key's again: where a call accepts it, or whatever is known of it. */
export const restoreKept = (versionId: string, anyway: boolean) => call<null>("restore_kept", { versionId, anyway });
/** Takes the value of an ended version out of the keychain, although nothing proves that it is dead. */
export const removeKept = (versionId: string) => call<null>("remove_kept", { versionId });
export const revealVersion = (versionId: string) => call<RevealView>("reveal_version", { versionId });

export const planRotation = (keyId: string, revokeFirst: boolean) => call<PlanView>("plan_rotation", { keyId, revokeFirst });
export const planRevoke = (keyId: string) => call<PlanView>("plan_revoke", { keyId });
export const startRotation = (keyId: string, planHash: string, revokeFirst: boolean) =>
  call<RotationView>("start_rotation", { keyId, planHash, revokeFirst });
export const startRevoke = (keyId: string, planHash: string) => call<RotationView>("start_revoke", { keyId, planHash });
export const rotation = (rotationId: string) => call<RotationView>("rotation", { rotationId });
/** The open ones, and those that closed in the last so many days. */
export const recentRotations = (days: number) => call<RotationView[]>("recent_rotations", { days });
/** Goes on after a stop; for an unknown step this is *Check with provider*. */
export const resumeRotation = (rotationId: string) => call<RotationView>("resume_rotation", { rotationId });
export const confirmReplaced = (rotationId: string) => call<RotationView>("confirm_replaced", { rotationId });
export const revokeOldNow = (rotationId: string) => call<RotationView>("revoke_old_now", { rotationId });
/** Although the old key may be in use. */
export const revokeAnyway = (rotationId: string) => call<RotationView>("revoke_anyway", { rotationId });
/** `inUse`: the key's name, where the new key was put to use; `anyway`: although nothing shows that the old one works. */
/** Ends it by what the person says of each key. */
export const settleRotation = (rotationId: string, old: ClaimView | null, fresh: ClaimView | null) =>
  call<RotationView>("settle_rotation", { rotationId, old, new: fresh });
export const undoRotation = (rotationId: string, inUse: string | null, anyway: boolean) =>
  call<RotationView>("undo_rotation", { rotationId, inUse, anyway });
export const answerQuestion = (rotationId: string, answer: string, remoteId: string | null) =>
  call<RotationView>("answer_question", { rotationId, answer, remoteId });
/** `anyway`: the person has looked at a value that is not how keys of its provider look. */
export const takeNewValue = (rotationId: string, pasted: string, anyway: boolean) =>
  call<RotationView>("take_new_value", { rotationId, pasted, anyway });
export const pasteAgain = (rotationId: string) => call<RotationView>("paste_again", { rotationId });
export const confirmDeleted = (rotationId: string) => call<RotationView>("confirm_deleted", { rotationId });
/** Opens the page of the step that waits for the person; Rust knows its address. */
export const openTaskPage = (rotationId: string) => call<null>("open_task_page", { rotationId });
export const settleUnaccounted = (unaccountedId: string, answer: string) =>
  call<null>("settle_unaccounted", { unaccountedId, answer });

export const activity = (limit: number) => call<ActivityView[]>("activity", { limit });
/** Asks in the desktop's own dialog where a new file goes; null where the person gives up. Rust keeps the place. */
export const chooseNewFile = (name: string) => call<NewFileView | null>("choose_new_file", { name });
/** Writes these events into the new file that was chosen: a table, or JSON. Returns its whole path. */
export const exportActivity = (ids: string[], handle: string, table: boolean) => call<string>("export_activity", { ids, handle, table });
export const unlockKeychain = () => call<KeychainView>("unlock_keychain");
/** Sets all of them; returns what is in force. */
export const setSettings = (settings: SettingsView) => call<SettingsView>("set_settings", { settings });
export const showDataFolder = () => call<null>("show_data_folder");
/** Rust loads the page anew, so that nothing of this one stays in memory. */
export const lockWindow = () => call<null>("lock_window");
export const unlockWindow = () => call<null>("unlock_window");
export const notePresence = () => call<null>("note_presence");
export const doctor = () => call<DoctorView>("doctor");
/** Quick access, from the main window. */
export const openQuick = () => call<null>("open_quick");
/** Ids of the keys that were copied, in the order in which they are probably wanted. */
export const copiedKeys = () => call<string[]>("copied_keys");
/** Shows a key in the main window, with the plan of its rotation where that is wanted. */
export const showKey = (keyId: string, rotate: boolean) => call<null>("show_key", { keyId, rotate });
export const hideQuick = () => call<null>("hide_quick");
export const quitAnyway = () => call<null>("quit_anyway");
