//! The matrix: one workflow for each combination of values.

use std::collections::BTreeMap;

use super::problem::decode_problem;
use crate::diag::Problem;
use crate::server::{Difference, Version};
use crate::source::{FileId, MAX_LEN, OffsetMap};
use crate::yaml::{Decode, Decoder, Dialect, Document, Field, NodeId};

/// The values of one workflow: axis name to value. Empty without a matrix.
pub type Axis = BTreeMap<String, String>;

/// The most combinations that the server makes.
const MAX_COMBINATIONS: usize = 27;
/// The most axes that the server combines; further ones, in the order of their names, are left out.
const MAX_AXES: usize = 12;

/// The matrix of `document`, which must be the file as it was written: substitution comes later. At least one axis, which is empty
/// when there is no matrix.
///
/// # Errors
/// What the server refuses the file for. And more combinations than [`MAX_LEN`] bytes of workflows: the server has no such bound on what
/// `include` lists, and reads the whole file for each.
pub fn axes(document: &Document<'_>, file: FileId, server: Version) -> Result<Vec<Axis>, Vec<Problem>> {
    let map = OffsetMap::identity(document.text().len() as u32);
    let problem = |error: &_| decode_problem(error, &map, file);
    let mut decoder = Decoder::new(document, Dialect::from(server)).map_err(|error| vec![problem(&error)])?;
    let Some(root) = document.root() else { return Ok(vec![Axis::new()]) };

    // The server reads the file twice, first for `include` alone, and forgets the errors of that.
    let mut listed = Vec::new();
    let (mut key, mut value) = (root, root);
    let first = matrix(&mut decoder, root, |decoder, field| {
        (key, value) = (field.key, decoder.follow(field.value));
        include(decoder, field.value, &mut listed)
    });
    if decoder.take_errors().is_empty() && first.is_ok() && !listed.is_empty() {
        return bounded(listed, document, file, key);
    }
    let mut crossed = BTreeMap::new();
    let second = matrix(&mut decoder, root, |decoder, field| cross_axes(decoder, field.value, &mut crossed));
    let errors = decoder.take_errors();
    if !errors.is_empty() || second.is_err() {
        return Err(errors.iter().map(problem).collect());
    }
    let empty = crossed.values().any(Vec::is_empty);
    if empty && crossed.values().any(|values| !values.is_empty()) && !server.has(Difference::EmptyAxisIgnored) {
        let message = "an empty matrix axis beside others crashes servers before 3.17";
        let problem = Problem::error("empty-axis", message).label(file, document.node(value).span, "here");
        return Err(vec![problem.help("remove the empty axis, or give it a value")]);
    }
    bounded(cross(crossed), document, file, key)
}

/// Refuses more workflows than can be read in the time and memory of the longest file; `key` is that of the matrix.
fn bounded(axes: Vec<Axis>, document: &Document<'_>, file: FileId, key: NodeId) -> Result<Vec<Axis>, Vec<Problem>> {
    if axes.len().saturating_mul(document.text().len()) <= MAX_LEN {
        return Ok(axes);
    }
    let message =
        format!("the matrix makes {} workflows of this file, together longer than {MAX_LEN} bytes", axes.len());
    let problem = Problem::error("too-large", message).label(file, document.node(key).span, "here");
    Err(vec![problem.help("list fewer combinations")])
}

/// Calls `read` with the top-level field `matrix`.
fn matrix(
    decoder: &mut Decoder<'_, '_>,
    root: NodeId,
    mut read: impl FnMut(&mut Decoder<'_, '_>, &Field<'_>) -> Decode<()>,
) -> Decode<()> {
    decoder.fields(
        root,
        &["matrix"],
        |decoder, field| {
            if field.name == "matrix" { read(decoder, &field) } else { Ok(()) }
        },
    )?;
    Ok(())
}

fn include(decoder: &mut Decoder<'_, '_>, id: NodeId, listed: &mut Vec<Axis>) -> Decode<()> {
    decoder.fields(id, &["include"], |decoder, field| {
        if field.name == "include" {
            listed.clear();
            decoder.items(field.value, |decoder, item| {
                if let Some(entries) = decoder.string_map(item)? {
                    let pair = |entry: crate::yaml::Entry<std::borrow::Cow<'_, str>, crate::yaml::Text<'_>>| {
                        (entry.key.into_owned(), entry.value.value.into_owned())
                    };
                    listed.push(entries.into_iter().map(pair).collect());
                }
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

fn cross_axes(decoder: &mut Decoder<'_, '_>, id: NodeId, axes: &mut BTreeMap<String, Vec<String>>) -> Decode<()> {
    decoder.keyed(id, |decoder, field| {
        let values = decoder.strings(field.value)?;
        let present = values.is_some() || decoder.is_null(field.value);
        let values = values.unwrap_or_default().into_iter().map(|text| text.value.into_owned()).collect();
        if present {
            axes.insert(field.name.into_owned(), values);
        }
        Ok(())
    })?;
    Ok(())
}

/// The combinations, the last axis varying fastest.
fn cross(axes: BTreeMap<String, Vec<String>>) -> Vec<Axis> {
    let axes: Vec<(String, Vec<String>)> = axes.into_iter().filter(|(_, values)| !values.is_empty()).collect();
    if axes.is_empty() {
        return vec![Axis::new()];
    }
    // Saturating: only the first few combinations are made.
    let count = axes.iter().fold(1_usize, |count, (_, values)| count.saturating_mul(values.len()));
    let combination = |number: usize| {
        let mut stride = count;
        let pick = |(name, values): &(String, Vec<String>)| {
            stride /= values.len();
            let value = values.get(number.checked_div(stride).unwrap_or(0) % values.len());
            (name.clone(), value.cloned().unwrap_or_default())
        };
        axes.iter().take(MAX_AXES).map(pick).collect()
    };
    (0..count.min(MAX_COMBINATIONS)).map(combination).collect()
}
