//! Values of ours in files that git tracks.

use serde::Serialize;
use ts_rs::TS;

/// What a scan of a folder found, and what was not looked at. It holds no value.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScanView {
    pub found: Vec<PlaceView>,
    /// One sentence.
    pub message: String,
    /// One sentence for each thing that was not looked at.
    pub passed_over: Vec<String>,
    pub files: u32,
    /// Larger than 5 MB.
    pub too_large: u32,
    /// Links, folders of other repositories, and what cannot be read.
    pub not_read: u32,
    /// How many values were looked for.
    pub values: u32,
    /// Keys whose value Keywheel does not hold.
    pub not_held: u32,
    pub too_short: u32,
}

/// Where the value of a key stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// Below the folder.
    pub path: String,
    /// Counted from one.
    pub line: u32,
    pub key_id: String,
    /// In full: org/environment/name.
    pub key: String,
}
