//! What only server 2.x knows: keys and shapes that 3.0 removed.

use super::lower::{Lowering, takes_branches, use_pipeline};
use super::model::{Filter, Placed, Step, Workflow};
use super::{step, when};
use crate::diag::Problem;
use crate::source::FileId;
use crate::yaml::{Data, Decode, Decoder, Field, Map, NodeId, Shape};

/// The removed keys at the top of a file.
#[derive(Debug, Default)]
pub(super) struct Top {
    branches: Option<Filter>,
    pipeline: Vec<Step>,
    seen: Vec<Placed<&'static str>>,
}

impl Top {
    /// Reads the key `name`, if it is one of them.
    pub(super) fn key(
        &mut self,
        decoder: &mut Decoder<'_, '_>,
        lowering: &Lowering<'_>,
        name: &str,
        field: &Field<'_>,
    ) -> Decode<()> {
        let value = field.value;
        let seen = match name {
            "platform" => decoder.str(value)?.is_some_and(|text| !text.value.is_empty()).then_some("platform"),
            "branches" => {
                let filter = when::filter(decoder, lowering, value)?;
                self.branches = filter.place.is_some().then_some(filter);
                self.branches.is_some().then_some("branches")
            }
            "pipeline" => {
                self.pipeline = step::steps(decoder, lowering, value)?;
                (!decoder.is_null(value)).then_some("pipeline")
            }
            "networks" => {
                named_drivers(decoder, value)?;
                None
            }
            "volumes" => {
                // The server prints this node and parses it again, which loses anchors from elsewhere.
                if !decoder.is_null(value) && !decoder.is_self_contained(value) {
                    decoder.refuse_kind(value, "a map whose aliases have their anchors inside of it")?;
                }
                named_drivers(decoder, value)?;
                None
            }
            _ => None,
        };
        self.seen.extend(seen.map(|value| Placed { value, place: lowering.place(decoder, field.key) }));
        Ok(())
    }

    /// Puts the removed keys where their successors are.
    pub(super) fn apply(self, workflow: &mut Workflow, file: FileId, problems: &mut Vec<Problem>) {
        if let Some(branches) = self.branches {
            if takes_branches(&workflow.when) {
                match workflow.when.entries.as_mut_slice() {
                    [one] => one.branch = branches,
                    _ => workflow.when.entries.push(crate::workflow::Entry { branch: branches, ..Default::default() }),
                }
            } else {
                let message = "`branches` beside a `when` that filters branches itself, or has several entries";
                let place = branches.place.unwrap_or_default();
                let problem = Problem::error("wrong-value", message).label(file, place.span, "here");
                problems.push(problem.help("put the branches into `when`"));
            }
        }
        use_pipeline(workflow, self.pipeline);
        workflow.legacy_keys = self.seen;
    }
}

