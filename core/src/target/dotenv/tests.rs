//! By examples, by properties, and against another reader in the dialects that people use.

use adotenv::Dialect;
use proptest::collection::vec;
use proptest::prelude::*;

use super::{DotEnv, Problem};

fn get(file: &str) -> Result<String, Problem> {
    DotEnv::parse(file.as_bytes())?.get("KEY").map(str::to_owned)
}

fn set(file: &str) -> Result<String, Problem> {
    let changed = DotEnv::parse(file.as_bytes())?.set("KEY", "new_1")?;
    Ok(String::from_utf8(changed.to_vec()).expect("text"))
}

#[test]
fn the_value_changes_and_nothing_else_does() {
    for (before, after) in [
        ("KEY=old", "KEY=new_1"),
        ("KEY=old\n", "KEY=new_1\n"),
        ("A=1\r\nKEY=old\r\nB=2\r\n", "A=1\r\nKEY=new_1\r\nB=2\r\n"),
        ("export KEY=old # why\n", "export KEY=new_1 # why\n"),
        ("  export\tKEY = old  \n", "  export\tKEY = new_1  \n"),
        ("KEY='o l d' # it's\n", "KEY='new_1' # it's\n"),
        ("KEY=\"o'l#d\"\t\n", "KEY=\"new_1\"\t\n"),
        ("KEY=\nB=\n", "KEY=new_1\nB=\n"),
        ("KEY=\"\"\n", "KEY=\"new_1\"\n"),
        ("\u{feff}KEY=old\n", "\u{feff}KEY=new_1\n"),
        (
            "# KEY=old\nKEYS=1\nMY_KEY=2\nKEY=old\n",
            "# KEY=old\nKEYS=1\nMY_KEY=2\nKEY=new_1\n",
        ),
        (
            "PEM=\"-----\nKEY=inside\n-----\"\nKEY=old\n",
            "PEM=\"-----\nKEY=inside\n-----\"\nKEY=new_1\n",
        ),
        ("ODD=it's; $(x) \\\nKEY=old\n", "ODD=it's; $(x) \\\nKEY=new_1\n"),
        (
            "not an assignment\n\n\u{85}\nKEY=old",
            "not an assignment\n\n\u{85}\nKEY=new_1",
        ),
    ] {
        assert_eq!(set(before).as_deref(), Ok(after), "{before:?}");
    }
}

#[test]
fn a_value_is_found_under_every_name_that_is_assigned_it_or_a_longer_one() {
    let file = "KEY=abc_1\n# OLD=abc_1\nURL='https://u:abc_1@host'\nOTHER=abc_2\nSAME=\"abc_1\"\n";
    let parsed = DotEnv::parse(file.as_bytes()).expect("it is read");
    assert_eq!(parsed.names_of("abc_1"), ["KEY", "URL", "SAME"]);
    assert!(parsed.names_of("").is_empty());
}

#[test]
fn what_readers_do_not_read_alike_is_refused_with_its_line() {
    let unclear = |line| Err(Problem::Unclear { line });
    for (file, said) in [
        ("A=1\n", Err(Problem::Missing)),
        ("#KEY=1\n", Err(Problem::Missing)),
        ("key=1\n", Err(Problem::Missing)),
        ("A=1 KEY=old\n", Err(Problem::Missing)),
        ("KEY=1\n\nexport KEY=2\n", Err(Problem::Twice { first: 1, again: 3 })),
        ("KEY=1\nKEY: 2\n", Err(Problem::Twice { first: 1, again: 2 })),
        ("A='\n\n'\nKEY=1\n KEY=1\n", Err(Problem::Twice { first: 4, again: 5 })),
        ("KEY: old\n", unclear(1)),
        ("a:\nKEY=old\n", unclear(1)),
        ("A=\n'\nKEY=old\n'\n", unclear(2)),
        ("\nKEY=${OTHER}\n", unclear(2)),
        ("KEY=a b\n", unclear(1)),
        ("KEY=a#b\n", unclear(1)),
        ("KEY= # none yet\n", unclear(1)),
        ("KEY=a'b'\n", unclear(1)),
        ("KEY=\"a\\nb\"\n", unclear(1)),
        ("KEY='a$b'\n", unclear(1)),
        ("KEY=`a`\n", unclear(1)),
        ("KEY='a'b\n", unclear(1)),
        ("KEY='a''b'\n", unclear(1)),
        ("KEY=\"two\nlines\"\n", unclear(1)),
        ("A='it\\'s'\nKEY=old\n", unclear(1)),
        ("KEY=old\nA=x\rB=y\n", unclear(2)),
        ("KEY=old\nA=\"\n\n", Err(Problem::Unclosed { line: 2 })),
        ("KEY=old\0", Err(Problem::NotText)),
    ] {
        assert_eq!(get(file), said.clone(), "{file:?}");
        assert_eq!(set(file), said, "{file:?}");
    }
}

#[test]
fn a_value_that_the_quotes_cannot_hold_is_not_written() {
    for (file, value) in [
        ("KEY=old", "a b"),
        ("KEY=old", "a$b"),
        ("KEY=old", "a#b"),
        ("KEY=old", ""),
        ("KEY='old'", "a'b"),
        ("KEY='old'", "a\nB=c"),
        ("KEY=\"old\"", "a\\b"),
        ("KEY=\"old\"", "a\"b"),
        ("KEY=\"old\"", "ä"),
        ("KEY=\"old\"", "a\0"),
    ] {
        let parsed = DotEnv::parse(file.as_bytes()).expect("it is read");
        assert_eq!(
            parsed.set("KEY", value).err(),
            Some(Problem::Unwritable),
            "{file} {value:?}"
        );
    }
}

