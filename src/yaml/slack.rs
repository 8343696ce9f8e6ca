//! Slack: the bytes of a text that may be other letters and digits, and the text still says the same.
//!
//! A text with a commit's id in it is another one for every commit, and mostly nothing that is read from it is. What may differ, and why
//! that is all the same:
//!
//! - **To the scanner** every ASCII letter or digit inside a scalar is as good as any other: it ends no scalar, starts no escape, indents
//!   nothing. Only bytes count that became the scalar's value as they stand, so neither the digits of `"\x41"` nor the `2` of `|2`
//!   do; and in comments all. Both texts are of one length and differ in such bytes only, so they have the same tokens at the same
//!   places, and the same tree.
//! - **To the decoder** a scalar is its type and its text. The type of a scalar without a tag is that of a string if it is quoted or a
//!   block; a plain one is asked whether it is a string in the other text, too (`1e5ba11` is, `1234567` and `12e4567` are not). Scalars with
//!   a tag have no slack.
//! - **Whoever decodes** learns the text of a scalar from the [`Decoder`] alone, which remembers whose text it gave away
//!   ([`Decoder::raw_text`], and every key). Those have no slack. What is decoded [in outline](Decoder::in_outline) is not given
//!   away.
//!
//! So the second text takes whoever decodes it the same way, step for step, to the same result, errors and all. What else is made of a
//! document without a decoder is not covered.

use super::resolve::{Resolved, implicit};
use super::{Data, Decoder, Dialect, ScalarStyle};
use crate::source::{OffsetMap, Span};

/// The slack of one text that was decoded: see the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slack {
    dialect: Dialect,
    /// In order, none touching another.
    stretches: Vec<Stretch>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    span: Span,
    /// It is all of a plain scalar, which must stay a string.
    plain: bool,
}

impl Slack {
    /// Whether `other` says what `text` says, whose slack this is.
    pub fn covers(&self, text: &str, other: &str) -> bool {
        let alike =
            |(one, other): (&u8, &u8)| one == other || one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric();
        let (bytes, others) = (text.as_bytes(), other.as_bytes());
        let mut done = 0;
        let has_slack = self.stretches.iter().all(|&Stretch { span, plain }| {
            let (before, here) = (done..span.start as usize, span.range());
            done = here.end;
            bytes.get(before.clone()) == others.get(before)
                && match (bytes.get(here.clone()), others.get(here.clone())) {
                    (Some(one), Some(two)) => one.iter().zip(two).all(alike),
                    _ => false,
                }
                && (!plain || other.get(here).is_some_and(|value| is_string(value, self.dialect)))
        });
        has_slack && bytes.len() == others.len() && bytes.get(done..) == others.get(done..)
    }
}

/// Whether plain text is a string.
fn is_string(value: &str, dialect: Dialect) -> bool {
    implicit(value, dialect) == Resolved::Str
}

