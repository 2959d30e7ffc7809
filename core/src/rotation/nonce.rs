//! The mark that a mint carries in its name.

use crate::guard::{Guard, in_place};

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of a nonce: 80 bits.
pub const LENGTH: usize = 16;

/// Longest name sent; Overten's `key_name` allows 80 characters.
const MAX: usize = 80;

/// How much of it the mark takes.
const MARK: usize = LENGTH + 3;

/// Returns the key's name, shortened if need be, and ` ~k` with 80 random bits in base 32: one mark, whatever mints of another
/// Keywheel the key's name tells of.
pub fn name(key_name: &str, random: &[u8; 10]) -> String {
    let bits = random.iter().fold(0u128, |all, byte| (all << 8) | u128::from(*byte));
    let nonce: String = (0..LENGTH)
        .rev()
        .map(|at| char::from(ALPHABET[((bits >> (at * 5)) & 31) as usize]))
        .collect();
    let kept: String = base(key_name).unwrap_or(key_name).chars().take(MAX - MARK).collect();
    format!("{kept} ~k{nonce}")
}

/// The name of the key for which that name was made, without the marks of all its mints; none where it has no mark.
pub fn base(name: &str) -> Option<&str> {
    let (base, mark) = name.rsplit_once(" ~k").or_else(|| name.rsplit_once(" ~K"))?;
    // A provider may write it in other letters.
    let is_mark = mark.len() == LENGTH && mark.bytes().all(is_of_mark);
    is_mark.then(|| self::base(base).unwrap_or(base))
}

/// Whether a name as a list shows it may be that of a mint for the key of that name: as it was sent, in other letters, without
/// the marks between words, or cut off.
pub fn may_be_for(listed: &str, key_name: &str) -> bool {
    let kept: String = key_name.chars().take(MAX - MARK).collect();
    let is_same = |base: &str| base.eq_ignore_ascii_case(&kept) || base.eq_ignore_ascii_case(key_name);
    if base(listed).is_some_and(is_same) {
        return true;
    }
    let slug = plain(listed);
    let mark = slug.strip_prefix(&plain(&kept)).and_then(|rest| rest.strip_prefix('k'));
    let whole = mark.is_some_and(|mark| mark.len() == LENGTH && mark.bytes().all(is_of_mark));
    let cut = listed.trim_end_matches(['…', '.']).trim_end();
    let begun = format!("{kept} ~k").to_lowercase();
    let shown = cut.to_lowercase();
    let in_the_mark = shown
        .strip_prefix(&begun)
        .is_some_and(|mark| mark.bytes().all(is_of_mark));
    let before_it = begun.starts_with(&shown) && shown != kept.to_lowercase() && shown.chars().count() >= TELLS;
    whole || in_the_mark || before_it
}

/// Whether that name, as a list shows it, is the one that was sent and no other mint's: with so much of its nonce, or all.
pub fn shows(listed: &str, sent: &str) -> bool {
    let cut = listed.trim_end_matches(['…', '.']).trim_end();
    let without_nonce = sent.chars().count().saturating_sub(LENGTH);
    is(listed, sent) || cut.chars().count() >= without_nonce + LEAST_CUT && sent.starts_with(cut)
}

fn is_of_mark(byte: u8) -> bool {
    ALPHABET.contains(&byte.to_ascii_uppercase())
}

/// Returns the nonce of such a name.
pub fn of(name: &str) -> Option<&str> {
    name.rsplit_once(" ~k").map(|(_, nonce)| nonce)
}

/// A slug keeps letters and digits.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(|letter| letter.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Whether a name as a list shows it is the one that was sent, in whatever letters: all of it, and nothing else. A name that
/// holds it and more is that of a key which somebody has called after ours.
pub fn is(listed: &str, sent: &str) -> bool {
    let same = || of(sent).is_some() && plain(listed) == plain(sent);
    let whole = listed == sent || same();
    whole || !in_place(Guard::WholeName) && holds(listed, sent)
}

