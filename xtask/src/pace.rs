//! How long each stage takes: its share of the whole, and what it took here the last time.

use std::{collections::BTreeMap, fs, path::PathBuf};

use crate::place::Place;

/// Seconds that a stage may take on two cores, cold, so that the whole stays within half an hour.
const SHARES: &[(&str, f32)] = &[
    ("format", 5.0),
    ("page: build", 15.0),
    ("page: types", 40.0),
    ("page: tests", 60.0),
    ("dependencies", 20.0),
    ("lints and build", 600.0),
    ("lints", 60.0),
    ("unit tests", 40.0),
    ("bindings", 10.0),
    ("page: browser", 220.0),
    ("tests", 200.0),
    ("doc tests", 20.0),
    ("session", 520.0),
    ("package", 60.0),
];

/// What is known of the stages of a run. The default knows nothing, and keeps nothing: it is for a part of a run.
#[derive(Default)]
pub struct Pace {
    file: Option<PathBuf>,
    before: BTreeMap<String, f32>,
}

impl Pace {
    /// Reads what was kept of former runs.
    pub fn of(place: &Place) -> Pace {
        let file = place.target.join("test-times.json");
        let kept = fs::read(&file).ok();
        let before = kept.and_then(|kept| serde_json::from_slice(&kept).ok());
        Pace {
            file: Some(file),
            before: before.unwrap_or_default(),
        }
    }

    /// About how many seconds that stage takes: as many as the last time, or its share.
    pub fn about(&self, stage: &str) -> Option<f32> {
        let known = self.before.get(stage).copied();
        known.or_else(|| share(stage).filter(|_| self.file.is_some()))
    }

    /// The stages that took more than their share, with what they took and the share.
    pub fn over<'a>(&self, took: &'a [(String, f32)]) -> Vec<(&'a str, f32, f32)> {
        let over = took.iter().filter(|_| self.file.is_some()).filter_map(|(stage, took)| {
            let share = share(stage).filter(|share| took > share)?;
            Some((stage.as_str(), *took, share))
        });
        over.collect()
    }

    /// Keeps what the stages took; those that did not run keep what they took before.
    pub fn keep(&self, took: &[(String, f32)]) {
        let Some(file) = &self.file else { return };
        let mut all = self.before.clone();
        let stages = took.iter().filter(|(stage, _)| share(stage).is_some());
        all.extend(stages.cloned());
        // A run that cannot keep its times says its shares the next time.
        let _ = serde_json::to_vec_pretty(&all).map(|text| fs::write(file, text));
    }
}

fn share(stage: &str) -> Option<f32> {
    let found = SHARES.iter().find(|(name, _)| *name == stage);
    found.map(|(_, seconds)| *seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_are_half_an_hour_in_all() {
        // Those of the quick run stand for none of their own.
        let quick = ["lints", "unit tests"];
        let whole = SHARES.iter().filter(|(name, _)| !quick.contains(name));
        assert!(whole.map(|(_, seconds)| seconds).sum::<f32>() <= 1_800.0);
    }

    #[test]
    fn a_stage_that_outgrows_its_share_is_named() {
        let pace = Pace {
            file: Some(PathBuf::new()),
            before: BTreeMap::new(),
        };
        let took = [
            ("format".to_owned(), 6.0),
            ("package".to_owned(), 44.0),
            ("package: x".to_owned(), 999.0),
        ];
        assert_eq!(pace.over(&took), [("format", 6.0, 5.0)]);
    }
}
