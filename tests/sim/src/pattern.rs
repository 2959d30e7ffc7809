//! Which requests a fault or a count means: a method and a path with wildcards.

/// Whether `method` is the one asked for; `*` stands for any.
pub(crate) fn method_matches(wanted: &str, method: &str) -> bool {
    wanted == "*" || wanted.eq_ignore_ascii_case(method)
}

/// Whether `path` fits `pattern`: `*` and `{name}` are one segment, `**` any number of them.
pub(crate) fn path_matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    let path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    fits(&pattern, &path)
}

fn fits(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some((&"**", rest)), _) => (0..=path.len()).any(|skip| fits(rest, &path[skip..])),
        (Some(_), None) => false,
        (Some((wanted, pattern)), Some((segment, path))) => {
            (is_wild(wanted) || wanted == segment) && fits(pattern, path)
        }
    }
}

fn is_wild(wanted: &str) -> bool {
    wanted == "*" || (wanted.starts_with('{') && wanted.ends_with('}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_segments() {
        let path = "/api/v1/organizations/org_1/api-keys/key_1";
        for (pattern, fit) in [
            (path, true),
            ("/api/v1/organizations/*/api-keys/*", true),
            ("/api/v1/organizations/{org_id}/api-keys/{key_id}", true),
            ("**", true),
            ("**/api-keys/*", true),
            ("/api/v1/**", true),
            ("/api/v1/organizations/*/api-keys", false),
            ("/api/v1/organizations/*", false),
            ("**/api-keys", false),
            ("/verify", false),
        ] {
            assert_eq!(path_matches(pattern, path), fit, "{pattern}");
        }
    }

    #[test]
    fn a_method_is_compared_without_case() {
        assert!(method_matches("post", "POST") && method_matches("*", "GET"));
        assert!(!method_matches("GET", "POST"));
    }
}
