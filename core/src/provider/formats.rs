//! What keys of vendors without a definition look like.

use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

use super::definition::{DefinitionProblem, Reason, pattern};
use crate::model::Secret;

const TEXT: &str = include_str!("../../../providers/formats.toml");

/// Longest value that is compared, in bytes.
const LONGEST: usize = 512;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Vec<FormatFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormatFile {
    vendor: String,
    pattern: String,
}

struct Format {
    vendor: String,
    whole: Regex,
}

/// The vendors whose keys have the form of the value, each once.
pub(super) fn vendors(value: &Secret) -> Vec<&'static str> {
    static FORMATS: OnceLock<Vec<Format>> = OnceLock::new();
    if value.len() > LONGEST {
        return Vec::new();
    }
    // The file comes with Keywheel, and a test reads it: it has no problem here.
    let formats = FORMATS.get_or_init(|| read(TEXT).unwrap_or_default());
    let mut found = Vec::new();
    for format in formats.iter().filter(|format| format.whole.is_match(value.expose())) {
        if !found.contains(&format.vendor.as_str()) {
            found.push(format.vendor.as_str());
        }
    }
    found
}

fn read(text: &str) -> Result<Vec<Format>, DefinitionProblem> {
    let file: File = toml::from_str(text).map_err(|_| DefinitionProblem::new("formats", Reason::NotToml))?;
    let each = file.format.into_iter().enumerate().map(|(n, one)| {
        Ok(Format {
            whole: pattern(&one.pattern, &format!("format[{n}].pattern"))?,
            vendor: one.vendor,
        })
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::{Secret, TEXT, read, vendors};

    #[test]
    fn the_file_is_valid_and_no_form_takes_every_value() {
        let formats = read(TEXT).unwrap_or_else(|problem| panic!("{problem}"));
        assert!(formats.len() > 12);
        for format in formats {
            for other in [
                "",
                "password",
                "correct-horse-battery-staple",
                "0123456789abcdef0123456789abcdef",
            ] {
                assert!(!format.whole.is_match(other), "{} takes {other:?}", format.vendor);
            }
        }
    }

    #[test]
    fn a_beginning_that_several_vendors_use_gives_them_all() {
        let value = |text: String| Secret::new(text);
        let live = vendors(&value(format!("sk_live_{}", "a".repeat(28))));
        assert_eq!(live, ["Stripe", "WorkOS", "Clerk", "Apideck"]);
        assert_eq!(vendors(&value(format!("hf_{}", "a".repeat(34)))), ["Hugging Face"]);
        let openai = vendors(&value(format!("sk-{0}T3BlbkFJ{0}", "a".repeat(20))));
        assert_eq!(openai, ["OpenAI", "LiteLLM"]);
        assert!(vendors(&value("a".repeat(100_000))).is_empty());
    }
}
