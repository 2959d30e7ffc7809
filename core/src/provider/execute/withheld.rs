//! What is kept of no answer: a value, most of one, or the credential that the request was made with.

use crate::model::Secret;
use crate::provider::Workspace;
use crate::provider::definition::Definition;

/// Least characters of a credential in one piece that are taken for more than chance.
const PIECE: usize = 8;
/// Least characters after the mark of all values for a run of them to be taken for most of one.
const RANDOM: usize = 16;

pub(super) struct Withheld<'a> {
    pub definition: &'a Definition,
    credential: Option<&'a str>,
}

impl<'a> Withheld<'a> {
    pub(super) fn of(at: &'a Workspace) -> Withheld<'a> {
        let credential = at.credential.as_ref().map(|credential| secret_of(&credential.secret));
        Withheld {
            definition: &at.definition,
            credential,
        }
    }

    /// Whether a text tells a value, most of one, or more than half of the credential.
    pub(super) fn tells(&self, text: &str) -> bool {
        shows_key(self.definition, text) || shows_most(self.definition, text) || self.tells_credential(text, (1, 2))
    }

    /// The same of an id, without which its entry can not be read: a credential may begin with its own.
    pub(super) fn tells_by_id(&self, id: &str) -> bool {
        shows_key(self.definition, id) || shows_most(self.definition, id) || self.tells_credential(id, (3, 4))
    }

    /// So much of a value's beginning as tells it from others.
    pub(super) fn beginning(&self, text: &str) -> Option<String> {
        if shows_key(self.definition, text) || self.credential.is_some_and(|credential| text.contains(credential)) {
            return None;
        }
        let mut parts = self.definition.parts().iter();
        // A first part that is no secret is shown whole.
        let open = parts.next().is_some_and(|part| !part.is_secret() && part.fits(text));
        let kept = if open {
            text.len()
        } else {
            self.definition.format().shown
        };
        let cut: String = text.chars().take(kept).collect();
        Some(cut).filter(|cut| !self.tells_credential(cut, (3, 4)))
    }

    /// Whether more than such a share of the credential stands in the text in one piece.
    fn tells_credential(&self, text: &str, (part, of): (usize, usize)) -> bool {
        let Some(credential) = self.credential else {
            return false;
        };
        let length = credential.len();
        let piece = (length * part / of + 1).max(PIECE).min(length);
        let mut pieces = (0..=length - piece).filter_map(|at| credential.get(at..at + piece));
        length > 0 && pieces.any(|piece| text.contains(piece))
    }
}

/// What of a credential is secret: before it may stand an id, which is none.
fn secret_of(secret: &Secret) -> &str {
    let whole = secret.expose();
    let last = whole.rsplit(['\n', ':']).next().unwrap_or(whole);
    if last.len() < PIECE { whole } else { last }
}

/// Whether a run of letters and digits after the mark of all values is nearly as long as the least of them. Words that a
/// person has put there are told apart by what stands between them.
fn shows_most(definition: &Definition, text: &str) -> bool {
    let format = definition.format();
    let random = format.least.saturating_sub(format.beginning.len());
    let nearly = |rest: &str| {
        let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        run * 4 >= random * 3
    };
    let mut begins = text.match_indices(format.beginning.as_str());
    definition.is_marked() && random >= RANDOM && begins.any(|(at, mark)| nearly(&text[at + mark.len()..]))
}

/// Returns the first word of the text that has the form of a key, or of a part of one that is secret.
pub(super) fn find_key<'a>(definition: &Definition, text: &'a [u8]) -> Option<&'a str> {
    let format = definition.format();
    let secret = |word: &str| format.parts.iter().any(|part| part.is_secret() && part.fits(word));
    words(text).find(|word| word.len() <= format.max_bytes && (format.whole.is_match(word) || secret(word)))
}

/// Whether a text holds a key's value: as a word of its own, or within one where the value has a mark.
fn shows_key(definition: &Definition, text: &str) -> bool {
    let format = definition.format();
    let within = |word: &str| {
        let mut begins = word.match_indices(format.beginning.as_str());
        begins.any(|(at, mark)| {
            let rest = &word[at..];
            let mut ends = (mark.len()..=rest.len().min(format.max_bytes)).rev();
            ends.any(|end| rest.get(..end).is_some_and(|part| format.whole.is_match(part)))
        })
    };
    find_key(definition, text.as_bytes()).is_some() || definition.is_marked() && words(text.as_bytes()).any(within)
}

/// Runs of the characters that keys are made of.
pub(super) fn words(text: &[u8]) -> impl Iterator<Item = &str> {
    let part = |byte: &u8| !(byte.is_ascii_alphanumeric() || b"_-.~+/=".contains(byte));
    text.split(part)
        .filter(|word| !word.is_empty())
        .filter_map(|word| std::str::from_utf8(word).ok())
}

#[cfg(test)]
mod tests {
    use super::{Withheld, words};
    use crate::provider::Catalog;

    #[test]
    fn most_of_a_value_or_of_the_credential_is_told_and_a_beginning_is_not() {
        let (catalog, _) = Catalog::load(None);
        let overten = catalog.require("overten").expect("it is built in");
        let withheld = Withheld {
            definition: &overten,
            credential: Some("adm_Secret0Credential"),
        };
        for told in [
            "adm_Secret0Credential",
            "a name, adm_Secret0Cred",
            "Secret0Credential",
            "sk_live_0123456789abcdefghijABCDEFGH",
            "almost sk_live_0123456789abcdefghijkl",
        ] {
            assert!(withheld.tells(told), "{told}");
        }
        for name in [
            "Backend",
            "adm_Secret",
            "sk_live_backend_production",
            "sk_live_0123",
            "key_7Zp",
        ] {
            assert!(!withheld.tells(name), "{name}");
            assert!(!withheld.tells_by_id(name), "{name}");
        }
        assert!(withheld.tells_by_id("adm_Secret0Credential"));
        let kept = |text: &str| withheld.beginning(text);
        assert_eq!(kept("sk_live_0123").as_deref(), Some("sk_live_0123"));
        assert_eq!(kept("sk_live_0123456789abcdefgh").as_deref(), Some("sk_live_012345678"));
        assert_eq!(kept("adm_Secret0Credential"), None);
        assert_eq!(kept("adm_Secret0Creden"), None, "it is cut, and still most of it");
    }

    #[test]
    fn a_part_that_is_no_secret_is_shown_whole() {
        let (catalog, _) = Catalog::load(None);
        let aws = catalog.require("aws-iam").expect("it is built in");
        let withheld = Withheld {
            definition: &aws,
            credential: None,
        };
        let id = format!("AKIA{}", "A1".repeat(8));
        assert_eq!(withheld.beginning(&id), Some(id.clone()));
        assert!(!withheld.tells_by_id(&id));
        let more = format!("{id}:{}", "s3".repeat(19));
        assert!(withheld.beginning(&more).is_some_and(|kept| kept.len() < id.len()));
    }

    #[test]
    fn words_are_cut_at_what_no_key_contains() {
        let found: Vec<_> = words(b"{\"secret\":\"sk_live_ab\",\xff<b>x</b>").collect();
        assert_eq!(found, ["secret", "sk_live_ab", "b", "x", "/b"]);
    }
}
