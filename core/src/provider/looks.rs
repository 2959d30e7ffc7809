//! Whether two names look like one: a person tells providers apart by their names.

use unicode_security::skeleton;

/// How a name looks: in capitals and small letters as they stand, and in small letters alone. A capital I is an l, and a
/// small i is none.
pub(super) struct Looks([String; 2]);

impl Looks {
    pub fn of(name: &str) -> Looks {
        Looks([bare(name).to_lowercase(), bare(&name.to_lowercase())])
    }

    pub fn is_like(&self, other: &Looks) -> bool {
        self.0.iter().any(|look| other.0.contains(look))
    }
}

/// What is left of a name by the letters that look alike (UTS 39), without spaces, marks and signs; with them where there is
/// nothing else.
fn bare(name: &str) -> String {
    let letters: String = skeleton(name).filter(|c| c.is_alphanumeric()).collect();
    match letters.is_empty() {
        true => skeleton(name).collect(),
        false => letters,
    }
}

#[cfg(test)]
mod tests {
    use super::Looks;

    #[test]
    fn names_that_a_person_takes_for_one_look_alike_and_others_do_not() {
        let alike = [
            ("Overten", "Overten"),
            ("Overten", "OVERTEN"),
            // Cyrillic, a digit, full width, a mark, a space.
            ("Overten", "\u{41e}verten"),
            ("Overten", "0verten"),
            ("Overten", "\u{ff2f}verten"),
            ("Overten", "Ove\u{301}rten"),
            ("Overten", "Over ten"),
            ("AI API", "Al API"),
            ("AI API", "ai-api"),
            ("Lab", "l\u{430}b"),
        ];
        for (one, other) in alike {
            assert!(Looks::of(one).is_like(&Looks::of(other)), "{one} {other}");
        }
        for (one, other) in [("Overten", "Overton"), ("Acme", "Acme 2"), ("Lab", "Labs"), ("☂", "☃")] {
            assert!(!Looks::of(one).is_like(&Looks::of(other)), "{one} {other}");
        }
    }
}
