//! `when`: the server's `constraint` package.

use super::lower::Lowering;
use super::model::{AxisFilter, Entry, Expression, Filter, Glob, PathFilter, Placed, When};
use crate::glob::Pattern;
use crate::server::Difference;
use crate::yaml::{Decode, Decoder, NodeId, Shape, Text};

/// `when`: a map, or a list of maps.
pub(super) fn when(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<When> {
    let mut entries = Vec::new();
    let read = decoder.by_kind(id, |decoder, id, kind| match kind {
        Shape::Sequence => {
            decoder.items(id, |decoder, item| {
                // A null in a list of structs vanishes.
                if !decoder.is_null(item) {
                    entries.push(entry(decoder, lowering, item)?);
                }
                Ok(())
            })?;
            Ok(())
        }
        Shape::Mapping => {
            entries.push(entry(decoder, lowering, id)?);
            Ok(())
        }
        Shape::Scalar => decoder.refuse_kind(id, "a map or a list of maps"),
    })?;
    let place = read.map(|()| lowering.place(decoder, id));
    Ok(When { place, entries })
}

const KEYS: &[&str] = &[
    "ref",
    "repo",
    "instance",
    "platform",
    "environment",
    "branch",
    "cron",
    "status",
    "matrix",
    "local",
    "path",
    "evaluate",
    "event",
];

fn entry(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<Entry> {
    let server = lowering.server;
    let mut entry = Entry { place: lowering.place(decoder, id), ..Entry::default() };
    decoder.fields(id, KEYS, |decoder, field| {
        let value = field.value;
        match &*field.name {
            "ref" => entry.git_ref = filter(decoder, lowering, value)?,
            "repo" => entry.repo = filter(decoder, lowering, value)?,
            "instance" => entry.instance = filter(decoder, lowering, value)?,
            "platform" => entry.platform = filter(decoder, lowering, value)?,
            "branch" => entry.branch = filter(decoder, lowering, value)?,
            "cron" => entry.cron = filter(decoder, lowering, value)?,
            "environment" if server.has(Difference::EnvironmentFilter) => {
                entry.environment = filter(decoder, lowering, value)?;
            }
            "event" if server.has(Difference::ExactEvents) => entry.event = names(decoder, lowering, value)?,
            "event" => entry.event = filter(decoder, lowering, value)?,
            "status" if server.has(Difference::StatusOfMatchingEntries) => {
                entry.status = names(decoder, lowering, value)?;
            }
            "status" => entry.status = filter(decoder, lowering, value)?,
            "matrix" => entry.matrix = axis_filter(decoder, lowering, value)?,
            "local" => drop(flag(decoder, lowering, value)?),
            "path" => entry.path = path(decoder, lowering, value)?,
            "evaluate" => {
                let text = decoder.str(value)?.filter(|text| !text.value.is_empty());
                entry.evaluate = text.map(|text| expression(decoder, lowering, text));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(entry)
}

fn expression(decoder: &Decoder<'_, '_>, lowering: &Lowering<'_>, text: Text<'_>) -> Expression {
    let map = decoder.document().value_map(text.node).then(lowering.map);
    let Placed { value, place } = lowering.placed(decoder, text);
    Expression { value, place, map }
}

/// A bool that may be missing: `on_empty`, `local`.
fn flag(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<Option<bool>> {
    if lowering.server.has(Difference::TypedBooleans) { decoder.optional_bool(id) } else { decoder.bool_true(id) }
}

/// A string or a list of strings.
fn names(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<Filter> {
    let texts = decoder.string_or_list(id)?;
    let place = texts.is_some().then(|| lowering.place(decoder, id));
    Ok(Filter { place, include: globs(decoder, lowering, texts), exclude: Vec::new() })
}

/// A string, a list of strings, or a map with `include` and `exclude`.
pub(super) fn filter(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<Filter> {
    let mut out = Filter::default();
    let read = decoder.by_kind(id, |decoder, id, kind| {
        if kind != Shape::Mapping {
            let texts = decoder.string_or_list(id)?;
            out.include = globs(decoder, lowering, texts);
            return Ok(());
        }
        decoder.fields(id, &["include", "exclude"], |decoder, field| {
            match &*field.name {
                "include" => out.include = list(decoder, lowering, field.value)?,
                "exclude" => out.exclude = list(decoder, lowering, field.value)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(())
    })?;
    out.place = read.map(|()| lowering.place(decoder, id));
    Ok(out)
}

/// `path`: as [`filter`], with `ignore_message` and `on_empty`.
fn path(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<PathFilter> {
    let mut out = PathFilter::default();
    let read = decoder.by_kind(id, |decoder, id, kind| {
        if kind != Shape::Mapping {
            let texts = decoder.string_or_list(id)?;
            out.include = globs(decoder, lowering, texts);
            return Ok(());
        }
        decoder.fields(id, &["include", "exclude", "ignore_message", "on_empty"], |decoder, field| {
            let value = field.value;
            match &*field.name {
                "include" => out.include = list(decoder, lowering, value)?,
                "exclude" => out.exclude = list(decoder, lowering, value)?,
                "ignore_message" => {
                    let text = decoder.str(value)?;
                    out.ignore_message = text.map(|text| lowering.placed(decoder, text)).unwrap_or_default();
                }
                "on_empty" => {
                    let flag = flag(decoder, lowering, value)?;
                    out.on_empty = flag.map(|value| Placed { value, place: lowering.place(decoder, field.value) });
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(())
    })?;
    out.place = read.map(|()| lowering.place(decoder, id));
    Ok(out)
}

fn list(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<Vec<Glob>> {
    let texts = decoder.string_or_list(id)?;
    // The list itself may be an alias, which its items do not know of.
    let alias = if decoder.follow(id) == id { Vec::new() } else { lowering.place(decoder, id).via };
    let mut globs = globs(decoder, lowering, texts);
    for glob in globs.iter_mut().filter(|glob| glob.place.via.is_empty()) {
        glob.place.via.clone_from(&alias);
    }
    Ok(globs)
}

fn globs(decoder: &Decoder<'_, '_>, lowering: &Lowering<'_>, texts: Option<Vec<Text<'_>>>) -> Vec<Glob> {
    texts.unwrap_or_default().iter().map(|text| glob(decoder, lowering, text)).collect()
}

fn glob(decoder: &Decoder<'_, '_>, lowering: &Lowering<'_>, text: &Text<'_>) -> Glob {
    let (place, map) = (lowering.text_place(decoder, text), lowering.substituted(decoder, text.node));
    Glob { pattern: Pattern::parse(&text.value), place, map }
}

fn axis_filter(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<AxisFilter> {
    let Some(read) = decoder.map_filter(id)? else { return Ok(AxisFilter::default()) };
    let place = Some(lowering.place(decoder, id));
    let globs = |entries: Vec<crate::yaml::Entry<std::borrow::Cow<'_, str>, Text<'_>>>| {
        let pairs = entries.into_iter().map(|entry| {
            let glob = glob(decoder, lowering, &entry.value);
            (entry.key.into_owned(), glob)
        });
        pairs.collect()
    };
    Ok(AxisFilter { place, include: globs(read.include), exclude: globs(read.exclude) })
}
