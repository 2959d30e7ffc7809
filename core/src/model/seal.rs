//! How far a data directory has come.

use super::Secret;

/// What the keychain is told of a data directory, so that an earlier state of it that is put back, and one that another
/// directory has taken the keys from, are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Another one each time a person says of two directories which one has the keys.
    pub word: String,
    /// Grows with whatever a later state knows of a key and an earlier one does not.
    pub acts: i64,
    /// Drawn anew each time the keychain is told, and written down before; empty where an earlier version told it.
    pub mark: String,
}

impl Seal {
    /// Reads the keychain's form.
    pub fn parse(secret: &Secret) -> Option<Seal> {
        let (acts, words) = secret.expose().split_once(' ')?;
        let (word, mark) = words.split_once(' ').unwrap_or((words, ""));
        Some(Seal {
            word: word.to_owned(),
            acts: acts.parse().ok()?,
            mark: mark.to_owned(),
        })
    }

    /// Returns the form that the keychain holds. It is no secret, and lies where only they do.
    pub fn to_secret(&self) -> Secret {
        Secret::new(format!("{} {} {}", self.acts, self.word, self.mark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keychain_gives_back_what_it_was_told_and_nothing_else_is_one() {
        for (word, mark) in [("", ""), ("0a1b", ""), ("", "2c3d"), ("0a1b", "2c3d")] {
            let seal = Seal {
                word: word.to_owned(),
                acts: 7,
                mark: mark.to_owned(),
            };
            assert_eq!(Seal::parse(&seal.to_secret()), Some(seal));
        }
        let earlier = Seal::parse(&Secret::new("7 0a1b".to_owned())).expect("an earlier version told it");
        assert_eq!((earlier.acts, &*earlier.word, &*earlier.mark), (7, "0a1b", ""));
        for other in ["", "corrupted", "seven x", "7"] {
            assert_eq!(Seal::parse(&Secret::new(other.to_owned())), None, "{other}");
        }
    }
}
