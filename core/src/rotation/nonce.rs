//! The mark that a mint carries in its name.

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Longest name sent; Overten's `key_name` allows 80 characters.
const MAX: usize = 80;

/// Returns the key's name, shortened if need be, and ` ~k` with 80 random bits in base 32.
pub fn name(key_name: &str, random: &[u8; 10]) -> String {
    let bits = random.iter().fold(0u128, |all, byte| (all << 8) | u128::from(*byte));
    let nonce: String = (0..16)
        .rev()
        .map(|at| char::from(ALPHABET[((bits >> (at * 5)) & 31) as usize]))
        .collect();
    let kept: String = key_name.chars().take(MAX - 19).collect();
    format!("{kept} ~k{nonce}")
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_keeps_its_whole_nonce_within_eighty_characters() {
        let long = name(&"ä".repeat(100), &[0xff; 10]);
        assert_eq!(long.chars().count(), 80);
        assert!(long.ends_with(" ~kZZZZZZZZZZZZZZZZ"), "{long}");
        assert_eq!(name("ingest", &[0; 10]), "ingest ~k0000000000000000");
    }
}
