//! What a notification says. It may stand on a lock screen: no hint, no account, no organisation, and no name where
//! names are switched off.

use keywheel_core::policy::{Notice, Urgent};

use crate::{NoticePlaceView, NoticeView};

/// Most names in one notice.
const NAMED: usize = 3;

pub fn notice_view(notice: &Notice, with_names: bool) -> NoticeView {
    match notice {
        Notice::Daily { stale, due } => NoticeView {
            title: daily(*stale, *due),
            body: "The overview lists the worst first.".to_owned(),
            place: NoticePlaceView::Overview,
        },
        Notice::AtOnce { why, names } => {
            let (said, body) = at_once(*why, names.len());
            // A title is plain text everywhere; a body may be read as markup, so that no name stands in it.
            NoticeView {
                title: match with_names {
                    true => format!("{said}: {}", list(names)),
                    false => said,
                },
                body: body.to_owned(),
                place: match why {
                    Urgent::Ended => NoticePlaceView::Overview,
                    Urgent::Stuck | Urgent::OverlapEnds | Urgent::Finished => NoticePlaceView::Rotations,
                },
            }
        }
    }
}

fn daily(stale: usize, due: usize) -> String {
    let keys = |count: usize| {
        if count == 1 {
            "1 key".to_owned()
        } else {
            format!("{count} keys")
        }
    };
    let past = |count: usize| format!("{} past the maximum age", keys(count));
    match (stale, due) {
        (0, due) => format!("{} due this week", keys(due)),
        (stale, 0) => past(stale),
        (stale, due) => format!("{}, {due} due this week", past(stale)),
    }
}

fn at_once(why: Urgent, count: usize) -> (String, &'static str) {
    let one = count == 1;
    let said = match why {
        Urgent::Ended if one => "A key in production is not accepted any more".to_owned(),
        Urgent::Ended => format!("{count} keys in production are not accepted any more"),
        Urgent::Stuck if one => "A rotation needs you".to_owned(),
        Urgent::Stuck => format!("{count} rotations need you"),
        Urgent::OverlapEnds if one => "An old key ends within the hour and is still used".to_owned(),
        Urgent::OverlapEnds => format!("{count} old keys end within the hour and are still used"),
        Urgent::Finished if one => "A rotation is done".to_owned(),
        Urgent::Finished => format!("{count} rotations are done"),
    };
    let body = match why {
        Urgent::Ended => "The provider refuses it, or its time is over.",
        Urgent::Stuck => "It failed, or only you can say how it goes on.",
        Urgent::OverlapEnds => "Put the new key in its place where it is used.",
        Urgent::Finished => "The old key is proven dead.",
    };
    (said, body)
}

fn list(names: &[String]) -> String {
    let shown = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::notice_view;
    use keywheel_core::policy::{Notice, Urgent};

    fn at_once(why: Urgent, names: &[&str], with_names: bool) -> String {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        notice_view(&Notice::AtOnce { why, names }, with_names).title
    }

    #[test]
    fn a_notice_counts_and_names_only_where_names_are_wanted() {
        for (why, names, with_names, expected) in [
            (
                Urgent::Ended,
                &["pay"][..],
                true,
                "A key in production is not accepted any more: pay",
            ),
            (
                Urgent::Ended,
                &["pay", "login"],
                false,
                "2 keys in production are not accepted any more",
            ),
            (
                Urgent::Stuck,
                &["a", "b", "c", "d", "e"],
                true,
                "5 rotations need you: a, b, c and 2 more",
            ),
        ] {
            assert_eq!(at_once(why, names, with_names), expected);
        }
    }

    #[test]
    fn the_daily_notice_is_one_line() {
        for (stale, due, expected) in [
            (0, 3, "3 keys due this week"),
            (1, 0, "1 key past the maximum age"),
            (2, 1, "2 keys past the maximum age, 1 due this week"),
        ] {
            assert_eq!(notice_view(&Notice::Daily { stale, due }, true).title, expected);
        }
    }
}
