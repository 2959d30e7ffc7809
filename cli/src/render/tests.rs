use super::{Line, Look, escape, json};

#[test]
fn what_acts_is_shown_and_what_is_seen_stays() {
    for (text, shown) in [
        ("checkout-api", "checkout-api"),
        ("Größe 大きさ مفتاح 🔑", "Größe 大きさ مفتاح 🔑"),
        ("a\nb", "a\\u{a}b"),
        ("\u{1b}[31mred", "\\u{1b}[31mred"),
        ("\u{7f}\u{85}\u{9b}", "\\u{7f}\\u{85}\\u{9b}"),
        ("\u{202a}\u{202e}", "\\u{202a}\\u{202e}"),
        ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
        ("ab\u{200b}c\u{200d}\u{feff}", "ab\\u{200b}c\\u{200d}\\u{feff}"),
        ("\u{2028}\u{61c}", "\\u{2028}\\u{61c}"),
        ("\u{e0041}", "\\u{e0041}"),
    ] {
        assert_eq!(escape(text), shown);
    }
}

#[test]
fn all_control_and_direction_characters_are_shown() {
    let ranges = [
        0x00..=0x1f,
        0x7f..=0x9f,
        0x200b..=0x200f,
        0x202a..=0x202e,
        0x2060..=0x2064,
        0x2066..=0x2069,
    ];
    for c in ranges.into_iter().flatten().filter_map(char::from_u32) {
        let shown = escape(&c.to_string());
        assert!(shown.starts_with("\\u{"), "U+{:04X}", u32::from(c));
    }
}

#[test]
fn a_line_has_colours_only_where_they_are_wanted_and_never_from_its_text() {
    let line = Line::new().look(Look::Bad, "stale\u{1b}[0m").text(" x  ");
    assert_eq!(line.print(false), "stale\\u{1b}[0m x");
    assert_eq!(line.print(true), "\u{1b}[31mstale\\u{1b}[0m\u{1b}[0m x");
}

#[test]
fn json_shows_the_same_characters_and_stays_json() {
    let text = "a\u{202e}b\u{9b}\u{e0041}";
    let printed = json(&vec![text]);
    assert!(printed.contains("\\u202eb\\u009b\\udb40\\udc41"), "{printed}");
    assert_eq!(serde_json::from_str::<Vec<String>>(&printed).unwrap(), [text]);
}
