//! The schema, step by step. A step that was released is never changed: each is run once, and known again by its checksum.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Takes the steps in from the folder of that name.
macro_rules! steps {
    ($($file:literal)*) => {
        const STEPS: &[(&str, &str)] = &[$(($file, include_str!(concat!("../../migrations/", $file, ".sql"))),)*];
    };
}

steps! {
    "0001_data_dir"
    "0002_inventory"
    "0003_rotation"
    "0004_activity"
    "0005_verdict"
    "0006_turns"
    "0007_last_use"
    "0008_bindings"
    "0009_staleness"
    "0010_sightings"
    "0011_evidence"
    "0012_settings"
    "0013_repeats"
    "0014_verify"
    "0015_zoom"
    "0016_quick"
    "0017_ended_but_held"
    "0018_unlisted"
    "0019_arriving"
    "0020_definitions"
    "0021_mints"
    "0022_home"
    "0023_removed"
    "0024_left_behind"
    "0025_leaving"
    "0026_seal"
    "0027_switched_off"
    "0028_said"
    "0029_was_listed"
    "0030_seals"
    "0031_searched"
    "0032_told_at"
}

/// All of them, in order.
pub(super) fn all() -> Migrator {
    let steps = STEPS.iter().enumerate().map(|(at, (file, sql))| {
        let version = i64::try_from(at + 1).unwrap_or(i64::MAX);
        let described = file.split_once('_').map_or(*file, |(_, name)| name).replace('_', " ");
        let sql: &'static str = sql;
        Migration::new(
            version,
            Cow::Owned(described),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(steps.collect())
}

#[cfg(test)]
mod tests {
    use super::STEPS;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_of_the_folder_is_a_step_and_their_numbers_follow_each_other() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let files = std::fs::read_dir(folder).expect("the folder is there");
        let files: BTreeSet<String> = files
            .filter_map(|file| file.ok()?.file_name().into_string().ok())
            .collect();
        let steps: BTreeSet<String> = STEPS.iter().map(|(file, _)| format!("{file}.sql")).collect();
        assert_eq!(files, steps);
        for (at, (file, _)) in STEPS.iter().enumerate() {
            assert!(file.starts_with(&format!("{:04}_", at + 1)), "{file}");
        }
    }
}
