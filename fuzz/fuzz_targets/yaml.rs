//! A text: parsing ends soon and without a panic in both dialects; what comes out lies where it says it lies; every node can be decoded
//! as anything.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use wp_gate::source::Span;
use wp_gate::yaml::{Data, Decoder, Dialect, Document, NodeId, ScalarStyle};

/// Enough for any shape that a workflow can have; what grows faster than the text shows well before.
const MAX_LEN: usize = 8 << 10;

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(input) else { return Corpus::Reject };
    if text.len() > MAX_LEN {
        return Corpus::Reject;
    }
    for dialect in [Dialect::V3, Dialect::V4] {
        let document = match Document::parse(text, dialect) {
            Ok(document) => document,
            Err(error) => {
                assert_inside(text, error.span);
                if let Some((span, _)) = error.related {
                    assert_inside(text, span);
                }
                continue;
            }
        };
        for (id, _) in document.nodes() {
            check_node(&document, id);
        }
        assert!(document.comments().is_sorted_by_key(|comment| comment.start));
        assert!(document.comments().iter().all(|comment| text[comment.range()].starts_with('#')));
        decode(&document, dialect);
    }
    Corpus::Keep
});

fn assert_inside(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?}");
}

/// The laws of one node: its bytes hold those of its children in order, and the map of a scalar's value leads into them.
fn check_node(document: &Document<'_>, id: NodeId) {
    let (text, node) = (document.text(), document.node(id));
    assert_inside(text, node.span);
    if let Some(anchor) = node.anchor {
        assert!(text[anchor.range()].starts_with('&'));
    }
    if let Some(tag) = &node.tag {
        assert!(text[tag.1.range()].starts_with('!'));
    }
    let children: Vec<NodeId> = match &node.data {
        Data::Sequence { items, .. } => items.clone(),
        Data::Mapping { pairs, .. } => pairs.iter().flat_map(|&(key, value)| [key, value]).collect(),
        Data::Alias(target) => {
            assert!(*target < id && document.node(*target).anchor.is_some());
            return;
        }
        Data::Scalar { value, style } => return check_scalar(document, id, value, *style),
    };
    let mut end = node.span.start;
    for child in children {
        let node = document.node(child);
        let properties = node.anchor.into_iter().chain(node.tag.as_ref().map(|tag| tag.1));
        let start = properties.fold(node.span.start, |start, span| start.min(span.start));
        assert!(child > id && end <= start);
        end = node.span.end;
    }
    assert!(end <= node.span.end);
}

fn check_scalar(document: &Document<'_>, id: NodeId, value: &str, style: ScalarStyle) {
    let (text, node, map) = (document.text(), document.node(id), document.value_map(id));
    assert_eq!(map.len() as usize, value.len());
    for (at, byte) in value.bytes().enumerate() {
        let source = map.to_source((at..at + 1).into());
        assert!(node.span.contains(source));
        let came_from = &text.as_bytes()[source.range()];
        // A byte that comes from one byte is that byte, but for what a lone line break becomes.
        let is_break = matches!(came_from, b"\n" | b"\r") && matches!(byte, b' ' | b'\n');
        assert!(came_from.len() > 1 || came_from == [byte] || is_break, "{came_from:?} became {byte:?}, {style:?}");
    }
}

/// Reads every node as each of the types that the server has, all with one decoder: its bounds hold for the document as a whole.
fn decode(document: &Document<'_>, dialect: Dialect) {
    let mut decoder = match Decoder::new(document, dialect) {
        Ok(decoder) => decoder,
        Err(error) => return assert_inside(document.text(), error.span),
    };
    for (id, node) in document.nodes() {
        let read = decoder.value(id);
        if read.is_ok_and(|value| value.is_none()) {
            // Only a scalar (null, `<<`) leaves no value without an error.
            let is_scalar = matches!(document.node(decoder.follow(id)).data, Data::Scalar { .. });
            assert!(is_scalar || !decoder.errors().is_empty(), "{node:?}");
        }
        let _ = decoder.str(id);
        let _ = decoder.bool(id);
        let _ = decoder.int(id);
        let _ = decoder.strings(id);
        let _ = decoder.string_map(id);
        let _ = decoder.string_or_list(id);
        let _ = decoder.text_list(id);
        let _ = decoder.dependencies(id);
        let _ = decoder.map_filter(id);
        let _ = decoder.optional_bool(id);
        let _ = decoder.map(id);
        let _ = decoder.is_self_contained(id);
        for error in decoder.take_errors() {
            assert_inside(document.text(), error.span);
            for alias in error.via {
                assert!(document.text()[alias.range()].starts_with('*'));
            }
        }
    }
}
