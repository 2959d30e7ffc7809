//! The question of a rotation that only a person can answer.

use keywheel_core::rotation::{Act, Rotation, State};

use super::names::Names;
use crate::{CandidateView, QuestionAnswerView, QuestionView};

pub(super) fn question(rotation: &Rotation, provider: &str, names: &Names) -> Option<QuestionView> {
    if rotation.position.state != State::Asking {
        return None;
    }
    let candidates: Vec<CandidateView> = names
        .unaccounted
        .iter()
        // Two questions of one account share what its list shows.
        .filter(|one| one.account_id == rotation.subject.account.id && one.rotation_id.is_some())
        .filter_map(|one| {
            Some(CandidateView {
                remote_id: one.remote_id.clone()?,
                hint: one.prefix.as_ref().map(|prefix| format!("{prefix}…")),
                created_at: None,
            })
        })
        .collect();
    let (title, body) = asked(rotation, provider, candidates.is_empty());
    Some(QuestionView {
        code: "unaccounted_key".to_owned(),
        title,
        body,
        answers: answers(rotation, provider, candidates.is_empty()),
        candidates,
    })
}

fn asked(rotation: &Rotation, provider: &str, nothing_listed: bool) -> (String, String) {
    let key = &rotation.subject.key.name;
    let name = rotation.mint_name.clone().unwrap_or_default();
    match (rotation.act(), nothing_listed) {
        (Act::SignUp, _) => (
            format!("Did {provider} open the organisation?"),
            format!(
                "{provider} gave no clear answer to the sign-up, and only its answer would have said where to look. Sign in on \
                 its page and see whether the organisation is there. Its first key is lost if it is."
            ),
        ),
        _ if rotation.plan.rolls() => (
            format!("Replace “{key}” once more?"),
            format!(
                "{provider} gave no clear answer when the key was to be replaced, so nobody has its new value, if there is \
                 one. Replacing it once more may end the old value's time early."
            ),
        ),
        (_, true) => (
            format!("Did {provider} create a key named “{name}”?"),
            format!(
                "{provider} gave no clear answer when “{name}” was to be created, and its API cannot tell. Look at its page. \
                 The value is lost if the key is there: delete it on the page."
            ),
        ),
        (_, false) => (
            format!("Is this the key that {provider} created for “{key}”?"),
            format!(
                "{provider} gave no clear answer when “{name}” was to be created. Its list does not tell for sure which key \
                 that is, so nobody but you can say whether a further key is that one. Its value is lost if it is."
            ),
        ),
    }
}

fn answers(rotation: &Rotation, provider: &str, nothing_listed: bool) -> Vec<QuestionAnswerView> {
    let answer = |id: &str, label: &str, consequence: &str, danger: bool| QuestionAnswerView {
        id: id.to_owned(),
        label: label.to_owned(),
        consequence: consequence.to_owned(),
        danger,
    };
    let leave = match rotation.act() {
        Act::SignUp => answer(
            "leave",
            "It was opened",
            "Keywheel ends here. Connect the organisation as an account and rotate its first key.",
            false,
        ),
        _ => answer(
            "leave",
            "End here",
            "Nothing further is done; what is open stays shown.",
            false,
        ),
    };
    if rotation.act() == Act::SignUp {
        let again = "It was not opened";
        return vec![
            leave,
            answer("absent", again, &format!("{provider} is asked once more."), false),
        ];
    }
    if rotation.plan.rolls() {
        return vec![
            answer("absent", "Replace it once more", "Its new value is stored.", true),
            leave,
        ];
    }
    let absent = answer(
        "absent",
        "There is none",
        "Nothing is revoked. A new key is created.",
        false,
    );
    if nothing_listed {
        return vec![absent, leave];
    }
    vec![
        answer(
            "revoke",
            "Revoke it and mint again",
            "The key named is revoked; a new one is created.",
            true,
        ),
        answer(
            "keep",
            "It is somebody else's",
            "It stays, and is listed. A new key is created.",
            false,
        ),
        absent,
        leave,
    ]
}
