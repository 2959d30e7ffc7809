//! Moments are kept as milliseconds since 1970.

use jiff::Timestamp;

pub(super) fn to_ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

pub(super) fn from_ms(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
