//! Everything the window can ask for; each command a few lines, each a permission of its own.

mod accounts;
mod app;
mod batch;
mod by_person;
mod described;
mod ending;
mod found;
mod keys;
mod old_key;
mod places;
mod quick;
mod rotations;
mod settings;
mod targets;
mod values;

use keywheel_wire::ErrorView;
use tauri::State;
use tauri::ipc::Invoke;

use crate::desktop::Desktop;

type Window<'a> = State<'a, Desktop>;
type Answer<T> = Result<T, ErrorView>;

/// The list that `names.rs` names too; a test holds both equal.
pub fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        app::app_state,
        app::open_again,
        app::inventory,
        app::list_providers,
        app::activity,
        app::choose_new_file,
        app::export_activity,
        app::unlock_keychain,
        app::doctor,
        app::quit_anyway,
        quick::open_quick,
        quick::copied_keys,
        quick::show_key,
        quick::hide_quick,
        settings::set_settings,
        settings::show_data_folder,
        settings::lock_window,
        settings::unlock_window,
        settings::note_presence,
        places::add_org,
        places::rename_org,
        places::add_environment,
        places::rename_environment,
        places::set_policy,
        places::preview_policy,
        accounts::connect_account,
        accounts::replace_credential,
        accounts::refresh_accounts,
        accounts::remove_account,
        accounts::accept_definition,
        accounts::sign_up,
        accounts::settle_unaccounted,
        keys::new_key,
        keys::rename_key,
        keys::move_key,
        keys::remove_key,
        keys::key_detail,
        keys::verify_key,
        keys::open_page,
        described::import_key,
        targets::add_env_file,
        targets::remove_target,
        described::describe_key,
        described::waive_key,
        described::end_waiver,
        described::snippets,
        described::identify_pasted,
        batch::plan_batch,
        batch::start_batch,
        found::scan_folder,
        values::take_from_clipboard,
        values::forget_pasted,
        values::hold_key,
        values::copy_key,
        values::copy_version,
        values::restore_kept,
        values::remove_kept,
        values::clear_clipboard,
        values::reveal_version,
        rotations::plan_rotation,
        rotations::plan_revoke,
        rotations::start_rotation,
        rotations::start_revoke,
        rotations::rotation,
        rotations::recent_rotations,
        rotations::resume_rotation,
        by_person::take_new_value,
        by_person::paste_again,
        by_person::confirm_deleted,
        by_person::open_task_page,
        rotations::confirm_replaced,
        old_key::revoke_anyway,
        old_key::revoke_old_now,
        ending::undo_rotation,
        ending::settle_rotation,
        rotations::answer_question,
    ]
}
