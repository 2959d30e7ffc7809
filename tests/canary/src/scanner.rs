//! Looks for canaries in bytes, also in what is compressed there.

use std::io::Read;

use aho_corasick::Input;
use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::DFA;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::Canary;
use super::forms::{Form, forms};

/// So many characters of a value in a row are a finding.
const SEEN: usize = 12;

/// Every piece of this many characters, one after the other, is a pattern; any [`SEEN`] in a row hold a whole one.
const PIECE: usize = 6;

/// Most that is unpacked of one compressed stream, and how often one may lie in another.
const UNPACKED: u64 = 64 << 20;
const NESTED: u32 = 3;

/// Looks for all canaries in all forms at once.
pub struct Scanner {
    /// The automaton itself, so that the loop over it is compiled with this package.
    patterns: DFA,
    /// For each pattern: whose, in which form, at which byte of the form.
    pieces: Vec<(usize, usize, usize)>,
    names: Vec<String>,
    forms: Vec<Form>,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub canary: String,
    pub form: &'static str,
    /// Characters of the value in a row.
    pub chars: usize,
    pub place: String,
}

impl Scanner {
    pub fn new(canaries: &[Canary]) -> Scanner {
        let (mut patterns, mut pieces, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for (n, canary) in canaries.iter().enumerate() {
            assert!(
                canary.core().len() >= 2 * SEEN,
                "{} is too short to be unique",
                canary.name
            );
            for form in forms(canary.core()) {
                for at in (0..).step_by(PIECE / form.chars) {
                    let (Some(from), Some(to)) = (form.units.get(at), form.units.get(at + PIECE / form.chars)) else {
                        break;
                    };
                    patterns.push(form.bytes[*from..*to].to_owned());
                    pieces.push((n, all.len(), *from));
                }
                all.push(form);
            }
        }
        Scanner {
            patterns: DFA::new(&patterns).expect("a few thousand short patterns"),
            pieces,
            names: canaries.iter().map(|canary| canary.name.clone()).collect(),
            forms: all,
        }
    }

    /// What is seen in bytes that came from that place. Each canary counts once in each form.
    pub fn find(&self, place: &str, bytes: &[u8]) -> Vec<Finding> {
        let mut found = self.plainly(place, bytes);
        self.unpacked(place, bytes, NESTED, &mut found);
        found.sort();
        found.dedup_by(|one, other| (&one.canary, one.form, &one.place) == (&other.canary, other.form, &other.place));
        found
    }

    /// The same, without unpacking: for memory, which is large and of which nothing is a stream by intent.
    pub fn plainly(&self, place: &str, bytes: &[u8]) -> Vec<Finding> {
        let mut found = Vec::new();
        let hits = self.patterns.try_find_overlapping_iter(Input::new(bytes));
        for hit in hits.expect("it begins anywhere and reports all") {
            let (canary, form, from) = self.pieces[hit.pattern().as_usize()];
            let form = &self.forms[form];
            let chars = seen(form, from, bytes, hit.start());
            if chars >= SEEN {
                found.push(Finding {
                    canary: self.names[canary].clone(),
                    form: form.name,
                    chars,
                    place: place.to_owned(),
                });
            }
        }
        found
    }

    fn unpacked(&self, place: &str, bytes: &[u8], nested: u32, found: &mut Vec<Finding>) {
        if nested == 0 {
            return;
        }
        for (at, head) in bytes.windows(2).enumerate() {
            let packed = &bytes[at..];
            let (kind, stream): (_, Box<dyn Read>) = match head {
                [0x1f, 0x8b] => ("gzip", Box::new(GzDecoder::new(packed))),
                [0x78, 0x01 | 0x5e | 0x9c | 0xda] => ("zlib", Box::new(ZlibDecoder::new(packed))),
                // The local header of a file in a ZIP archive has a length of its own.
                [b'P', b'K'] if packed.starts_with(b"PK\x03\x04\x14\x00") && packed.len() > 30 => {
                    let names = usize::from(packed[26]) + usize::from(packed[28]);
                    (
                        "zip",
                        Box::new(DeflateDecoder::new(packed.get(30 + names..).unwrap_or_default())),
                    )
                }
                _ => continue,
            };
            let mut plain = Vec::new();
            // What breaks off was perhaps no stream; what came out before is looked at all the same.
            let _ = stream.take(UNPACKED).read_to_end(&mut plain);
            if plain.len() > PIECE {
                let place = format!("{place}, unpacked from {kind} at {at}");
                found.extend(self.plainly(&place, &plain));
                self.unpacked(&place, &plain, nested - 1, found);
            }
        }
    }
}

/// How many characters of the form stand in a row around a piece that was met.
fn seen(form: &Form, from: usize, bytes: &[u8], at: usize) -> usize {
    let before = form.bytes[..from].iter().rev().zip(bytes[..at].iter().rev());
    let first = from - before.take_while(|(one, other)| one == other).count();
    let after = form.bytes[from..].iter().zip(&bytes[at..]);
    let last = from + after.take_while(|(one, other)| one == other).count();
    let whole = |pair: &&[usize]| pair[0] >= first && pair[1] <= last;
    form.units.windows(2).filter(whole).count() * form.chars
}

#[cfg(test)]
mod tests {
    use super::{Canary, Finding, SEEN, Scanner, forms};
    use std::io::Write;