/// A map from names to maps with `name`, `driver` and `driver_opts`.
fn named_drivers(decoder: &mut Decoder<'_, '_>, value: NodeId) -> Decode<()> {
    decoder.keyed(value, |decoder, field| {
        decoder.fields(field.value, &["name", "driver", "driver_opts"], |decoder, field| {
            match &*field.name {
                "name" | "driver" => drop(decoder.str(field.value)?),
                "driver_opts" => drop(decoder.string_map(field.value)?),
                _ => {}
            }
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

/// The removed keys of a step.
pub(super) fn step_key(
    decoder: &mut Decoder<'_, '_>,
    lowering: &Lowering<'_>,
    name: &str,
    field: &Field<'_>,
    step: &mut Step,
) -> Decode<()> {
    let value = field.value;
    match name {
        "group" => step.group = step::text(decoder, lowering, value)?.value,
        "cpuset" => drop(decoder.str(value)?),
        "cpu_quota" | "cpu_shares" => drop(number(decoder, value, |text| text.parse().ok())?),
        "mem_limit" | "memswap_limit" => drop(number(decoder, value, memory)?),
        "shm_size" => {
            let set = number(decoder, value, memory)?.is_some_and(|size| size != 0);
            step.powers.shm_size = set.then(|| lowering.place(decoder, field.key));
        }
        _ => {}
    }
    Ok(())
}

/// A number, or a text that `parse` makes one of.
fn number(decoder: &mut Decoder<'_, '_>, id: NodeId, parse: fn(&str) -> Option<i64>) -> Decode<Option<i64>> {
    decoder.unmarshal(id, |decoder, id| {
        let since = decoder.errors().len();
        if let Ok(Some(number)) = decoder.attempt(since, |decoder| decoder.int(id))? {
            return Ok(Some(number));
        }
        let text = decoder.attempt(since, |decoder| decoder.str(id))?.ok().flatten();
        match text.and_then(|text| parse(&text.value)) {
            Some(number) => Ok(Some(number)),
            None => decoder.refuse_kind(id, "a number").map(|()| None),
        }
    })
}

/// A size in bytes as Docker writes it: `512`, `10m`, `1.5 GiB`.
fn memory(text: &str) -> Option<i64> {
    let split = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))?;
    let (number, suffix) = match text.as_bytes()[split] {
        b' ' => (&text[..split], &text[split + 1..]),
        _ => text.split_at(split + 1),
    };
    let number: f64 = number.parse().ok().filter(|number: &f64| *number >= 0.0)?;
    let power = match suffix.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        "p" | "pb" | "pib" => 5,
        _ => return None,
    };
    Some((number * 1024_f64.powi(power)) as i64)
}

/// What `environment` sets.
pub(super) struct Environment<'d> {
    pub count: usize,
    pub is_list: bool,
    /// The values, of the map form, read in outline.
    pub map: Map<'d>,
}

/// `environment`: a map, or a list of `NAME=value`.
pub(super) fn environment<'d>(decoder: &mut Decoder<'d, '_>, id: NodeId) -> Decode<Environment<'d>> {
    let read = decoder.unmarshal(id, |decoder, id| {
        if matches!(decoder.document().node(id).data, Data::Sequence { .. }) {
            let list = decoder.text_list(id)?.unwrap_or_default();
            let mut names: Vec<&str> =
                list.iter().map(|text| text.value.trim().split('=').next().unwrap_or_default()).collect();
            names.sort_unstable();
            names.dedup();
            return Ok(Some(Environment { count: names.len(), is_list: true, map: Map::default() }));
        }
        let map = decoder.in_outline(|decoder| decoder.map(id))?.unwrap_or_default();
        Ok(Some(Environment { count: map.entries.len(), is_list: false, map }))
    })?;
    Ok(read.unwrap_or(Environment { count: 0, is_list: false, map: Map::default() }))
}

/// `secrets`: a list of names, or a list of maps with `source` and `target`. The names of the secrets, `source` of a map.
pub(super) fn secrets(
    decoder: &mut Decoder<'_, '_>,
    lowering: &Lowering<'_>,
    id: NodeId,
) -> Decode<Vec<Placed<String>>> {
    let names = decoder.by_kind(id, |decoder, id, kind| {
        // The server prints the node and parses it again, which loses anchors from elsewhere.
        if kind != Shape::Sequence || !decoder.is_self_contained(id) {
            return decoder.refuse_kind(id, "a list of secrets").map(|()| Vec::new());
        }
        let since = decoder.errors().len();
        if let Ok(Some(names)) = decoder.attempt(since, |decoder| decoder.strings(id))? {
            return Ok(names.into_iter().map(|name| lowering.placed(decoder, name)).collect());
        }
        let mut names = Vec::new();
        decoder.items(id, |decoder, item| {
            let mut source = Placed { value: String::new(), place: lowering.place(decoder, item) };
            decoder.fields(item, &["source", "target"], |decoder, field| {
                match &*field.name {
                    "source" => source = step::text(decoder, lowering, field.value)?,
                    "target" => drop(decoder.str(field.value)?),
                    _ => {}
                }
                Ok(())
            })?;
            names.push(source);
            Ok(())
        })?;
        Ok(names)
    })?;
    Ok(names.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::memory;

    #[test]
    fn sizes_are_read_as_docker_reads_them() {
        for (text, bytes) in [
            ("512", Some(512)),
            ("10m", Some(10 << 20)),
            ("1.5 GiB", Some(3 << 29)),
            ("1kb", Some(1024)),
            ("0", Some(0)),
            ("", None),
            ("m", None),
            ("-1", None),
            ("1x", None),
        ] {
            assert_eq!(memory(text), bytes, "{text}");
        }
    }
}
