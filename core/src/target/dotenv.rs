//! One value in the text of a `.env` file, changed so that every other byte stays.
//!
//! No standard says what such a file means: shells, Docker, Node, Python and Ruby read it differently. So an
//! assignment is touched only where all of them read it alike, and its style of quoting is never changed.
//! What else the file holds is kept and not judged, unless it leaves open where a line ends.
//!
//! Deliberately absent: files, and expansion of variables.

use zeroize::Zeroizing;

/// A file in its parts: joined, they are the file.
pub struct DotEnv<'a> {
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    /// Names, comments, blanks, line ends, quotes.
    Kept(&'a [u8]),
    Value(Value<'a>),
}

struct Value<'a> {
    name: &'a [u8],
    /// Between the quotes, where there are some.
    text: &'a [u8],
    style: Style,
    /// Counted from 1.
    line: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Bare,
    Single,
    Double,
    /// Read differently by different readers.
    Unclear,
}

/// Why a file is not read, or not changed. Lines are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It holds a zero byte.
    NotText,
    /// A quote is opened and not closed.
    Unclosed { line: usize },
    /// Programs read this line differently.
    Unclear { line: usize },
    /// Nothing is assigned to the name.
    Missing,
    /// The name is assigned to more than once.
    Twice { first: usize, again: usize },
    /// The new value cannot stand there in the present style of quoting.
    Unwritable,
}

impl<'a> DotEnv<'a> {
    pub fn parse(file: &'a [u8]) -> Result<DotEnv<'a>, Problem> {
        if file.contains(&0) {
            return Err(Problem::NotText);
        }
        let mut scan = Scan {
            file,
            at: if file.starts_with(BOM) { BOM.len() } else { 0 },
            kept: 0,
            line: 1,
            parts: Vec::new(),
        };
        while scan.at < file.len() {
            scan.statement()?;
        }
        scan.parts.push(Part::Kept(&file[scan.kept..]));
        Ok(DotEnv { parts: scan.parts })
    }

    /// Returns the file.
    pub fn print(&self) -> Zeroizing<Vec<u8>> {
        self.joined(|value| value.text)
    }

    /// Returns the value that is assigned to the name.
    pub fn get(&self, name: &str) -> Result<&'a str, Problem> {
        let value = self.only(name)?;
        let unclear = Problem::Unclear { line: value.line };
        let text = std::str::from_utf8(value.text).map_err(|_| unclear)?;
        value.style.holds(text).then_some(text).ok_or(unclear)
    }

    /// Returns the names whose values are this one, or hold it; an empty one for a place that is no assignment here, and may be
    /// one to a shell. Nobody reads what stands in a comment.
    pub fn names_of(&self, value: &str) -> Vec<String> {
        let holds = |text: &[u8]| !value.is_empty() && text.windows(value.len()).any(|piece| piece == value.as_bytes());
        let is_read = |line: &&[u8]| !line.trim_ascii_start().starts_with(b"#");
        let names = self.parts.iter().filter_map(|part| match part {
            Part::Value(one) => holds(one.text).then(|| String::from_utf8_lossy(one.name).into_owned()),
            Part::Kept(text) => {
                let mut lines = text.split(|byte| matches!(byte, b'\n' | b'\r')).filter(is_read);
                lines.any(holds).then(String::new)
            }
        });
        names.collect()
    }

    /// Returns the file with another value in place of the one that is assigned to the name.
    pub fn set(&self, name: &str, to: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
        self.get(name)?;
        let changed = self.only(name)?;
        if to.is_empty() || !changed.style.holds(to) {
            return Err(Problem::Unwritable);
        }
        Ok(self.joined(|value| match std::ptr::eq(value, changed) {
            true => to.as_bytes(),
            false => value.text,
        }))
    }

    fn only(&self, name: &str) -> Result<&Value<'a>, Problem> {
        let mut found = self.parts.iter().filter_map(|part| match part {
            Part::Value(value) if value.name == name.as_bytes() => Some(value),
            _ => None,
        });
        let first = found.next().ok_or(Problem::Missing)?;
        match found.next() {
            Some(again) => Err(Problem::Twice {
                first: first.line,
                again: again.line,
            }),
            None => Ok(first),
        }
    }

    fn joined<'b>(&'b self, text: impl Fn(&'b Value<'a>) -> &'b [u8]) -> Zeroizing<Vec<u8>> {
        let of = |part: &'b Part<'a>| match part {
            Part::Kept(bytes) => *bytes,
            Part::Value(value) => text(value),
        };
        // Made in its size: what a growing buffer leaves behind is not wiped.
        let mut file = Zeroizing::new(Vec::with_capacity(self.parts.iter().map(|part| of(part).len()).sum()));
        self.parts.iter().for_each(|part| file.extend_from_slice(of(part)));
        file
    }
}

