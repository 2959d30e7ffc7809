//! How much time has surely passed, whatever the machine's clock shows. Pure.
//!
//! A clock that nobody can set counts within one run of the machine. Else, over a restart above all, the provider's clock
//! does, where it was asked, but never for more than the machine's own: each of them may be wrong. What none has shown does
//! not count: a wait can only become longer.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::Steady;
use crate::guard::{Guard, in_place};

/// What clocks showed at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub steady: Steady,
    /// The machine's clock, which may have been set.
    pub here: Timestamp,
    /// The provider's clock, where it was asked and told it.
    pub provider_at: Option<Timestamp>,
}

/// Returns how much time has passed at least between the first reading and the last.
pub fn elapsed(readings: &[Reading]) -> Duration {
    let mut passed: Vec<Duration> = Vec::with_capacity(readings.len());
    for (at, reading) in readings.iter().enumerate() {
        let steadily = match at.checked_sub(1) {
            Some(before) => passed[before] + between(&readings[before].steady, &reading.steady),
            None => Duration::ZERO,
        };
        // Where several spans are shown at least, the longest holds.
        let told = (0..at).filter_map(|before| {
            let former = &readings[before];
            let span = reading.provider_at?.duration_since(former.provider_at?);
            let here = reading.here.duration_since(former.here);
            let span = match in_place(Guard::BothClocks) {
                true => span.min(here),
                false => span,
            };
            Some(passed[before] + Duration::try_from(span).ok()?)
        });
        passed.push(told.fold(steadily, Duration::max));
    }
    passed.last().copied().unwrap_or_default()
}

/// After a restart, all of the later run has passed since; how long the machine was off is not known.
fn between(one: &Steady, other: &Steady) -> Duration {
    match one.boot == other.boot {
        true => other.up.saturating_sub(one.up),
        false => other.up,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: u64 = 3600;

    fn reading(boot: u64, up: u64, provider: Option<u64>) -> Reading {
        let at = |seconds| Timestamp::from_second(i64::try_from(seconds).expect("small")).expect("a moment");
        Reading {
            steady: Steady {
                boot: boot.to_string(),
                up: Duration::from_secs(up),
            },
            here: at(provider.unwrap_or_default()),
            provider_at: provider.map(at),
        }
    }

    fn hours(readings: &[Reading]) -> u64 {
        elapsed(readings).as_secs() / HOUR
    }

    #[test]
    fn one_run_counts_what_it_lasted_and_another_one_from_its_start() {
        let day = [reading(1, 5 * HOUR, None), reading(1, 13 * HOUR, None)];
        assert_eq!(hours(&day), 8);
        let off = [&day[..], &[reading(2, HOUR, None), reading(2, 3 * HOUR, None)]].concat();
        assert_eq!(hours(&off), 11, "how long it was off is not known");
        assert_eq!((hours(&[]), hours(&day[..1])), (0, 0));
    }

    #[test]
    fn over_a_restart_the_providers_clock_counts() {
        let told = [
            reading(1, HOUR, Some(100 * HOUR)),
            reading(2, 60, Some(124 * HOUR)),
            reading(2, 2 * HOUR + 60, None),
        ];
        assert_eq!(hours(&told), 26);
        let first_told_late = [
            reading(1, HOUR, None),
            reading(2, 60, Some(124 * HOUR)),
            reading(3, 60, Some(130 * HOUR)),
        ];
        assert_eq!(hours(&first_told_late), 6);
    }

    #[test]
    fn a_provider_whose_clock_goes_back_takes_nothing_away() {
        let told = [reading(1, HOUR, Some(100 * HOUR)), reading(1, 3 * HOUR, Some(HOUR))];
        assert_eq!(hours(&told), 2);
    }

    #[test]
    fn a_provider_whose_clock_runs_ahead_adds_nothing() {
        let century = 900_000 * HOUR;
        let lies = |boot: u64, here: u64| Reading {
            here: reading(0, 0, Some(here)).here,
            ..reading(boot, HOUR, Some(century))
        };
        let first = reading(1, HOUR, Some(100 * HOUR));
        assert_eq!(
            hours(&[first.clone(), lies(2, 110 * HOUR)]),
            10,
            "the machine's clock says less"
        );
        assert_eq!(hours(&[first.clone(), lies(2, HOUR)]), 1, "set back, it says nothing");
        assert_eq!(hours(&[first, lies(1, 102 * HOUR)]), 2, "within one run as well");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Runs of a machine, hours of it on and off, with a provider that is asked now and then.
        #[test]
        fn it_is_never_more_than_what_has_passed(
            course in proptest::collection::vec((0u64..50, any::<bool>(), 0u64..50, any::<bool>()), 1..20),
        ) {
            let (mut now, mut boot, mut booted) = (1000u64, 0u64, 0u64);
            let mut readings = Vec::new();
            let mut begun = None;
            for (on, restarts, off, asks) in course {
                now += on;
                if restarts {
                    now += off;
                    (boot, booted) = (boot + 1, now);
                    now += on;
                }
                readings.push(reading(boot, now - booted, asks.then_some(now)));
                let begun = *begun.get_or_insert(now);
                prop_assert!(elapsed(&readings).as_secs() <= now - begun);
            }
        }
    }
}
