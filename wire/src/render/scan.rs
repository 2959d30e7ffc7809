//! What a scan found, in words.

use keywheel_core::app::Scanned;

use super::names::Names;
use crate::{PlaceView, ScanView};

pub fn scan_view(scanned: &Scanned, names: &Names) -> ScanView {
    let found: Vec<PlaceView> = scanned
        .places
        .iter()
        .map(|place| PlaceView {
            path: place.path.clone(),
            line: number(place.line),
            key_id: place.key.id.to_string(),
            key: format!(
                "{}/{}/{}",
                names.org(place.org),
                names.environment(place.key.environment_id),
                place.key.name
            ),
        })
        .collect();
    let places = match found.len() {
        0 => "No value was found".to_owned(),
        1 => "1 place".to_owned(),
        many => format!("{many} places"),
    };
    let passed_over = [
        (scanned.too_large, "files are larger than 5 MB and were passed over"),
        (scanned.not_read, "entries are no files that can be read"),
        (
            scanned.not_held,
            "keys are not held, so that their values could not be looked for",
        ),
        (scanned.too_short, "values are too short to look for"),
    ];
    ScanView {
        message: format!("{places}: {} values in {} files.", scanned.values, scanned.files),
        passed_over: passed_over
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}."))
            .collect(),
        found,
        files: number(scanned.files),
        too_large: number(scanned.too_large),
        not_read: number(scanned.not_read),
        values: number(scanned.values),
        not_held: number(scanned.not_held),
        too_short: number(scanned.too_short),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
