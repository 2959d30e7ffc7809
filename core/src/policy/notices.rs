//! What a person is told of who looks elsewhere: at once where it cannot wait, the rest once a day. Pure.
//!
//! Deliberately absent: any notice of what is routine. Each matter is told once, and never to somebody who has the
//! window before them.

use std::collections::HashSet;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use super::Standing;
use crate::model::{RotationId, VersionId};

/// An overlap that ends within this span, while the old key is in use, cannot wait.
const ENDS_SOON: SignedDuration = SignedDuration::from_hours(1);
/// A rotation that took this long ends unseen.
const LONG: SignedDuration = SignedDuration::from_mins(5);
/// The end of a rotation is news for this long.
const NEWS: SignedDuration = SignedDuration::from_hours(24);
/// What turns stale within so many days is in the daily notice.
const WEEK: u32 = 7;

/// What is looked at of one key.
#[derive(Debug, Clone)]
pub struct Watched<'a> {
    pub version: VersionId,
    pub name: &'a str,
    pub production: bool,
    pub standing: Standing,
    /// Put off or accepted: nobody is told of it.
    pub waived: bool,
}

/// How a rotation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It failed, or only a person can say how it goes on; with the step and the state, as one word.
    Stuck(&'static str, usize),
    /// The old key is kept until then; it was last seen in use at that moment, and the overlap began at the third.
    Overlap {
        ends: Timestamp,
        used: Option<Timestamp>,
        began: Timestamp,
    },
    Completed(Timestamp),
    /// It goes on, or waits for what a person began themselves.
    Routine,
}

/// What is looked at of one rotation.
#[derive(Debug, Clone)]
pub struct Running<'a> {
    pub id: RotationId,
    pub name: &'a str,
    pub opened: Timestamp,
    pub course: Course,
}

/// Why a person is told at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgent {
    /// A key in production is refused or has expired.
    Ended,
    /// A rotation failed or needs a choice.
    Stuck,
    /// An overlap ends, and its old key is still used.
    OverlapEnds,
    /// A rotation that took long is done.
    Finished,
}

/// One notice. Many matters of one kind make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    AtOnce {
        why: Urgent,
        /// Names of the keys, as people call them.
        names: Vec<String>,
    },
    /// Once a day: how many keys are past their maximum age, and how many turn so within a week.
    Daily { stale: usize, due: usize },
}

/// What goes out now, and what is never told again.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Due {
    pub notices: Vec<Notice>,
    /// Names of the matters, to be kept before anything goes out: one notice may be lost, none comes twice.
    pub told: Vec<String>,
}

/// Decides what is told. `local` is the person's own time, `hour` when the daily notice is due in it; `watching`: the
/// window is before them, so that all that stands is seen and nothing is told.
pub fn notices<'a>(
    keys: &[Watched<'a>],
    rotations: &[Running<'a>],
    told: &HashSet<String>,
    (now, local): (Timestamp, DateTime),
    hour: u32,
    watching: bool,
) -> Due {
    let mut due = Due::default();
    let matters: Vec<(Urgent, String, &str)> = keys
        .iter()
        .filter_map(ended)
        .chain(rotations.iter().filter_map(|running| urgent(running, now)))
        .filter(|(_, mark, _)| !told.contains(mark))
        .collect();
    for why in [Urgent::Ended, Urgent::Stuck, Urgent::OverlapEnds, Urgent::Finished] {
        let of = matters.iter().filter(|(kind, _, _)| *kind == why);
        let names: Vec<String> = of.map(|(_, _, name)| (*name).to_owned()).collect();
        if !names.is_empty() && !watching {
            due.notices.push(Notice::AtOnce { why, names });
        }
    }
    due.told.extend(matters.into_iter().map(|(_, mark, _)| mark));
    if daily_is_due(told, local, hour) {
        let open = || keys.iter().filter(|key| !key.waived);
        let stale = open()
            .filter(|key| matches!(key.standing, Standing::Stale { .. }))
            .count();
        let soon = |key: &&Watched<'_>| matches!(key.standing, Standing::DueSoon { in_days } if in_days <= WEEK);
        let soon = open().filter(soon).count();
        // A look that finds nothing tells nothing: what turns stale later in the day is told that day.
        if stale + soon > 0 {
            due.told.push(today(local));
            if !watching {
                due.notices.push(Notice::Daily { stale, due: soon });
            }
        }
    }
    due
}

/// Whether keys are to be counted for the daily notice; at any other time only those count that have ended.
pub fn daily_is_due(told: &HashSet<String>, local: DateTime, hour: u32) -> bool {
    u32::from(local.hour().unsigned_abs()) >= hour && !told.contains(&today(local))
}

fn today(local: DateTime) -> String {
    format!("daily/{}", local.date())
}

fn ended<'a>(key: &Watched<'a>) -> Option<(Urgent, String, &'a str)> {
    let word = match key.standing {
        Standing::Refused { .. } => "refused",
        Standing::Expired { .. } => "expired",
        _ => return None,
    };
    let told = key.production && !key.waived;
    told.then(|| (Urgent::Ended, format!("{word}/{}", key.version), key.name))
}

