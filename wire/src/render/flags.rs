//! Flags as sentences.

use keywheel_core::policy::{Flag, FlagKind};

use crate::FlagView;

pub(super) fn flag_view(flag: &Flag) -> FlagView {
    let about = listed(&flag.about);
    FlagView {
        code: flag.kind.as_str().to_owned(),
        sentence: match flag.kind {
            FlagKind::Unlisted => {
                format!("The provider's list lacks it since {about}. That alone does not end it.")
            }
            FlagKind::SwitchedOff => "The provider's list shows it as switched off.".to_owned(),
            FlagKind::InTrackedFile => format!("Its value stands in a file that git tracks: {about}. It has leaked."),
            FlagKind::SameValueTwoOrgs => format!("Another organisation uses the same value: {about}."),
            FlagKind::SameValueTwoEnvironments => format!("Another environment uses the same value: {about}."),
            FlagKind::SameValueTwoKeys => format!("The same value is also that of {about}."),
            FlagKind::SharedBetweenPeople => {
                format!("The provider binds this key to one person, and it is shared by {about}.")
            }
            FlagKind::Broader => format!("It may do more than it is meant for: {about}."),
            FlagKind::OwnerUnknown => "The provider binds this key to a person, and nobody says to whom.".to_owned(),
        },
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_is_one_sentence_and_names_what_it_is_about() {
        for kind in [
            FlagKind::Unlisted,
            FlagKind::InTrackedFile,
            FlagKind::SameValueTwoOrgs,
            FlagKind::SameValueTwoEnvironments,
            FlagKind::SameValueTwoKeys,
            FlagKind::SharedBetweenPeople,
            FlagKind::Broader,
        ] {
            let about = vec!["a/b/c".to_owned(), "d/e/f".to_owned()];
            let view = flag_view(&Flag { kind, about });
            assert!(view.sentence.contains("a/b/c and d/e/f"), "{}", view.sentence);
            assert!(view.sentence.ends_with('.'), "{}", view.sentence);
        }
    }
}
