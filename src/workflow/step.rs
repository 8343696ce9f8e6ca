//! Steps, services and clone steps: the server's `Container`.

use super::legacy;
use super::lower::Lowering;
use super::model::{Defect, Dependency, Place, Placed, Step};
use super::{settings, when};
use crate::server::Difference;
use crate::yaml::{Decode, Decoder, Field, Key, Map, NodeId, Shape, Text, Value, ValueData};

/// A list of steps, or a map from names to steps. Merge keys of the map are not followed: the server walks the pairs by itself.
pub(super) fn steps(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<Vec<Step>> {
    let mut steps = Vec::new();
    decoder.by_kind(id, |decoder, id, kind| {
        match kind {
            Shape::Mapping => {
                for &(key, value) in decoder.pairs(id).unwrap_or_default() {
                    let name = Placed { value: decoder.raw_text(key).to_owned(), place: lowering.place(decoder, key) };
                    steps.extend(decoder.separate(|decoder| step(decoder, lowering, value, name))?);
                }
            }
            Shape::Sequence => {
                let items: Vec<(NodeId, Option<NodeId>)> = decoder.elements(id).into_iter().flatten().collect();
                for (at, (item, _)) in items.into_iter().enumerate() {
                    let name = Placed { value: format!("step-{at}"), place: lowering.place(decoder, item) };
                    steps.extend(decoder.separate(|decoder| step(decoder, lowering, item, name))?);
                }
            }
            Shape::Scalar => decoder.refuse_kind(id, "a list or a map of steps")?,
        }
        Ok(())
    })?;
    Ok(steps)
}

const KEYS: &[&str] = &[
    "name",
    "image",
    "pull",
    "commands",
    "entrypoint",
    "directory",
    "settings",
    "environment",
    "depends_on",
    "when",
    "failure",
    "detach",
    "volumes",
    "ports",
    "dns",
    "dns_search",
    "backend_options",
    "secrets",
    "privileged",
    "devices",
    "extra_hosts",
    "network_mode",
    "tmpfs",
    "group",
    "cpu_quota",
    "cpuset",
    "cpu_shares",
    "mem_limit",
    "memswap_limit",
    "shm_size",
];

/// One step; `name` is the one it has without a `name` of its own.
fn step(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId, name: Placed<String>) -> Decode<Step> {
    let mut step = Step { place: lowering.place(decoder, id), ..Step::default() };
    decoder.fields(id, KEYS, |decoder, field| key(decoder, lowering, &field, &mut step))?;
    if step.name.value.is_empty() {
        step.name = name;
    }
    Ok(step)
}

fn key<'d>(decoder: &mut Decoder<'d, '_>, lowering: &Lowering<'_>, field: &Field<'d>, step: &mut Step) -> Decode<()> {
    let value = field.value;
    let place = |decoder: &Decoder<'_, '_>| lowering.place(decoder, field.key);
    match &*field.name {
        "name" => step.name = text(decoder, lowering, value)?,
        "image" => step.image = text(decoder, lowering, value)?,
        "pull" => drop(decoder.bool(value)?),
        "detach" => step.detach = decoder.bool(value)?.unwrap_or_default(),
        "privileged" => {
            let set = decoder.bool(value)?.unwrap_or_default();
            step.powers.privileged = set.then(|| place(decoder));
        }
        "commands" => step.commands = count(decoder, |decoder| decoder.string_or_list(value))?,
        "entrypoint" => step.entrypoint = count(decoder, |decoder| decoder.string_or_list(value))?,
        "directory" | "failure" => drop(decoder.in_outline(|decoder| decoder.str(value))?),
        "settings" => {
            let map = decoder.in_outline(|decoder| decoder.map(value))?.unwrap_or_default();
            step.settings = map.entries.len();
            defects(decoder, lowering, &map, true, step);
        }
        "environment" if lowering.server.has(Difference::LegacySecrets) => {
            let read = legacy::environment(decoder, value)?;
            step.environment = read.count;
            step.environment_is_list = read.is_list;
            defects(decoder, lowering, &read.map, false, step);
        }
        "environment" => {
            let map = decoder.in_outline(|decoder| decoder.map(value))?.unwrap_or_default();
            step.environment = map.entries.len();
            defects(decoder, lowering, &map, false, step);
        }
        "depends_on" => step.depends_on = dependencies(decoder, lowering, value)?,
        "when" => step.when = when::when(decoder, lowering, value)?,
        "backend_options" => drop(decoder.in_outline(|decoder| decoder.map(value))?),
        "volumes" => step.powers.volumes = lists(decoder, |it| it.text_list(value))?.then(|| place(decoder)),
        "dns" => step.powers.dns = lists(decoder, |it| it.string_or_list(value))?.then(|| place(decoder)),
        "dns_search" => step.powers.dns_search = lists(decoder, |it| it.string_or_list(value))?.then(|| place(decoder)),
        "devices" => step.powers.devices = lists(decoder, |it| it.strings(value))?.then(|| place(decoder)),
        "tmpfs" => step.powers.tmpfs = lists(decoder, |it| it.strings(value))?.then(|| place(decoder)),
        "network_mode" => {
            let mode = text(decoder, lowering, value)?;
            step.powers.network_mode = (!mode.value.is_empty()).then_some(mode);
        }
        "ports" => {
            let ports = decoder.strings(value)?.unwrap_or_default();
            step.defects.extend(ports.into_iter().filter_map(|port| bad_port(decoder, lowering, &port)));
        }
        "extra_hosts" => {
            let hosts = decoder.strings(value)?;
            step.powers.extra_hosts = hosts.as_ref().is_some_and(|hosts| !hosts.is_empty()).then(|| place(decoder));
            let hosts = hosts.unwrap_or_default();
            step.defects.extend(hosts.into_iter().filter_map(|host| bad_host(decoder, lowering, &host)));
        }
        "secrets" if lowering.server.has(Difference::LegacySecrets) => {
            step.secrets_key = Some(place(decoder));
            step.secrets = legacy::secrets(decoder, lowering, value)?;
        }
        "secrets" if lowering.server.has(Difference::RemovedSecrets) => {
            step.secrets_key = Some(place(decoder));
            let items = decoder.values(value)?.unwrap_or_default();
            let secret = |item: Value<'_>| Placed {
                value: item.as_str().unwrap_or_default().to_owned(),
                place: lowering.place(decoder, item.node),
            };
            step.secrets = items.into_iter().map(secret).collect();
        }
        name if lowering.server.has(Difference::LegacyKeys) => {
            legacy::step_key(decoder, lowering, name, field, step)?;
        }
        _ => {}
    }
    Ok(())
}

