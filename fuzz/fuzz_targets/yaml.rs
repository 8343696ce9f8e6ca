//! No text makes the YAML parser panic, and what it accepts keeps its laws: spans nest in order, a value's map has its length.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wp_gate::source::Span;
use wp_gate::yaml::{Data, Dialect, Document};

fuzz_target!(|text: &str| {
    for dialect in [Dialect::V3, Dialect::V4] {
        let document = match Document::parse(text, dialect) {
            Ok(document) => document,
            Err(error) => {
                assert!(text.get(error.span.range()).is_some());
                continue;
            }
        };
        for (id, node) in document.nodes() {
            assert!(text.get(node.span.range()).is_some());
            let children = match &node.data {
                Data::Sequence { items, .. } => items.clone(),
                Data::Mapping { pairs, .. } => pairs.iter().flat_map(|&(key, value)| [key, value]).collect(),
                Data::Alias(_) => continue,
                Data::Scalar { value, .. } => {
                    let map = document.value_map(id);
                    assert_eq!(map.len() as usize, value.len());
                    assert!(node.span.contains(map.to_source(Span::new(0, map.len()))));
                    continue;
                }
            };
            let mut end = node.span.start;
            for child in children {
                let span = document.node(child).span;
                assert!(end <= span.start && span.end <= node.span.end);
                end = span.end;
            }
        }
    }
});
