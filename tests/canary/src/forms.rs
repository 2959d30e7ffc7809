//! The forms in which a value may have been written.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// A value in one form: its bytes, cut into the units that stand for so many of its characters.
pub struct Form {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// Where each unit begins; one more for the end.
    pub units: Vec<usize>,
    /// Characters of the value in a unit.
    pub chars: usize,
}

/// How a byte is written.
type Write = fn(u8) -> Vec<u8>;

/// One byte of the value after the other.
const BY_BYTE: &[(&str, Write)] = &[
    ("plain", |byte| vec![byte]),
    ("UTF-16LE", |byte| vec![byte, 0]),
    ("UTF-16BE", |byte| vec![0, byte]),
    ("hex", |byte| format!("{byte:02x}").into_bytes()),
    ("HEX", |byte| format!("{byte:02X}").into_bytes()),
    ("percent", |byte| format!("%{byte:02x}").into_bytes()),
    ("PERCENT", |byte| format!("%{byte:02X}").into_bytes()),
    ("bytes, as Debug prints them", |byte| format!("{byte}, ").into_bytes()),
    ("bytes, as JSON prints them", |byte| format!("{byte},").into_bytes()),
    ("JSON escapes", |byte| format!("\\u{byte:04x}").into_bytes()),
    ("JSON ESCAPES", |byte| format!("\\u{byte:04X}").into_bytes()),
    ("string escapes", |byte| format!("\\x{byte:02x}").into_bytes()),
    ("HTML, decimal", |byte| format!("&#{byte};").into_bytes()),
    ("HTML, hex", |byte| format!("&#x{byte:x};").into_bytes()),
];

/// All forms of a value.
pub fn forms(value: &str) -> Vec<Form> {
    let reversed: String = value.chars().rev().collect();
    let mut forms = vec![by_byte("reversed", &reversed, |byte| vec![byte])];
    forms.extend(BY_BYTE.iter().map(|(name, write)| by_byte(name, value, *write)));
    for (name, engine) in [("base64", &STANDARD), ("base64url", &URL_SAFE)] {
        // What stands before the value decides how it is cut into threes.
        forms.extend((0..3).map(|skipped| {
            let whole = value.len().saturating_sub(skipped) / 3 * 3;
            let bytes = engine.encode(&value.as_bytes()[skipped..skipped + whole]).into_bytes();
            Form {
                name,
                units: (0..=bytes.len() / 4).map(|unit| unit * 4).collect(),
                chars: 3,
                bytes,
            }
        }));
    }
    forms
}

fn by_byte(name: &'static str, value: &str, write: Write) -> Form {
    let (mut bytes, mut units) = (Vec::new(), vec![0]);
    for byte in value.bytes() {
        bytes.extend(write(byte));
        units.push(bytes.len());
    }
    Form {
        name,
        bytes,
        units,
        chars: 1,
    }
}