/// How many texts `read` gives, of which nothing else counts.
fn count<'d, 't>(
    decoder: &mut Decoder<'d, 't>,
    read: impl FnOnce(&mut Decoder<'d, 't>) -> Decode<Option<Vec<Text<'d>>>>,
) -> Decode<usize> {
    Ok(decoder.in_outline(read)?.map_or(0, |list| list.len()))
}

/// Whether `read` gives any text, of which nothing else counts.
fn lists<'d, 't>(
    decoder: &mut Decoder<'d, 't>,
    read: impl FnOnce(&mut Decoder<'d, 't>) -> Decode<Option<Vec<Text<'d>>>>,
) -> Decode<bool> {
    Ok(count(decoder, read)? > 0)
}

pub(super) fn text(decoder: &mut Decoder<'_, '_>, lowering: &Lowering<'_>, id: NodeId) -> Decode<Placed<String>> {
    let text = decoder.str(id)?;
    Ok(text.map(|text| lowering.placed(decoder, text)).unwrap_or_default())
}

/// `depends_on` of a step, and of a workflow since server 3.15.
pub(super) fn dependencies(
    decoder: &mut Decoder<'_, '_>,
    lowering: &Lowering<'_>,
    id: NodeId,
) -> Decode<Option<Vec<Dependency>>> {
    if !lowering.server.has(Difference::OptionalDependencies) {
        let names = decoder.string_or_list(id)?;
        return Ok(names.map(|names| names.into_iter().map(|name| required(decoder, lowering, name)).collect()));
    }
    let read = decoder.dependencies(id)?;
    let dependency =
        |it: crate::yaml::Dependency<'_>| Dependency { optional: it.optional, ..required(decoder, lowering, it.name) };
    Ok(read.map(|list| list.into_iter().map(dependency).collect()))
}

pub(super) fn required(decoder: &Decoder<'_, '_>, lowering: &Lowering<'_>, name: Text<'_>) -> Dependency {
    let Placed { value: name, place } = lowering.placed(decoder, name);
    Dependency { name, optional: false, place }
}

/// A port is a number up to 65535, with `/protocol` or without.
fn bad_port(decoder: &Decoder<'_, '_>, lowering: &Lowering<'_>, port: &Text<'_>) -> Option<Defect> {
    let number = port.value.split('/').next().unwrap_or_default();
    let valid = number.bytes().all(|byte| byte.is_ascii_digit()) && number.parse::<u16>().is_ok();
    let message = "a port is a number from 0 to 65535, such as `8080` or `53/udp`";
    (!valid).then(|| defect(lowering.text_place(decoder, port), message))
}

fn bad_host(decoder: &Decoder<'_, '_>, lowering: &Lowering<'_>, host: &Text<'_>) -> Option<Defect> {
    let message = "an extra host is `name:address`";
    (!host.value.contains(':')).then(|| defect(lowering.text_place(decoder, host), message))
}

fn defect(place: Place, message: &str) -> Defect {
    Defect { place, message: message.to_owned(), in_settings: false }
}

/// What the server cannot convert in `map`, which was read in outline.
fn defects(decoder: &Decoder<'_, '_>, lowering: &Lowering<'_>, map: &Map<'_>, in_settings: bool, step: &mut Step) {
    for entry in &map.entries {
        let unnamed = matches!(&entry.key, Key::Str(key) if key.is_empty());
        if unnamed || matches!(entry.value.data, ValueData::Null) {
            continue;
        }
        settings::check(&entry.value, lowering.server, &mut |value, message| {
            let place = lowering.place(decoder, value.node);
            step.defects.push(Defect { place, message: message.to_owned(), in_settings });
        });
    }
}
