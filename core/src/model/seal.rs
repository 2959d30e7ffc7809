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
}

impl Seal {
    /// Reads the keychain's form.
    pub fn parse(secret: &Secret) -> Option<Seal> {
        let (acts, word) = secret.expose().split_once(' ')?;
        Some(Seal {
            word: word.to_owned(),
            acts: acts.parse().ok()?,
        })
    }

    /// Returns the form that the keychain holds. It is no secret, and lies where only they do.
    pub fn to_secret(&self) -> Secret {
        Secret::new(format!("{} {}", self.acts, self.word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keychain_gives_back_what_it_was_told_and_nothing_else_is_one() {
        for word in ["", "0a1b"] {
            let seal = Seal {
                word: word.to_owned(),
                acts: 7,
            };
            assert_eq!(Seal::parse(&seal.to_secret()), Some(seal));
        }
        for other in ["", "corrupted", "seven x", "7"] {
            assert_eq!(Seal::parse(&Secret::new(other.to_owned())), None, "{other}");
        }
    }
}
