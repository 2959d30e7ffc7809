//! What needs a person, the worst first, and the counts behind the overview's pictures.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Age, Standing};
use crate::model::{Answer, EnvironmentId, KeyId, OrgId, Purpose, Status, Verdict};

/// What is looked at of one key.
#[derive(Debug, Clone)]
pub struct Looked<'a> {
    pub key: KeyId,
    pub org: OrgId,
    pub environment: EnvironmentId,
    pub production: bool,
    pub purpose: Purpose,
    pub held: bool,
    pub standing: Standing,
    pub age: Option<Age>,
    pub limit_days: u32,
    pub verdict: Option<&'a Verdict>,
    /// Put off or accepted: it stands where it stands, and waits in no queue.
    pub waived: bool,
    /// A rotation of it is under way.
    pub rotating: bool,
    /// It does nothing until a person does something.
    pub waiting: bool,
}

/// Why keys are in the queue, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The provider refuses them, or their time is over.
    Refused,
    /// Their rotation waits for a person.
    Rotation,
    StaleProduction,
    StaleElsewhere,
    DueSoon,
    Unverified,
}

impl Cause {
    pub const ALL: [Cause; 6] = [
        Cause::Refused,
        Cause::Rotation,
        Cause::StaleProduction,
        Cause::StaleElsewhere,
        Cause::DueSoon,
        Cause::Unverified,
    ];
}

/// The one act that a queue offers for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextAct {
    Rotate,
    /// It manages its account: a person replaces it there.
    ReplaceCredential,
    /// Its rotation goes on, or says what it needs.
    ShowRotation,
    Verify,
    /// Keywheel cannot act on it: it is looked at.
    Look,
}

/// A key in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queued {
    pub key: KeyId,
    pub act: NextAct,
}

/// Keys of one organisation in one environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub org: OrgId,
    pub environment: EnvironmentId,
    pub worst: Status,
    /// How many stand as badly as that.
    pub worst_count: usize,
    pub count: usize,
}

/// Keys whose age is a share of their maximum age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgeBin {
    /// From this share on, in percent, to that of the next bin.
    pub from_percent: u32,
    pub count: usize,
    /// Of them, due soon.
    pub due: usize,
}

/// Keys that turn stale in so many days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DueDay {
    pub in_days: u32,
    pub production: usize,
    pub other: usize,
}

/// All that the overview shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// Causes that have keys, the most urgent first; in each the order of the keys.
    pub queue: Vec<(Cause, Vec<Queued>)>,
    /// Only those with keys.
    pub cells: Vec<Cell>,
    pub ages: Vec<AgeBin>,
    /// The next thirty days, today first.
    pub due: Vec<DueDay>,
    /// Findings that wait in no queue.
    pub waived: usize,
    /// Keys that a call in the last seven days has settled.
    pub verified: usize,
    /// Keys that could be verified.
    pub verifiable: usize,
}

/// Where bins of [`AgeBin`] begin, in percent of the maximum age.
const BINS: [u32; 6] = [0, 25, 50, 75, 100, 150];
const DAYS: u32 = 30;

/// Days until the key turns stale by itself; none where it is stale, ended, or being replaced.
pub fn due_in_days(standing: Standing, age: Option<Age>, limit_days: u32) -> Option<u32> {
    let ahead = matches!(
        standing.status(),
        Status::DueSoon | Status::Unverified | Status::NotHeld | Status::Fresh
    );
    age.filter(|_| ahead).and_then(|age| limit_days.checked_sub(age.days))
}

