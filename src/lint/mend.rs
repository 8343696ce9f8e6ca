//! From replacements in some reading of a file to edits of the file as it was written.

use crate::admission::Instead;
use crate::diag::{Edit, Fix, Safety};
use crate::edit::Replacement;
use crate::source::{OffsetMap, Span};
use crate::subst::Template;
use crate::workflow::File;

/// `replacements`, in the text that `map` leads from, as edits of `file`. `None` where they are not of bytes that stand in the file just so:
/// what came out of a `${…}` is no place to write to; or where substitution would make something else of what is written.
pub(super) fn edits(file: &File<'_>, map: &OffsetMap, replacements: Vec<Replacement>) -> Option<Vec<Edit>> {
    let edit = |replacement: Replacement| {
        let span = map.exact(replacement.span)?;
        let edit = Edit { file: file.id(), span, text: replacement.text };
        stays_as_written(file, &edit).then_some(edit)
    };
    replacements.into_iter().map(edit).collect()
}

/// The fix that writes a word in the place of others.
pub(super) fn write_instead(file: &File<'_>, instead: &Instead) -> Option<Fix> {
    let source = file.source();
    let replacement = |&span: &Span| {
        // In the quotes that it has, if it has any.
        let quotes = u32::from(source.slice(span).starts_with(['\'', '"']));
        Replacement::new(Span::new(span.start + quotes, span.end - quotes), instead.word)
    };
    let replacements = instead.spans.iter().map(replacement);
    let edits = if instead.same {
        // The name of a variable: what substitution reads is what is to change.
        replacements.map(|it| Edit { file: file.id(), span: it.span, text: it.text }).collect()
    } else {
        edits(file, &OffsetMap::identity(source.text().len() as u32), replacements.collect())?
    };
    let safety = if instead.same { Safety::Safe } else { Safety::Unsafe };
    Fix::new(safety, format!("write `{}`", instead.word), edits)
}

/// Whether substitution leaves alone what `edit` writes, and goes on to read the rest as before.
fn stays_as_written(file: &File<'_>, edit: &Edit) -> bool {
    let before = file.source().text().get(..edit.span.start as usize).unwrap_or_default();
    let starts = ["${", "$$", "\\\\", "\\/"];
    let expands = starts.iter().any(|start| edit.text.contains(start)) || edit.text.ends_with(['$', '\\']);
    let inside = |template: &Template<'_>| {
        let overlaps = |it: Span| it.start < edit.span.end && edit.span.start < it.end;
        let splits = |it: Span| it.start < edit.span.start && edit.span.start < it.end;
        template.variables().any(|it| overlaps(it.span) || splits(it.span))
    };
    !expands && !before.ends_with(['$', '\\']) && file.template().is_some_and(|template| !inside(template))
}
