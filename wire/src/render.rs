//! From core's nouns to the shapes and words that a shell shows. The only place where either is made.

mod activity;
mod acts;
mod batch;
mod discard;
mod doctor;
mod error;
mod findings;
mod flags;
mod headline;
mod inventory;
mod key;
mod known;
mod leak;
mod lines;
mod names;
mod notices;
mod overview;
mod pace;
mod plan;
mod policy;
mod provider;
mod question;
mod rotation;
mod scan;
#[cfg(test)]
mod sentences;
mod settings;
mod signed;
mod silence;
mod snippets;
mod steps;
mod target;
mod task;
mod verdict;
mod versions;

pub use activity::activity_view;
pub use batch::planned_view;
pub use doctor::{
    ALTERED_REMEDY, ARRIVING_REMEDY, COPIED_REMEDY, DEFINITION_REMEDY, LEAVING_REMEDY, LOCKED_ELSEWHERE_REMEDY,
    MISSING_REMEDY, STRAYS_REMEDY, altered, arriving, copied, definition_changed, doctor_view, leaving,
    locked_elsewhere, missing, strays, unread,
};
pub use error::{elsewhere_view, error_view, keychain_view};
pub use inventory::{account_view, environment_view, inventory_view, listed_view, org_view};
pub use key::{key_detail_view, key_view, reason_views};
pub use leak::identified_view;
pub use names::Names;
pub use notices::notice_view;
pub use plan::plan_view;
pub use policy::{effect_view, policy_view, scope_view};
pub use provider::{connect_view, pasted_view, provider_view};
pub use rotation::rotation_view;
pub use scan::scan_view;
pub use settings::settings_view;
pub use snippets::{is_variable, snippets_view, variable_for};
pub use target::{target_title, target_view};
pub use verdict::verdict_view;
