//! No text and no value makes substitution panic, and the map of what comes out keeps its law: a byte of the result that maps to one
//! byte of the raw text is that byte.
//!
//! The input is the value of the variables with a name of one byte, a NUL, and the text.
#![no_main]

use std::borrow::Cow;

use libfuzzer_sys::{Corpus, fuzz_target};
use wp_gate::subst::{Env, Lookup, Template};

/// Enough for texts whose patterns and values work on each other; what grows faster than the text shows well before.
const MAX_LEN: usize = 4 << 10;

struct OneValue<'v>(&'v str);

impl Env for OneValue<'_> {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        match name.len() {
            1 => Lookup::Known(Cow::Borrowed(self.0)),
            2 => Lookup::Unknown("1"),
            _ => Lookup::Missing,
        }
    }
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(input) = std::str::from_utf8(input) else { return Corpus::Reject };
    if input.len() > MAX_LEN {
        return Corpus::Reject;
    }
    let (value, text) = input.split_once('\0').unwrap_or(("", input));
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(error) => {
            assert!(text.get(error.span.range()).is_some() && text.get(error.expansion.range()).is_some());
            return Corpus::Keep;
        }
    };
    for variable in template.variables() {
        assert_eq!(&text[variable.name_span.range()], variable.name);
        assert!(variable.span.contains(variable.name_span));
    }
    let Ok(substituted) = template.render(&OneValue(value)) else { return Corpus::Keep };
    assert_eq!(substituted.map.len() as usize, substituted.text.len());
    for (at, byte) in substituted.text.bytes().enumerate() {
        let source = substituted.map.to_source((at..at + 1).into());
        let came_from = &text.as_bytes()[source.range()];
        assert!(came_from.len() > 1 || came_from == [byte]);
    }
    for read in &substituted.reads {
        assert!(read.output.end as usize <= substituted.text.len());
    }
    Corpus::Keep
});
