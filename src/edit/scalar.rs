//! Another text for a scalar.

use super::outline::Role;
use super::{Editor, Replacement};
use crate::source::Span;
use crate::yaml::{Data, Dialect, Document, NodeId, Resolved, ScalarStyle, implicit};

/// Where a scalar stands, as far as it matters to how it may be written.
#[derive(Clone, Copy, Debug)]
struct Setting {
    flow: bool,
    key: bool,
    dialect: Dialect,
}

impl Editor<'_> {
    /// Makes the text of the scalar `id` `value`: in the style that it has, with as few bytes changed as can be, or in quotes where that
    /// style cannot say it.
    ///
    /// `None` when it is no scalar, has a tag, or is a block scalar (`|`, `>`) in which more changes than a part of a line.
    pub fn rewrite(&self, id: NodeId, value: &str) -> Option<Vec<Replacement>> {
        let node = self.document.node(id);
        let Data::Scalar { value: old, style } = &node.data else { return None };
        if node.tag.is_some() {
            return None;
        }
        let link = self.outline.link(id);
        let key = link.is_some_and(|link| matches!(link.role, Role::Key(_)));
        let setting = Setting { flow: link.is_some_and(|link| link.flow), key, dialect: self.dialect };
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let lines = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
        if is_block && lines(old) != lines(value) {
            // A line that is left empty may let in what stands below.
            return None;
        }
        if let Some(least) = self.least(id, old, value, *style).filter(|least| {
            let (span, edit) = (node.span, least.span);
            let text =
                [self.slice(Span::new(span.start, edit.start)), &least.text, self.slice(Span::new(edit.end, span.end))];
            reads_as(&text.concat(), value, *style, setting)
        }) {
            return Some(vec![least]);
        }
        if is_block {
            return None;
        }
        Some(vec![Replacement::new(node.span, quoted(value, setting)?)])
    }

    /// The bytes of the scalar that have to change, and what for, if nothing stands in the way.
    fn least(&self, id: NodeId, old: &str, new: &str, style: ScalarStyle) -> Option<Replacement> {
        let map = self.document.value_map(id);
        let (before, after) = common(old, new);
        let text = encode(&new[before..new.len() - after], style)?;
        let (len, start, end) = (old.len() as u32, before as u32, (old.len() - after) as u32);
        if let Some(changed) = map.exact(Span::new(start, end)).filter(|changed| !changed.is_empty()) {
            return Some(Replacement::new(changed, text));
        }
        // Between what stays; where nothing does, up to the quotes.
        let span = self.document.node(id).span;
        let body = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Span::new(span.start + 1, span.end - 1),
            _ => span,
        };
        let from = if before == 0 { body.start } else { map.to_source(Span::new(0, start)).end };
        let to = if after == 0 { body.end } else { map.to_source(Span::new(end, len)).start };
        (from <= to).then(|| Replacement::new(Span::new(from, to), text))
    }

    pub(super) fn slice(&self, span: Span) -> &str {
        self.text().get(span.range()).unwrap_or_default()
    }
}

/// How many bytes two texts have in common at their start, and at their end behind those.
fn common(one: &str, other: &str) -> (usize, usize) {
    let matching = |pairs: &mut dyn Iterator<Item = (char, char)>| {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>()
    };
    let before = matching(&mut one.chars().zip(other.chars()));
    let after = matching(&mut one[before..].chars().rev().zip(other[before..].chars().rev()));
    (before, after)
}

/// `text` as it is written inside of a scalar of this style; `None` when the style cannot say it.
fn encode(text: &str, style: ScalarStyle) -> Option<String> {
    let lines = text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    match style {
        ScalarStyle::DoubleQuoted => Some(escaped(text)),
        _ if lines => None,
        ScalarStyle::SingleQuoted => Some(text.replace('\'', "''")),
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => Some(text.to_owned()),
    }
}

/// `text` between double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let digits = c as u32;
                out.extend(format!("\\u{digits:04x}").chars());
            }
            c => out.push(c),
        }
    }
    out
}

/// `value` in quotes: single ones if they will do.
fn quoted(value: &str, setting: Setting) -> Option<String> {
    let of = |quote: char, style| {
        let text = format!("{quote}{}{quote}", encode(value, style)?);
        reads_as(&text, value, style, setting).then_some(text)
    };
    of('\'', ScalarStyle::SingleQuoted).or_else(|| of('"', ScalarStyle::DoubleQuoted))
}

/// Whether YAML reads `text` as one scalar with this value and style, and every server as text.
fn reads_as(text: &str, value: &str, style: ScalarStyle, setting: Setting) -> bool {
    let around = match setting {
        Setting { flow: false, key: false, .. } => ("- ", "\n"),
        Setting { flow: false, key: true, .. } => ("", ": x\n"),
        Setting { flow: true, key: false, .. } => ("[", ", x]\n"),
        Setting { flow: true, key: true, .. } => ("{", ": x}\n"),
    };
    let text = [around.0, text, around.1].concat();
    let Ok(document) = Document::parse(&text, setting.dialect) else { return false };
    let Some(root) = document.root() else { return false };
    let node = match (&document.node(root).data, setting.flow, setting.key) {
        (Data::Sequence { items, .. }, _, false) if items.len() == 1 + usize::from(setting.flow) => items.first(),
        (Data::Mapping { pairs, .. }, _, true) if pairs.len() == 1 => pairs.first().map(|(key, _)| key),
        _ => None,
    };
    let is_text = |dialect| style != ScalarStyle::Plain || matches!(implicit(value, dialect), Resolved::Str);
    node.is_some_and(|&id| {
        let node = document.node(id);
        let same = matches!(&node.data, Data::Scalar { value: read, style: found } if read == value && *found == style);
        same && node.tag.is_none() && node.anchor.is_none() && is_text(Dialect::V3) && is_text(Dialect::V4)
    })
}

/// `value` as a scalar of one line that YAML reads as this text in any place, inside of brackets too: plain where that will do.
pub fn written(value: &str, dialect: Dialect) -> Option<String> {
    let setting = Setting { flow: true, key: false, dialect };
    let in_block = Setting { flow: false, ..setting };
    let reads = |text: &str, style| reads_as(text, value, style, setting) && reads_as(text, value, style, in_block);
    if encode(value, ScalarStyle::Plain).is_some() && reads(value, ScalarStyle::Plain) {
        return Some(value.to_owned());
    }
    quoted(value, setting)
}

/// The texts `values` as a list of one line.
pub fn written_list(values: &[&str], dialect: Dialect) -> Option<String> {
    let items: Option<Vec<String>> = values.iter().map(|value| written(value, dialect)).collect();
    Some(format!("[{}]", items?.join(", ")))
}