impl Decoder<'_, '_> {
    /// The slack that is left after all that was decoded so far, near what `map` did not copy into the document's text: nothing else can
    /// be another text the next time.
    pub fn slack(&self, map: &OffsetMap) -> Slack {
        let (document, dialect) = (self.document(), self.dialect());
        let replaced: Vec<Span> = map.replaced().collect();
        let is_near = |span: Span| {
            let next = replaced.partition_point(|replaced| replaced.end <= span.start);
            replaced.get(next).is_some_and(|replaced| replaced.start < span.end)
        };
        let mut stretches = Vec::new();
        if !replaced.is_empty() {
            let comments = document.comments().iter().filter(|span| is_near(**span));
            stretches.extend(comments.map(|&span| Stretch { span, plain: false }));
            for (id, node) in document.nodes().filter(|(_, node)| is_near(node.span)) {
                let Data::Scalar { value, style } = &node.data else { continue };
                if node.tag.is_some() || self.gave_text(id) {
                    continue;
                }
                if *style == ScalarStyle::Plain {
                    // One of several lines is not tried: its value is not the text as it stands.
                    let verbatim = document.text().get(node.span.range()) == Some(&**value);
                    let string = verbatim && is_string(value, dialect);
                    stretches.extend(string.then_some(Stretch { span: node.span, plain: true }));
                } else {
                    let copied = document.value_map(id);
                    let copied = copied.copied().filter(|span| is_near(*span));
                    stretches.extend(copied.map(|span| Stretch { span, plain: false }));
                }
            }
            stretches.sort_unstable_by_key(|stretch| stretch.span.start);
        }
        Slack { dialect, stretches }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Document;

    /// Decodes the values of a map, those under `text` as texts, the others in outline, and tells whether `other` says the same. `text` has
    /// two `<…>`, which are not there, around what may differ.
    fn covers(text: &str, other: &str, dialect: Dialect) -> bool {
        let (before, rest) = text.split_once('<').expect("a mark");
        let (made, after) = rest.split_once('>').expect("a mark");
        let mut map = OffsetMap::identity(before.len() as u32);
        map.replace(Span::at(before.len() as u32), made.len() as u32);
        map.copy(Span::new(before.len() as u32, (before.len() + after.len()) as u32));
        let text = format!("{before}{made}{after}");
        let document = Document::parse(&text, dialect).expect("it is YAML");
        let mut decoder = Decoder::new(&document, dialect).expect("it decodes");
        decoder
            .keyed(document.root().expect("it is not empty"), |decoder, field| {
                if field.name == "text" {
                    decoder.str(field.value)?;
                } else {
                    decoder.in_outline(|decoder| decoder.value(field.value))?;
                }
                Ok(())
            })
            .expect("nothing halts");
        decoder.slack(&map).covers(&text, &format!("{before}{other}{after}"))
    }

    #[test]
    fn letters_and_digits_that_nobody_reads_may_be_others() {
        for (text, others, expected) in [
            // Every style.
            ("a: x <12ab> y", "z9Z9", true),
            ("a: 'it''s <12ab>'", "z9Z9", true),
            (r#"a: "\t<12ab>""#, "z9Z9", true),
            ("a: |2-\n   <12ab>\nb: c", "z9Z9", true),
            ("a: >\n  x\n\n  <12ab>\n", "z9Z9", true),
            ("a: b # <12ab>", "z9Z9", true),
            ("a: [b, {c: '<12ab>'}]", "z9Z9", true),
            ("x: &a '<12ab>'\na: *a", "z9Z9", true),
            // The same letters, and some others.
            ("a: '<1-2>'", "3-4", true),
            ("a: '<1-2>'", "304", false),
            ("a: '<12>'", "1", false),
            ("a: '<12>'", "é", false),
            // What is read as text, and keys.
            ("text: '<12ab>'", "z9Z9", false),
            ("x: &a '<12ab>'\ntext: *a", "z9Z9", false),
            ("a: {<ab>: c}", "cd", false),
            // Not what became the value as it stands.
            (r#"a: "\x<41>""#, "42", false),
            (r#"a: "\<n>""#, "t", false),
            ("a: |<1>-\n  b", "2", false),
            ("a: &<b> c", "d", false),
            ("a: !<b> c", "d", false),
            ("a: !!str <b>", "d", false),
            ("a: a\n  <12ab>", "z9Z9", false),
            // The type of a plain scalar.
            ("a: <12ab>", "z9Z9", true),
            ("a: <12ab>", "1234", false),
            ("a: <12ab>", "12e4", false),
            ("a: <12ab>", "0x1f", false),
            ("a: <12ab>", "true", false),
            ("a: <12ab>", "Null", false),
            ("a: <1234>", "4321", false),
            ("a: <true>", "trux", false),
            ("a: 2001-1<x>-11", "2", false),
            ("a: '<12ab>'", "1234", true),
        ] {
            for dialect in [Dialect::V3, Dialect::V4] {
                assert_eq!(covers(text, others, dialect), expected, "{text}, {others}");
            }
        }
    }
}
