//! Text from a repository in Markdown: in `<code>`, where hosts look for no names and numbers to link, with every character that Markdown or
//! HTML could act on as its entity.

use std::fmt::Write as _;

use crate::text::shorten;

/// The longest phrase, in characters.
const MAX_TEXT: usize = 600;

/// One of our phrases, where code stands in backticks.
pub(super) fn phrase(text: &str) -> String {
    let text = shorten(text, MAX_TEXT);
    let piece = |(at, piece): (usize, &str)| if at % 2 == 0 { plain(piece) } else { code(piece) };
    text.split('`').enumerate().map(piece).collect()
}

/// `text` as code.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code>{}</code>", plain(text)) }
}

/// `text` as text: nothing in it is markup.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // A host's name is made a link, whatever stands before it.
        let harmless = matches!(c, ' ' | ',' | '/' | '-' | '(' | ')' | '=' | '\'' | '?' | ';' | '+' | '%')
            || (c == '.' && !out.ends_with("www"));
        if harmless || c.is_ascii_alphanumeric() || !c.is_ascii() {
            out.push(c);
        } else {
            write!(out, "&#{};", c as u32).expect("internal: a string takes all that is written");
        }
    }
    out
}