    const VALUE: &str = "sk_live_q7Zt2LmXv9RbKs4WfYp8DcHn3JgA";

    fn scanner() -> Scanner {
        Scanner::new(&[
            Canary::new("key", VALUE),
            Canary::new("other", "whsec_00112233445566778899aabbccddeeff"),
        ])
    }

    fn found(bytes: &[u8]) -> Vec<Finding> {
        scanner().find("here", bytes)
    }

    fn around(bytes: &[u8]) -> Vec<u8> {
        [b"some text before \x00\xff".as_slice(), bytes, b"\x00 and some after"].concat()
    }

    #[test]
    fn a_value_is_found_in_every_form_and_in_any_part_of_it() {
        let scanner = scanner();
        for form in forms(&VALUE[8..]) {
            let units: Vec<&[usize]> = form.units.windows(2).collect();
            let enough = SEEN.div_ceil(form.chars);
            for part in units.windows(enough) {
                let cut = &form.bytes[part[0][0]..part[enough - 1][1]];
                let found = scanner.find("here", &around(cut));
                assert!(
                    found
                        .iter()
                        .any(|one| one.form == form.name && one.canary == "key" && one.chars >= SEEN),
                    "{}: {found:?}",
                    form.name
                );
            }
        }
    }

    #[test]
    fn a_hint_and_other_values_are_no_findings() {
        for text in [
            "sk_live_…3JgA",
            "sk_live_q7Zt2LmXv9R…",
            "sk_live_0123456789abcdefghijABCDEFGH",
            "q7Zt2LmXv9R",
        ] {
            assert_eq!(found(&around(text.as_bytes())), [], "{text}");
        }
    }

    #[test]
    fn a_value_is_found_in_what_is_packed_twice() {
        let text = around(VALUE.as_bytes()).repeat(50);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(&text).unwrap();
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(&around(&gzip.finish().unwrap())).unwrap();
        let packed = around(&zlib.finish().unwrap());
        assert_eq!(scanner().plainly("here", &packed), []);
        let inside = |one: &Finding| one.place.contains("zlib") && one.place.contains("gzip") && one.chars == 28;
        assert!(found(&packed).iter().any(inside), "{:?}", found(&packed));
    }

    #[test]
    fn a_form_is_found_inside_another_text_of_the_same_alphabet() {
        let text = format!("{}{}{}", "ab".repeat(40), &VALUE[8..], "cd".repeat(40));
        assert_eq!(found(text.as_bytes()).len(), 1);
    }
}
