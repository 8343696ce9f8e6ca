//! One round of fixes: those that do not get into each other's way.

use std::collections::BTreeMap;

use crate::diag::{Edit, Fix, Problem, Safety};
use crate::source::{FileId, Sources, Span};

/// The fix of each problem that may be made, the first of its fixes that is `allowed`: as many as can be made together, in the order of
/// the problems.
pub(super) fn choose(problems: &[Problem], allowed: Safety, is_refused: impl Fn(&Fix) -> bool) -> Vec<&Fix> {
    let mut taken = Taken::default();
    let mut chosen = Vec::new();
    for problem in problems {
        let fix = problem.fixes.iter().find(|fix| fix.safety <= allowed && !is_refused(fix));
        chosen.extend(fix.filter(|fix| taken.take(&fix.edits)));
    }
    chosen
}

/// The places where something is changed already: where each starts, and where it ends.
#[derive(Default)]
struct Taken {
    places: BTreeMap<(FileId, u32), u32>,
}

impl Taken {
    /// Takes the places of `edits`, if all are free.
    fn take(&mut self, edits: &[Edit]) -> bool {
        let free = edits.iter().all(|edit| self.is_free(edit.file, edit.span));
        if free {
            self.places.extend(edits.iter().map(|edit| ((edit.file, edit.span.start), edit.span.end)));
        }
        free
    }

    /// Whether nothing overlaps `span`, or touches it: of two texts that are put in at one place, nobody knows which comes first.
    fn is_free(&self, file: FileId, span: Span) -> bool {
        let before = self.places.range(..=(file, span.end)).next_back();
        before.is_none_or(|(&(other, _), &end)| other != file || end < span.start)
    }
}

/// `files` with the `chosen` fixes, which must not overlap.
pub(super) fn apply(files: &Sources, chosen: &[&Fix]) -> Sources {
    let mut edits: Vec<&Edit> = chosen.iter().flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| (edit.file, edit.span));
    let mut out = Sources::new();
    for (id, source) in files.iter() {
        let of_file = edits.iter().filter(|edit| edit.file == id);
        let edits = of_file.copied();
        out.add(source.with_text(edited(source.text(), edits)));
    }
    out
}

/// `text` with `edits`, which come in order.
fn edited<'e>(text: &str, edits: impl Iterator<Item = &'e Edit>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.start as usize]);
        out.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    out.push_str(&text[at..]);
    out
}