fn urgent<'a>(running: &Running<'a>, now: Timestamp) -> Option<(Urgent, String, &'a str)> {
    let id = running.id;
    let (why, mark) = match running.course {
        Course::Stuck(state, step) => (Urgent::Stuck, format!("{state}/{step}/{id}")),
        Course::Overlap { ends, used, began } => {
            let soon = ends.duration_since(now) <= ENDS_SOON;
            if !soon || used.is_none_or(|used| used <= began) {
                return None;
            }
            (Urgent::OverlapEnds, format!("overlap/{id}/{ends}"))
        }
        Course::Completed(at) => {
            if at.duration_since(running.opened) < LONG || now.duration_since(at) > NEWS {
                return None;
            }
            (Urgent::Finished, format!("finished/{id}"))
        }
        Course::Routine => return None,
    };
    Some((why, mark, running.name))
}

#[cfg(test)]
mod tests {
    use super::{Course, Due, Notice, Running, Urgent, Watched, notices};
    use crate::model::{RotationId, VersionId};
    use crate::policy::Standing;
    use jiff::Timestamp;
    use jiff::civil::{DateTime, date};
    use std::collections::HashSet;

    const HOUR: i64 = 3600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn at_hour(hour: i8) -> DateTime {
        date(2026, 11, 21).at(hour, 5, 0, 0)
    }