/// Whether the mark that was sent stands somewhere in it.
fn holds(listed: &str, sent: &str) -> bool {
    of(sent).is_some_and(|nonce| listed.to_ascii_lowercase().contains(&nonce.to_ascii_lowercase()))
}

/// Whether it may be: that one, with more around it, or cut off.
pub fn may_be(listed: &str, sent: &str) -> bool {
    let cut = listed.trim_end_matches(['…', '.']).trim_end();
    is(listed, sent)
        || holds(listed, sent)
        || !cut.is_empty() && cut.chars().count() >= LEAST_CUT.min(sent.chars().count()) && sent.starts_with(cut)
}

/// What is cut off shorter than this says nothing.
const LEAST_CUT: usize = 3;

/// So much of a name that is cut off before its mark tells for which key it is.
const TELLS: usize = 12;

#[cfg(test)]
mod tests {
    use super::{base, is, may_be, may_be_for, name, of, shows};

    #[test]
    fn a_name_keeps_its_whole_nonce_within_eighty_characters() {
        let long = name(&"ä".repeat(100), &[0xff; 10]);
        assert_eq!(long.chars().count(), 80);
        assert!(long.ends_with(" ~kZZZZZZZZZZZZZZZZ"), "{long}");
        assert_eq!(name("ingest", &[0; 10]), "ingest ~k0000000000000000");
        assert_eq!(of(&long), Some("ZZZZZZZZZZZZZZZZ"));
        assert_eq!((of("a ~kb ~k1"), of("ingest")), (Some("1"), None));
    }

    #[test]
    fn a_name_may_be_for_a_key_in_whatever_form_a_list_shows_it() {
        let long = "a-service-with-a-name-that-is-longer-than-what-a-provider-takes-in-one";
        assert!(may_be_for(&name(long, &[7; 10]), long), "cut as it was sent");
        let sent = name("checkout api", &[7; 10]);
        let slug = sent.replace(" ~", "-").replace(' ', "-").to_lowercase();
        for listed in [&*sent, &*slug, &sent[..20], "checkout api ~k…", "Checkout API ~"] {
            assert!(may_be_for(listed, "checkout api"), "{listed}");
        }
        for other in [
            "checkout api",
            "checkout",
            "checkout-api-keys",
            "search ~k0E1G70W3GE1R70W3",
            "",
        ] {
            assert!(!may_be_for(other, "checkout api"), "{other}");
        }
        assert!(shows(&sent, &sent) && shows(&sent[..20], &sent));
        assert!(!shows(&sent[..15], &sent) && !shows(&name("checkout api", &[8; 10]), &sent));
    }

    #[test]
    fn a_name_that_holds_the_one_that_was_sent_and_more_is_not_that_one() {
        let sent = name("backend", &[7; 10]);
        for other in [
            format!("{sent} worker 2"),
            format!("copy of {sent}"),
            format!("{sent} ~k0123456789ABCDEF"),
        ] {
            assert!(!is(&other, &sent) && may_be(&other, &sent), "{other}");
        }
        let again = name(&sent, &[8; 10]);
        assert_eq!(again, name("backend", &[8; 10]), "one mark, of the newest mint");
        assert!(!is(&again, &sent) && may_be_for(&again, "backend"));
    }

    #[test]
    fn a_name_tells_for_which_key_it_was_made() {
        assert_eq!(base(&name("in ~k gest", &[7; 10])), Some("in ~k gest"));
        assert_eq!(base("ingest ~k0E1G70W3GE1R70W3 ~k0G2080G40G2080G4"), Some("ingest"));
        for listed in ["ingest ~k0ab1ghjkmnpqrstv", "INGEST ~K0AB1GHJKMNPQRSTV"] {
            assert!(
                base(listed).is_some_and(|base| base.eq_ignore_ascii_case("ingest")),
                "{listed}"
            );
        }
        for unmarked in [
            "ingest",
            "ingest ~k",
            "ingest ~k000000000000000",
            "ingest ~k000000000000000U",
            "",
        ] {
            assert_eq!(base(unmarked), None, "{unmarked}");
        }
    }
}
