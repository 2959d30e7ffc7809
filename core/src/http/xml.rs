//! An XML answer in the shape of JSON, so that pointers read both.
//!
//! Deliberately absent: document types, and with them entities and what they fetch; namespaces and attributes, which
//! tell nothing that a definition asks for.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value};

/// Most nodes of a document that is read: elements, texts and comments.
const NODES: u32 = 200_000;

/// The items of a list, as the query protocol of AWS writes it
/// (<https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>).
const ITEM: &str = "member";

/// Returns the document as an object with its root by name, if it is well-formed and not nested deeper than `depth`.
///
/// An element with others in it is an object, its names without their namespace; of elements of one name the list.
/// One that holds nothing but `member`s is that list. Any other is its text; an empty one is null.
pub(super) fn read(body: &[u8], depth: usize) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?;
    if !is_shallow(text, depth) {
        return None;
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).ok()?;
    let root = document.root_element();
    let mut whole = Map::new();
    whole.insert(root.tag_name().name().to_owned(), value(root, depth)?);
    Some(Value::Object(whole))
}

fn value(element: Node<'_, '_>, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let inner = || element.children().filter(Node::is_element);
    if inner().next().is_none() {
        let text: String = element
            .children()
            .filter(Node::is_text)
            .filter_map(|node| node.text())
            .collect();
        return Some(match text.trim() {
            "" => Value::Null,
            text => Value::String(text.to_owned()),
        });
    }
    if inner().all(|one| one.tag_name().name() == ITEM) {
        return inner().map(|one| value(one, depth)).collect();
    }
    let mut object = Map::new();
    for one in inner() {
        let read = value(one, depth)?;
        match object.get_mut(one.tag_name().name()) {
            None => drop(object.insert(one.tag_name().name().to_owned(), read)),
            Some(Value::Array(several)) => several.push(read),
            Some(former) => *former = Value::Array(vec![former.take(), read]),
        }
    }
    Some(Value::Object(object))
}

/// Whether tags open no deeper than allowed, before anything is built from them. What looks like a tag in a comment
/// counts too: too strict is safe.
fn is_shallow(text: &str, most: usize) -> bool {
    let (mut depth, mut rest) = (0usize, text);
    while let Some((_, tag)) = rest.split_once('<') {
        rest = tag;
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with(['?', '!']) {
            let closes = tag.split_once('>').is_some_and(|(inside, _)| inside.ends_with('/'));
            depth += usize::from(!closes);
        }
        if depth > most {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::read;
    use serde_json::json;

    #[test]
    fn names_lose_their_namespace_and_lists_are_lists() {
        let list = |members: &str| {
            format!(
                "<?xml version=\"1.0\"?>\n<r:Response xmlns:r=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n \
                 <r:Result><More>false</More><Keys>{members}</Keys><None/></r:Result></r:Response>"
            )
        };
        let read = |text: String| read(text.as_bytes(), 32).unwrap();
        for (members, keys) in [
            ("", json!(null)),
            ("<member><Id>a</Id></member>", json!([{ "Id": "a" }])),
            (
                "<member><Id>a&amp;b</Id></member>\n<member><Id> c </Id></member>",
                json!([{ "Id": "a&b" }, { "Id": "c" }]),
            ),
            ("<Key>1</Key><Key>2</Key>", json!({ "Key": ["1", "2"] })),
        ] {
            let whole = json!({ "Response": { "Result": { "More": "false", "Keys": keys, "None": null } } });
            assert_eq!(read(list(members)), whole, "{members}");
        }
        assert_eq!(read("<a><![CDATA[<b>]]>c</a>".to_owned()), json!({ "a": "<b>c" }));
    }

    #[test]
    fn what_is_not_whole_or_could_grow_is_not_read() {
        let bomb = "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;\">]><a>&y;</a>";
        let outside = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
        for text in [
            "",
            "{}",
            "<a>",
            "<a></b>",
            "<a></a><b/>",
            "<a>&unknown;</a>",
            "<a>&#0;</a>",
            bomb,
            outside,
            "<!DOCTYPE a><a/>",
        ] {
            assert!(read(text.as_bytes(), 32).is_none(), "{text}");
        }
        assert!(read(b"<a>\xff</a>", 32).is_none(), "only UTF-8 is read");
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(read(nested(32).as_bytes(), 32).is_some());
        assert!(read(nested(33).as_bytes(), 32).is_none());
        assert!(read("<a>".repeat(1_000_000).as_bytes(), 32).is_none());
        assert!(read(format!("<a>{}</a>", "<b/>".repeat(1_000)).as_bytes(), 32).is_some());
        assert!(read(format!("<a>{}</a>", "<b/>".repeat(300_000)).as_bytes(), 32).is_none());
    }
}
