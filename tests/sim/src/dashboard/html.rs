//! The dashboards' pages, in one plain style.

use jiff::Timestamp;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ccc}\
code{background:#f2f2f2;padding:.2rem .4rem}form{margin:.5rem 0}label{display:inline-block;margin-right:1rem}\
.fresh,.said{border:1px solid #888;padding:.5rem 1rem;margin:1rem 0}";

/// Returns text as HTML shows it literally.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A whole page; `body` is HTML.
pub(crate) fn document(title: &str, whose: &str, body: &str) -> String {
    let (title, whose) = (escape(title), escape(whose));
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <link rel=\"icon\" href=\"data:,\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><header>Simulated dashboard <span id=\"whose\">{whose}</span></header><h1>{title}</h1>{body}\
         </body></html>"
    )
}

/// A notice, with the provider's code where there is one.
pub(crate) fn said(code: Option<&str>, message: &str) -> String {
    let (code, message) = (escape(code.unwrap_or_default()), escape(message));
    format!("<p class=\"said\" id=\"notice\" data-code=\"{code}\">{code} {message}</p>")
}

/// A form of one button after whatever `fields` hold, which is HTML.
pub(crate) fn form(action: &str, class: &str, fields: &str, button: &str) -> String {
    let (action, class, button) = (escape(action), escape(class), escape(button));
    format!("<form class=\"{class}\" method=\"post\" action=\"{action}\">{fields}<button>{button}</button></form>")
}

/// A line of text to fill in.
pub(crate) fn text_field(name: &str, label: &str) -> String {
    format!("<p><label>{} <input name=\"{name}\"></label></p>", escape(label))
}

/// Boxes to tick.
pub(crate) fn boxes(name: &str, legend: &str, offered: &[&str]) -> String {
    let one = |value: &&str| {
        let value = escape(value);
        format!("<label><input type=\"checkbox\" name=\"{name}\" value=\"{value}\"> {value}</label>")
    };
    let all: String = offered.iter().map(one).collect();
    format!("<fieldset><legend>{}</legend>{all}</fieldset>", escape(legend))
}

/// A choice of one.
pub(crate) fn choice(name: &str, label: &str, offered: &[&str]) -> String {
    let options: String = offered
        .iter()
        .map(|value| format!("<option>{}</option>", escape(value)))
        .collect();
    format!(
        "<p><label>{} <select name=\"{name}\">{options}</select></label></p>",
        escape(label)
    )
}

/// A table of keys; each row is an id and its cells, of which those in `html` are HTML already.
pub(crate) fn table(heads: &[&str], rows: &[(String, Vec<Cell>)]) -> String {
    let head: String = heads.iter().map(|head| format!("<th>{}</th>", escape(head))).collect();
    let mut body = String::new();
    for (key_id, cells) in rows {
        let cells: String = cells.iter().map(Cell::html).collect();
        body += &format!("<tr class=\"key\" data-key-id=\"{}\">{cells}</tr>", escape(key_id));
    }
    format!("<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
}

/// One cell of a table.
pub(crate) enum Cell {
    Text(&'static str, String),
    Html(&'static str, String),
}

impl Cell {
    fn html(&self) -> String {
        match self {
            Self::Text(class, text) => format!("<td class=\"{class}\">{}</td>", escape(text)),
            Self::Html(class, html) => format!("<td class=\"{class}\">{html}</td>"),
        }
    }
}

/// The day of a time.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
