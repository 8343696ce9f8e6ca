//! The places of a file where a variable was substituted whose value only the server has.

use std::rc::Rc;

use crate::env::{Env, Lookup};
use crate::source::Span;
use crate::subst::{Read, ReadState, Substituted};
use crate::workflow::File;

/// A `${…}` in the file whose value only the server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub span: Span,
    pub name: String,
    /// The outermost `${…}` that it is in, mostly itself.
    pub whole: Span,
    /// What stands there: its text, and the values of the other variables in it.
    pub text: Rc<str>,
}

/// The places whose text hangs on a variable that only the server knows, in the order of their `$`.
pub(super) fn holes(rendered: &Substituted<'_>, file: &File<'_>, env: &dyn Env) -> Vec<Hole> {
    let is_unknown = |read: &&Read<'_>| read.state == ReadState::Unknown;
    let mut holes = Vec::new();
    let mut reads = rendered.reads.as_slice();
    // One `${…}` with those that are in it, which follow it.
    while let Some(first) = reads.first() {
        let whole = first.expansion;
        let (group, rest) =
            reads.split_at(1 + reads[1..].iter().take_while(|it| it.expansion.start < whole.end).count());
        reads = rest;
        if !group.iter().any(|read| is_unknown(&read)) {
            continue;
        }
        let mut text = file.source().text().get(whole.range()).unwrap_or_default().to_owned();
        for read in group {
            if let Lookup::Known(value) = env.lookup(read.name) {
                text.extend(["\0", read.name, "=", &value]);
            }
        }
        let text: Rc<str> = text.into();
        let hole =
            |read: &Read<'_>| Hole { span: read.expansion, name: read.name.to_owned(), whole, text: Rc::clone(&text) };
        holes.extend(group.iter().filter(is_unknown).map(hole));
    }
    holes
}

/// The first of `holes`, which are those of one file, with a byte inside of `span`.
pub(super) fn first_in(holes: &[Hole], span: Span) -> Option<&Hole> {
    // One `${…}` ends before the next one starts, but for those that are in it.
    let first = holes.partition_point(|hole| hole.whole.end <= span.start);
    let mut near = holes[first..].iter().take_while(|hole| hole.span.start < span.end);
    near.find(|hole| span.start < hole.span.end)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::server::Version;
    use crate::source::{Source, Sources};

    /// Only the server knows any of its variables.
    struct Unknown;

    impl Env for Unknown {
        fn lookup(&self, name: &str) -> Lookup<'_> {
            if name.starts_with('K') { Lookup::Missing } else { Lookup::Unknown("") }
        }

        fn names(&self) -> Option<Vec<&str>> {
            None
        }
    }

    #[test]
    fn the_first_hole_in_a_span_is_the_first_of_all_that_touch_it() {
        let text = "a ${A} ${K:-x${B}y${C:-${D}}}${E/${F}/${G}} ${K} ${H}${I}\n";
        let mut files = Sources::new();
        let id = files.add(Source::new("x", text));
        let file = File::read(&files[id], id, Version::default());
        let holes = holes(&file.render(&Unknown).expect("it substitutes"), &file, &Unknown);
        let names: Vec<&str> = holes.iter().map(|hole| hole.name.as_str()).collect();
        assert_eq!(names, ["A", "B", "C", "D", "E", "F", "G", "H", "I"]);
        assert!(file.render(&BTreeMap::new()).is_ok());
        for start in 0..text.len() as u32 {
            for end in start..=text.len() as u32 {
                let span = Span::new(start, end);
                let touching = |hole: &&Hole| hole.span.start < span.end && span.start < hole.span.end;
                assert_eq!(first_in(&holes, span), holes.iter().find(touching), "{span:?}");
            }
        }
    }
}