/// Counts and ranks; the keys come worst first.
pub fn overview(keys: &[Looked<'_>], now: Timestamp) -> Overview {
    let mut queue: BTreeMap<Cause, Vec<Queued>> = BTreeMap::new();
    let mut overview = Overview {
        cells: cells(keys),
        ages: ages(keys),
        due: due(keys),
        ..Overview::default()
    };
    for key in keys {
        if let Some(cause) = cause(key) {
            if key.waived {
                overview.waived += 1;
            } else {
                let act = next_act(key);
                queue.entry(cause).or_default().push(Queued { key: key.key, act });
            }
        }
        if key.purpose == Purpose::Service && key.held && key.standing.status() != Status::Revoked {
            overview.verifiable += 1;
            overview.verified += usize::from(key.verdict.is_some_and(|verdict| {
                let week = jiff::SignedDuration::from_hours(7 * 24);
                verdict.answer != Answer::Undetermined && now.duration_since(verdict.at) <= week
            }));
        }
    }
    overview.queue = queue.into_iter().collect();
    overview
}

fn cause(key: &Looked<'_>) -> Option<Cause> {
    match key.standing.status() {
        _ if key.waiting => Some(Cause::Rotation),
        Status::Refused | Status::Expired => Some(Cause::Refused),
        Status::Stale if key.production => Some(Cause::StaleProduction),
        Status::Stale => Some(Cause::StaleElsewhere),
        Status::DueSoon => Some(Cause::DueSoon),
        Status::Unverified => Some(Cause::Unverified),
        Status::NotReplaced | Status::NotHeld | Status::Rotating | Status::Fresh | Status::Revoked => None,
    }
}

fn next_act(key: &Looked<'_>) -> NextAct {
    match (key.purpose, key.standing.status()) {
        _ if key.waiting || key.rotating => NextAct::ShowRotation,
        (Purpose::Management, _) => NextAct::ReplaceCredential,
        (Purpose::Webhook, _) => NextAct::Look,
        (Purpose::Service, Status::Unverified) => NextAct::Verify,
        (Purpose::Service, _) => NextAct::Rotate,
    }
}

fn cells(keys: &[Looked<'_>]) -> Vec<Cell> {
    let mut cells: BTreeMap<(OrgId, EnvironmentId), Cell> = BTreeMap::new();
    for key in keys {
        let status = key.standing.status();
        let cell = cells.entry((key.org, key.environment)).or_insert(Cell {
            org: key.org,
            environment: key.environment,
            worst: status,
            worst_count: 0,
            count: 0,
        });
        cell.count += 1;
        if status < cell.worst {
            (cell.worst, cell.worst_count) = (status, 0);
        }
        cell.worst_count += usize::from(status == cell.worst);
    }
    cells.into_values().collect()
}

fn ages(keys: &[Looked<'_>]) -> Vec<AgeBin> {
    let mut bins = BINS.map(|from_percent| AgeBin {
        from_percent,
        ..AgeBin::default()
    });
    for key in keys.iter().filter(|key| key.standing.status() != Status::Revoked) {
        let Some(age) = key.age else { continue };
        let percent = u64::from(age.days) * 100 / u64::from(key.limit_days.max(1));
        let bin = bins.iter_mut().rfind(|bin| u64::from(bin.from_percent) <= percent);
        if let Some(bin) = bin {
            bin.count += 1;
            bin.due += usize::from(key.standing.status() == Status::DueSoon);
        }
    }
    bins.to_vec()
}

fn due(keys: &[Looked<'_>]) -> Vec<DueDay> {
    let mut days: Vec<DueDay> = (0..DAYS)
        .map(|in_days| DueDay {
            in_days,
            ..DueDay::default()
        })
        .collect();
    for key in keys {
        let found = due_in_days(key.standing, key.age, key.limit_days).and_then(|ahead| days.get_mut(ahead as usize));
        if let Some(day) = found {
            match key.production {
                true => day.production += 1,
                false => day.other += 1,
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RotationId;

    fn now() -> Timestamp {
        "2026-11-21T14:05:00Z".parse().expect("a timestamp")
    }

    fn id(n: u8) -> KeyId {
        KeyId::new(1, [n; 10])
    }

    /// A key of 90 days at most in production of the first organisation.
    fn looked(n: u8, standing: Standing, days: u32) -> Looked<'static> {
        Looked {
            key: id(n),
            org: OrgId::new(1, [1; 10]),
            environment: EnvironmentId::new(1, [1; 10]),
            production: true,
            purpose: Purpose::Service,
            held: true,
            standing,
            age: Some(Age {
                days,
                at_least: false,
                since: now(),
            }),
            limit_days: 90,
            verdict: None,
            waived: false,
            rotating: false,
            waiting: false,
        }
    }

    #[test]
    fn the_queue_ranks_by_cause_and_each_key_has_one_act() {
        let keys = [
            looked(1, Standing::Refused { since: now() }, 3),
            Looked {
                purpose: Purpose::Management,
                ..looked(2, Standing::Stale { over_days: 9 }, 99)
            },
            Looked {
                production: false,
                ..looked(3, Standing::Stale { over_days: 1 }, 91)
            },
            Looked {
                waived: true,
                ..looked(4, Standing::DueSoon { in_days: 2 }, 88)
            },
            looked(5, Standing::Unverified, 5),
            Looked {
                waiting: true,
                ..looked(6, Standing::Rotating(RotationId::new(1, [6; 10])), 95)
            },
            looked(7, Standing::Rotating(RotationId::new(1, [7; 10])), 95),
            looked(8, Standing::Fresh, 5),
        ];
        let found = overview(&keys, now());
        let queue: Vec<_> = found
            .queue
            .iter()
            .map(|(cause, keys)| (*cause, keys.iter().map(|one| (one.key, one.act)).collect::<Vec<_>>()))
            .collect();
        let expected = [
            (Cause::Refused, vec![(id(1), NextAct::Rotate)]),
            (Cause::Rotation, vec![(id(6), NextAct::ShowRotation)]),
            (Cause::StaleProduction, vec![(id(2), NextAct::ReplaceCredential)]),
            (Cause::StaleElsewhere, vec![(id(3), NextAct::Rotate)]),
            (Cause::Unverified, vec![(id(5), NextAct::Verify)]),
        ];
        assert_eq!(queue, expected);
        assert_eq!(found.waived, 1, "what is waived is counted and waits in no queue");
    }

    #[test]
    fn a_cell_rolls_up_to_its_worst() {
        let keys = [
            looked(1, Standing::Stale { over_days: 1 }, 91),
            looked(2, Standing::Stale { over_days: 0 }, 90),
            looked(3, Standing::Fresh, 1),
            Looked {
                environment: EnvironmentId::new(1, [2; 10]),
                ..looked(4, Standing::NotHeld, 1)
            },
        ];
        let cells = overview(&keys, now()).cells;
        assert_eq!(cells.len(), 2);
        assert_eq!(
            (cells[0].worst, cells[0].worst_count, cells[0].count),
            (Status::Stale, 2, 3)
        );
        assert_eq!((cells[1].worst, cells[1].worst_count), (Status::NotHeld, 1));
    }

    #[test]
    fn every_living_key_is_in_one_bin_and_a_limit_begins_a_bin() {
        let keys = [
            looked(1, Standing::Fresh, 22),
            looked(2, Standing::Fresh, 23),
            looked(3, Standing::DueSoon { in_days: 1 }, 89),
            looked(4, Standing::Stale { over_days: 0 }, 90),
            looked(5, Standing::Stale { over_days: 310 }, 400),
            looked(6, Standing::Revoked { at: now() }, 400),
        ];
        let counts: Vec<usize> = overview(&keys, now()).ages.iter().map(|bin| bin.count).collect();
        assert_eq!(counts, [1, 1, 0, 1, 1, 1]);
        assert_eq!(overview(&keys, now()).ages[3].due, 1);
    }

    #[test]
    fn the_strip_shows_what_turns_stale_within_thirty_days() {
        let keys = [
            looked(1, Standing::DueSoon { in_days: 1 }, 89),
            Looked {
                production: false,
                ..looked(2, Standing::Fresh, 61)
            },
            looked(3, Standing::Fresh, 60),
            looked(4, Standing::Stale { over_days: 1 }, 91),
        ];
        let due = overview(&keys, now()).due;
        assert_eq!(due.len(), 30);
        assert_eq!((due[1].production, due[29].other), (1, 1));
        assert_eq!(due.iter().map(|day| day.production + day.other).sum::<usize>(), 2);
    }
}