impl Style {
    /// Whether every reader takes the text, in these quotes, for itself.
    fn holds(self, text: &str) -> bool {
        let printable = |c: char| matches!(c, ' '..='~');
        match self {
            // What begins with a second sign of equality is not read alike.
            Style::Bare => {
                let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./+=:,@%^".contains(c);
                text.chars().all(is_plain) && !text.starts_with('=')
            }
            // Some expand variables and undo escapes between single quotes too.
            Style::Single => text.chars().all(|c| printable(c) && !"'\\$".contains(c)),
            Style::Double => text.chars().all(|c| printable(c) && !"\"\\$`".contains(c)),
            Style::Unclear => false,
        }
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

struct Scan<'a> {
    file: &'a [u8],
    at: usize,
    /// All before it is in a part.
    kept: usize,
    line: usize,
    parts: Vec<Part<'a>>,
}

impl<'a> Scan<'a> {
    /// Reads one line; with a quoted value, the lines that it goes over.
    fn statement(&mut self) -> Result<(), Problem> {
        self.blanks();
        if self.rest().starts_with(b"export") && self.rest().get(6).is_some_and(is_blank) {
            self.at += 6;
            self.blanks();
        }
        let begin = self.at;
        let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
        self.at += self.rest().iter().take_while(|byte| of_name(byte)).count();
        let name = &self.file[begin..self.at];
        self.blanks();
        match self.rest() {
            [b'=', ..] if !name.is_empty() => {
                self.at += 1;
                self.value(name)?;
            }
            // An assignment to Node only, with the next line for a value where it has none itself.
            [b':', next, ..] if !name.is_empty() && (is_blank(next) || is_line_end(next)) => {
                let behind = self.behind(self.at + 1);
                if behind.iter().all(is_blank) || behind.iter().any(is_quote) {
                    return Err(Problem::Unclear { line: self.line });
                }
                self.at += 1;
                self.push(name, self.at..self.at, Style::Unclear);
            }
            // A value to Node, where the line before assigns nothing.
            [quote, ..] if name.is_empty() && is_quote(quote) => return Err(Problem::Unclear { line: self.line }),
            _ => {}
        }
        self.line_end()
    }

    fn value(&mut self, name: &'a [u8]) -> Result<(), Problem> {
        let after = self.at;
        self.blanks();
        match self.rest() {
            [quote @ (b'"' | b'\'' | b'`'), ..] => self.quoted(name, *quote),
            _ => {
                self.bare(name, after);
                Ok(())
            }
        }
    }

    fn bare(&mut self, name: &'a [u8], after: usize) {
        let begin = self.at;
        let text = self.behind(begin);
        // A comment begins with a blank before it.
        let comment = (0..text.len()).find(|&at| text[at] == b'#' && is_blank(&self.file[begin + at - 1]));
        let text = &text[..comment.unwrap_or(text.len())];
        let end = begin + text.iter().rposition(|byte| !is_blank(byte)).map_or(0, |last| last + 1);
        // An empty value stands right behind its name; a comment behind it is the value to some.
        let range = if end == begin { after..after } else { begin..end };
        let style = if end == begin && comment.is_some() {
            Style::Unclear
        } else {
            Style::Bare
        };
        self.push(name, range, style);
    }

    fn quoted(&mut self, name: &'a [u8], quote: u8) -> Result<(), Problem> {
        let line = self.line;
        let begin = self.at + 1;
        let mut end = begin;
        loop {
            match (self.file.get(end), self.file.get(end + 1)) {
                (None, _) => return Err(Problem::Unclosed { line }),
                (Some(b'\\'), Some(_)) if quote == b'"' => end += 1,
                // An escape to some, the end to others.
                (Some(b'\\'), Some(next)) if *next == quote => return Err(Problem::Unclear { line }),
                (Some(byte), _) if *byte == quote => break,
                _ => {}
            }
            end += 1;
        }
        self.line += self.file[begin..end.min(self.file.len())]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let behind = self.behind(end + 1);
        let alone = match behind.iter().position(|byte| !is_blank(byte)) {
            None => true,
            Some(at) => behind[at] == b'#' && at > 0,
        };
        if !alone && behind.iter().any(is_quote) {
            return Err(Problem::Unclear { line: self.line });
        }
        let style = match quote {
            b'\'' if alone => Style::Single,
            b'"' if alone => Style::Double,
            _ => Style::Unclear,
        };
        let last = self.line;
        self.line = line;
        self.push(name, begin..end, style);
        (self.at, self.line) = (end + 1, last);
        Ok(())
    }

    fn push(&mut self, name: &'a [u8], range: std::ops::Range<usize>, style: Style) {
        self.parts.push(Part::Kept(&self.file[self.kept..range.start]));
        self.parts.push(Part::Value(Value {
            name,
            text: &self.file[range.clone()],
            style,
            line: self.line,
        }));
        self.kept = range.end;
    }

    /// Goes behind the end of the line. A carriage return by itself ends one for some readers only.
    fn line_end(&mut self) -> Result<(), Problem> {
        while let Some(byte) = self.file.get(self.at) {
            self.at += 1;
            match byte {
                b'\n' => {
                    self.line += 1;
                    break;
                }
                b'\r' if !matches!(self.rest(), [] | [b'\n', ..]) => return Err(Problem::Unclear { line: self.line }),
                _ => {}
            }
        }
        Ok(())
    }

    /// The rest of the line from there, without its end.
    fn behind(&self, at: usize) -> &'a [u8] {
        let rest = &self.file[at..];
        let line = &rest[..rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())];
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    fn blanks(&mut self) {
        self.at += self.rest().iter().take_while(|byte| is_blank(byte)).count();
    }

    fn rest(&self) -> &'a [u8] {
        &self.file[self.at..]
    }
}

fn is_quote(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

#[cfg(test)]
mod tests;