/// Dialects in which quotes are quotes. Docker's own takes them for a part of the value.
const QUOTING: [Dialect; 4] = [
    Dialect::PORTABLE,
    Dialect::NODE_DOTENV,
    Dialect::PYTHON_DOTENV,
    Dialect::COMPOSE,
];

fn line() -> impl Strategy<Value = String> {
    let name = prop_oneof!["[A-Z_][A-Z0-9_]{0,6}", Just("KEY".to_owned())];
    let value = prop_oneof![
        "[a-zA-Z0-9_./+=:,@%^-]{0,12}",
        "'[ -&(-\\[\\]-~]{0,10}'",
        "\"[ !#%-\\[\\]-_a-~]{0,10}\"",
        "\"[A-Z=\n#]{0,10}\"",
        "[ -~]{0,10}",
    ];
    let plain = (
        prop_oneof!["", "export ", " "],
        name,
        prop_oneof!["=", " = ", "= ", ": "],
        value,
        prop_oneof!["", " ", " # c'"],
    );
    prop_oneof![
        6 => plain.prop_map(|(export, name, is, value, comment)| format!("{export}{name}{is}{value}{comment}")),
        1 => "#[ -~]{0,10}",
        1 => "[ -~]{0,10}",
        1 => Just(String::new()),
    ]
}

fn file() -> impl Strategy<Value = Vec<u8>> {
    let end = prop_oneof![4 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r")];
    let lines = (
        prop_oneof![9 => Just(""), 1 => Just("\u{feff}")],
        vec((line(), end), 0..6),
        prop_oneof![Just(""), Just("KEY=last")],
    );
    let joined = lines.prop_map(|(bom, lines, last)| {
        let text: String = lines
            .into_iter()
            .flat_map(|(line, end)| [line, end.to_owned()])
            .collect();
        format!("{bom}{text}{last}").into_bytes()
    });
    prop_oneof![9 => joined, 1 => vec(any::<u8>(), 0..60)]
}

/// What a reader of this dialect takes the names for; none where it finds a fault.
fn read_by(dialect: Dialect, file: &[u8]) -> Option<Vec<(String, Option<String>)>> {
    let text = std::str::from_utf8(file).ok()?;
    let (read, faults) = adotenv::parse_with(text, dialect);
    let of = |entry: &adotenv::Entry<'_>| (entry.key().to_owned(), entry.value().map(str::to_owned));
    faults
        .is_empty()
        .then(|| read.entries().map(|entry| of(&entry)).collect())
}

#[test]
fn a_value_is_found_wherever_a_shell_may_read_it() {
    let found = |line: &str| {
        let file = format!("KEY=abc_1\n{line}\n");
        DotEnv::parse(file.as_bytes()).map(|parsed| parsed.names_of("abc_1"))
    };
    for line in [
        "declare -x B=abc_1",
        "setenv B abc_1",
        "KEYS+=abc_1",
        "true; B=abc_1",
        "curl -H X-Api-Key:abc_1",
    ] {
        assert_eq!(found(line), Ok(vec!["KEY".to_owned(), String::new()]), "{line}");
    }
    assert_eq!(found("# was abc_1"), Ok(vec!["KEY".to_owned()]));
}

#[test]
fn a_bare_value_does_not_begin_with_a_second_equals_sign() {
    let changed = |file: &str, to: &str| {
        DotEnv::parse(file.as_bytes())
            .and_then(|parsed| parsed.set("KEY", to))
            .is_ok()
    };
    assert!(!changed("KEY=a # c", "=") && changed("KEY=a # c", "a="));
    assert!(changed("KEY='a'", "="));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_is_printed_as_it_was(file in file()) {
        if let Ok(parsed) = DotEnv::parse(&file) {
            prop_assert_eq!(&*parsed.print(), &file);
        }
    }

    #[test]
    fn a_value_that_was_set_is_read_back_and_all_else_stays(file in file(), value in "[ -~]{1,12}") {
        let Ok(parsed) = DotEnv::parse(&file) else { return Ok(()) };
        let (Ok(old), Ok(changed)) = (parsed.get("KEY"), parsed.set("KEY", &value)) else { return Ok(()) };
        prop_assert_eq!(DotEnv::parse(&changed).and_then(|again| again.get("KEY")), Ok(value.as_str()));
        // Found without the parser: one place has changed, from the old value to the new one.
        let before = file.iter().zip(changed.iter()).take_while(|(a, b)| a == b).count();
        let end = file.iter().rev().zip(changed.iter().rev()).take_while(|(a, b)| a == b).count();
        prop_assert!(before + end + old.len() >= file.len() && before + end + value.len() >= changed.len());
        prop_assert_eq!(changed.len() + old.len(), file.len() + value.len());
        let back = DotEnv::parse(&changed).and_then(|again| again.set("KEY", old));
        if !old.is_empty() {
            prop_assert_eq!(back.map(|back| back.to_vec()), Ok(file.clone()), "and back again");
        }
    }

    #[test]
    fn other_readers_read_what_was_written(file in file(), value in "[a-zA-Z0-9_+/=.-]{1,12}") {
        let Ok(parsed) = DotEnv::parse(&file) else { return Ok(()) };
        let (Ok(old), Ok(changed)) = (parsed.get("KEY"), parsed.set("KEY", &value)) else { return Ok(()) };
        for dialect in QUOTING {
            let (Some(before), Some(after)) = (read_by(dialect, &file), read_by(dialect, &changed)) else { continue };
            let expected: Vec<_> = before
                .into_iter()
                .map(|(name, text)| match name.as_str() {
                    "KEY" => {
                        assert_eq!(text.as_deref(), Some(old), "{dialect:?}");
                        (name, Some(value.clone()))
                    }
                    _ => (name, text),
                })
                .collect();
            prop_assert_eq!(after, expected, "{:?}", dialect);
        }
    }
}
