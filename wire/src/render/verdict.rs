//! What a call with a key said, in words, and what to do about it.

use keywheel_core::model::{Account, Answer, Standing, Verdict};

use super::names::Names;
use crate::{AnswerView, StandingView, VerdictView};

/// The provider's own remedy goes before the general one.
pub fn verdict_view(verdict: &Verdict, account: &Account, names: &Names) -> VerdictView {
    let provider = names.provider(account);
    let advice = names.definition(account).and_then(|definition| {
        let advice = definition.advice(verdict.status, verdict.code.as_deref());
        advice.map(str::to_owned)
    });
    let nothing_to_do = verdict.answer == Answer::Live && verdict.standing.is_none();
    VerdictView {
        answer: answer_view(verdict.answer),
        at: verdict.at.to_string(),
        took_ms: verdict.took_ms,
        message: message(verdict, &provider),
        standing: verdict.standing.map(standing_view),
        remedy: advice
            .or_else(|| verdict.standing.map(|standing| remedy(standing).to_owned()))
            .filter(|_| !nothing_to_do),
        retry_at: verdict.retry_at.map(|at| at.to_string()),
    }
}

fn answer_view(answer: Answer) -> AnswerView {
    match answer {
        Answer::Live => AnswerView::Live,
        Answer::Dead => AnswerView::Dead,
        Answer::Undetermined => AnswerView::Undetermined,
    }
}

fn standing_view(standing: Standing) -> StandingView {
    match standing {
        Standing::Restricted => StandingView::Restricted,
        Standing::Suspended => StandingView::Suspended,
        Standing::Exhausted => StandingView::Exhausted,
        Standing::Expired => StandingView::Expired,
        Standing::RateLimited => StandingView::RateLimited,
    }
}

fn message(verdict: &Verdict, provider: &str) -> String {
    let because = match (&verdict.status, &verdict.code) {
        (Some(status), Some(code)) => format!(" ({status} {code})"),
        (Some(status), None) => format!(" ({status})"),
        (None, _) => String::new(),
    };
    match (verdict.answer, verdict.standing) {
        (_, Some(Standing::Restricted)) => {
            format!("{provider} accepted it, and does not allow it this call{because}.")
        }
        (_, Some(Standing::Exhausted)) => format!("{provider} accepted it; its quota is used up{because}."),
        (_, Some(Standing::Expired)) => format!("{provider} refused it: it has run out{because}."),
        (_, Some(Standing::Suspended)) => {
            format!("{provider} has suspended the account; whether the key works is not told{because}.")
        }
        (_, Some(Standing::RateLimited)) => {
            format!("{provider} was asked too often; whether the key works is not told{because}.")
        }
        (Answer::Live, None) => format!("{provider} accepted it."),
        (Answer::Dead, None) => format!("{provider} refused it{because}."),
        (Answer::Undetermined, None) if verdict.status.is_none() => {
            format!("{provider} could not be reached; nothing is known.")
        }
        (Answer::Undetermined, None) => format!("{provider}'s answer does not tell whether it works{because}."),
    }
}

fn remedy(standing: Standing) -> &'static str {
    match standing {
        Standing::Restricted => "Nothing to do, unless a program needs what this key may not do.",
        Standing::Exhausted => "Wait for the next period, or ask the provider for more. A new key may not help.",
        Standing::Expired => "Create a new key and put it to use.",
        Standing::Suspended => "Settle the account with the provider. A new key would not help.",
        Standing::RateLimited => "Wait, then verify again.",
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Standing, Verdict, message, remedy};

    #[test]
    fn each_standing_is_one_sentence_with_the_status_and_a_remedy() {
        let told = |standing: Standing| {
            let verdict = Verdict {
                status: Some(403),
                code: Some("X1".to_owned()),
                standing: Some(standing),
                ..Verdict::new(standing.answer(), jiff::Timestamp::UNIX_EPOCH)
            };
            message(&verdict, "Acme")
        };
        assert_eq!(
            told(Standing::Suspended),
            "Acme has suspended the account; whether the key works is not told (403 X1)."
        );
        assert_eq!(told(Standing::Expired), "Acme refused it: it has run out (403 X1).");
        for standing in [
            Standing::Restricted,
            Standing::Suspended,
            Standing::Exhausted,
            Standing::Expired,
            Standing::RateLimited,
        ] {
            assert!(told(standing).ends_with(" (403 X1)."), "{standing:?}");
            assert!(remedy(standing).ends_with('.'), "{standing:?}");
        }
        let plain = Verdict::new(Answer::Live, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(message(&plain, "Acme"), "Acme accepted it.");
    }
}
