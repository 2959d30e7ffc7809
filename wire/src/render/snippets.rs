//! How a program uses a key, in six languages. The value is never in them: they name a variable.

use keywheel_core::app::{Call, Means};

use super::signed;
use crate::SnippetsView;

/// Returns a variable's name for a key of that name: `CHECKOUT_API_KEY`.
pub fn variable_for(name: &str) -> String {
    let mut word = String::new();
    for c in name.chars() {
        match c.is_ascii_alphanumeric() {
            true => word.push(c.to_ascii_uppercase()),
            false if !word.ends_with('_') => word.push('_'),
            false => {}
        }
    }
    let word = word.trim_matches('_');
    let word: String = match word {
        "" => "API_KEY".to_owned(),
        word if word.ends_with("KEY") => word.to_owned(),
        word if word.ends_with("API") => format!("{word}_KEY"),
        word => format!("{word}_API_KEY"),
    };
    // The ends tell names apart better than the middle does, but a variable has to begin with a letter.
    let word = if word.starts_with(|c: char| c.is_ascii_digit()) {
        format!("KEY_{word}")
    } else {
        word
    };
    word.chars().take(64).collect()
}

/// Whether every shell and language takes the word as a variable.
pub fn is_variable(word: &str) -> bool {
    let begins = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && word.len() <= 64 && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `key` names the key on a command line in full; where a shell could read more into it, the id stands instead.
pub fn snippets_view(call: &Call, key: &str, variable: &str) -> SnippetsView {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
    let id = call.key.id.to_string();
    let key = if !key.starts_with('-') && key.chars().all(plain) {
        key
    } else {
        id.as_str()
    };
    let (header, before, after) = match &call.means {
        Means::Header { name, before, after } => (title(name), before, after),
        Means::Signature {
            signature,
            parts,
            body,
            content_type,
        } => {
            let said = signed::Said { body, content_type };
            return signed::view(call, key, signature, parts, said);
        }
    };
    let joined = |value: &str| {
        let parts = [quoted(before), value.to_owned(), quoted(after)];
        let parts: Vec<String> = parts.into_iter().filter(|part| part != "\"\"").collect();
        parts.join(" + ")
    };
    // A header of a definition holds visible ASCII; printf's format knows two signs of its own.
    let format = format!("{header}: {before}\u{0}{after}").replace('\\', "\\\\");
    let format = single(&format.replace('%', "%%").replace('\u{0}', "%s"));
    let curl_method = match call.method.as_str() {
        "GET" => String::new(),
        method => format!(" -X {method}"),
    };
    SnippetsView {
        sh: format!("export {variable}=\"$(keywheel reveal {key})\""),
        cmd: format!("for /f \"usebackq delims=\" %k in (`keywheel reveal {key}`) do @set \"{variable}=%k\""),
        powershell: format!("$env:{variable} = keywheel reveal {key}"),
        curl: format!(
            "printf {format} \"${variable}\" | curl{curl_method} -H @- {}",
            single(&call.url)
        ),
        javascript: format!(
            "const key = process.env.{variable};\n\
             if (!key) throw new Error(\"{variable} is not set\");\n\
             const response = await fetch({}, {{\n  method: {},\n  headers: {{ {}: {} }},\n}});",
            quoted(&call.url),
            quoted(&call.method),
            quoted(&header),
            joined("key")
        ),
        python: format!(
            "import os\nimport requests\n\nkey = os.environ[\"{variable}\"]\n\
             response = requests.request({}, {}, headers={{{}: {}}}, timeout=30)",
            quoted(&call.method),
            quoted(&call.url),
            quoted(&header),
            joined("key")
        ),
        variable: variable.to_owned(),
    }
}

/// `x-api-key` as people write it: `X-Api-Key`.
fn title(header: &str) -> String {
    let words = header.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    words.collect::<Vec<_>>().join("-")
}

/// One word for a POSIX shell.
pub(super) fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A string literal of JavaScript and of Python.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keywheel_core::model::{AccountId, EnvironmentId, Key, KeyId, Name, Purpose};

    fn call(url: &str, before: &str) -> Call {
        Call {
            key: Key {
                id: KeyId::new(1, [7; 10]),
                account_id: AccountId::new(1, [0; 10]),
                environment_id: EnvironmentId::new(1, [0; 10]),
                name: Name::new("checkout").unwrap(),
                purpose: Purpose::Service,
            },
            method: "GET".to_owned(),
            url: url.to_owned(),
            means: Means::Header {
                name: "authorization".to_owned(),
                before: before.to_owned(),
                after: String::new(),
            },
        }
    }

    #[test]
    fn each_form_names_the_variable_the_header_and_the_address() {
        let view = snippets_view(
            &call("https://api.acme.dev/v1/me", "Bearer "),
            "acme/dev/checkout",
            "ACME_KEY",
        );
        assert_eq!(view.sh, "export ACME_KEY=\"$(keywheel reveal acme/dev/checkout)\"");
        assert_eq!(
            view.curl,
            "printf 'Authorization: Bearer %s' \"$ACME_KEY\" | curl -H @- 'https://api.acme.dev/v1/me'"
        );
        for text in [&view.cmd, &view.powershell, &view.javascript, &view.python] {
            assert!(text.contains("ACME_KEY"), "{text}");
        }
        for text in [&view.javascript, &view.python] {
            assert!(text.contains("\"Authorization\": \"Bearer \" + key"), "{text}");
            assert!(text.contains("\"https://api.acme.dev/v1/me\""), "{text}");
        }
    }

    #[test]
    fn nothing_in_a_snippet_is_read_as_more_than_it_is() {
        let hostile = call("https://api.acme.dev/it's?a=\"b\\", "k'%d ");
        let view = snippets_view(&hostile, "acme/dev/$(rm -rf x)", "K");
        assert!(!view.sh.contains("rm -rf"), "{}", view.sh);
        assert!(view.sh.contains(&hostile.key.id.to_string()));
        assert!(
            view.curl.starts_with("printf 'Authorization: k'\\''%%d %s' "),
            "{}",
            view.curl
        );
        assert!(
            view.curl.ends_with("'https://api.acme.dev/it'\\''s?a=\"b\\'"),
            "{}",
            view.curl
        );
        assert!(
            view.python.contains(r#""https://api.acme.dev/it's?a=\"b\\""#),
            "{}",
            view.python
        );
    }

    #[test]
    fn a_variable_is_made_from_the_name() {
        for (name, variable) in [
            ("checkout-api", "CHECKOUT_API_KEY"),
            ("Payments", "PAYMENTS_API_KEY"),
            ("server key", "SERVER_KEY"),
            ("2nd", "KEY_2ND_API_KEY"),
            ("決済", "API_KEY"),
            ("Prüfung", "PR_FUNG_API_KEY"),
        ] {
            assert_eq!(variable_for(name), variable);
            assert!(is_variable(variable), "{variable}");
        }
        for wrong in ["", "1A", "A-B", "A B", "Ä", "A=1", "A$(x)"] {
            assert!(!is_variable(wrong), "{wrong}");
        }
    }
}