    fn key(name: &str, production: bool, standing: Standing) -> Watched<'_> {
        let mut random = [0; 10];
        random[0] = name.len() as u8;
        Watched {
            version: VersionId::new(1, random),
            name,
            production,
            standing,
            waived: false,
        }
    }

    fn running(course: Course) -> Running<'static> {
        Running {
            id: RotationId::new(1, [7; 10]),
            name: "checkout",
            opened: at(0),
            course,
        }
    }

    fn of_rotation(course: Course, now: i64) -> Due {
        notices(
            &[],
            &[running(course)],
            &HashSet::new(),
            (at(now), at_hour(3)),
            9,
            false,
        )
    }

    fn at_once(why: Urgent) -> Vec<Notice> {
        let names = vec!["checkout".to_owned()];
        vec![Notice::AtOnce { why, names }]
    }

    #[test]
    fn a_refused_or_expired_key_is_told_at_once_in_production_only_and_unless_it_is_waived() {
        let refused = Standing::Refused { since: at(0) };
        let (mut accepted, stale) = (key("accepted", true, refused), Standing::Stale { over_days: 3 });
        accepted.waived = true;
        let keys = [
            key("pay", true, refused),
            key("login", true, Standing::Expired { at: at(0) }),
            key("try-out", false, refused),
            key("aged-one", true, stale),
            accepted,
        ];
        let told = notices(&keys, &[], &HashSet::new(), (at(9), at_hour(3)), 9, false);
        let names = vec!["pay".to_owned(), "login".to_owned()];
        assert_eq!(
            told.notices,
            [Notice::AtOnce {
                why: Urgent::Ended,
                names
            }],
            "two make one notice"
        );
        assert_eq!(told.told.len(), 2);
    }

    #[test]
    fn nothing_is_told_twice_also_after_a_restart() {
        let keys = [key("pay", true, Standing::Refused { since: at(0) })];
        let moment = (at(9), at_hour(12));
        let first = notices(&keys, &[], &HashSet::new(), moment, 9, false);
        let kept: HashSet<String> = first.told.into_iter().collect();
        assert_eq!(notices(&keys, &[], &kept, moment, 9, false), Due::default());
        let later = [key("pay", true, Standing::Expired { at: at(0) })];
        let again = notices(&later, &[], &kept, moment, 9, false);
        assert_eq!(again.notices.len(), 1, "what is worse is another matter");
    }

    #[test]
    fn who_has_the_window_before_them_has_seen_it() {
        let keys = [key("pay", true, Standing::Refused { since: at(0) })];
        let seen = notices(&keys, &[], &HashSet::new(), (at(9), at_hour(12)), 9, true);
        assert!(seen.notices.is_empty());
        let kept: HashSet<String> = seen.told.into_iter().collect();
        assert_eq!(
            notices(&keys, &[], &kept, (at(9), at_hour(12)), 9, false),
            Due::default()
        );
    }

    #[test]
    fn the_daily_notice_comes_once_a_day_from_its_hour_on_and_only_with_something_to_say() {
        let keys = [
            key("a", false, Standing::Stale { over_days: 3 }),
            key("bb", true, Standing::DueSoon { in_days: 7 }),
            key("ccc", true, Standing::DueSoon { in_days: 8 }),
            key("dddd", true, Standing::Fresh),
        ];
        let told = |local: DateTime, kept: &HashSet<String>| notices(&keys, &[], kept, (at(0), local), 9, false);
        let none = HashSet::new();
        assert_eq!(told(at_hour(8), &none), Due::default(), "not before its hour");
        let first = told(at_hour(9), &none);
        assert_eq!(first.notices, [Notice::Daily { stale: 1, due: 1 }]);
        let kept: HashSet<String> = first.told.into_iter().collect();
        assert_eq!(told(at_hour(23), &kept), Due::default(), "once a day");
        let tomorrow = date(2026, 11, 22).at(14, 0, 0, 0);
        assert_eq!(
            told(tomorrow, &kept).notices.len(),
            1,
            "late, when the machine slept at its hour"
        );
        let calm = [key("dddd", true, Standing::Fresh)];
        let nothing = notices(&calm, &[], &none, (at(0), at_hour(9)), 9, false);
        assert_eq!(
            nothing,
            Due::default(),
            "a look that finds nothing does not use up the day"
        );
    }

    #[test]
    fn a_stuck_rotation_is_told_once_for_each_place_where_it_is_stuck() {
        let failed = of_rotation(Course::Stuck("failed", 2), 60);
        assert_eq!(failed.notices, at_once(Urgent::Stuck));
        let kept: HashSet<String> = failed.told.into_iter().collect();
        let look = |course| notices(&[], &[running(course)], &kept, (at(90), at_hour(3)), 9, false);
        assert!(look(Course::Stuck("failed", 2)).notices.is_empty());
        assert_eq!(look(Course::Stuck("asking", 2)).notices, at_once(Urgent::Stuck));
        assert!(look(Course::Routine).notices.is_empty());
    }

    #[test]
    fn the_end_of_an_overlap_is_told_within_its_last_hour_and_only_while_the_old_key_is_used() {
        let overlap = |used: Option<i64>| Course::Overlap {
            ends: at(24 * HOUR),
            used: used.map(at),
            began: at(10),
        };
        for (used, now, expected) in [
            (Some(20 * HOUR), 23 * HOUR, 1),
            (Some(20 * HOUR), 22 * HOUR, 0),
            (Some(5), 23 * HOUR, 0),
            (None, 23 * HOUR, 0),
        ] {
            assert_eq!(
                of_rotation(overlap(used), now).notices.len(),
                expected,
                "{used:?} {now}"
            );
        }
    }

    #[test]
    fn a_rotation_that_took_long_is_told_when_it_is_done_and_a_short_or_an_old_one_is_not() {
        assert_eq!(
            of_rotation(Course::Completed(at(HOUR)), HOUR + 1).notices,
            at_once(Urgent::Finished)
        );
        assert!(of_rotation(Course::Completed(at(20)), 21).notices.is_empty());
        assert!(of_rotation(Course::Completed(at(HOUR)), 26 * HOUR).notices.is_empty());
    }
}
