//! What the steps of a workflow do: their commands and settings, which no verdict hangs on.
//!
//! [`lower`](super::lower) only counts them: most readers of a workflow never ask. They are read from the document once more, for
//! whoever does.

use std::borrow::Cow;

use super::lower::Lowering;
use super::model::{Place, Step};
use crate::server::Version;
use crate::source::{OffsetMap, Span};
use crate::yaml::{Data, Decode, Decoder, Dialect, Document, Key, NodeId, Text, Value, ValueData};

/// A text, and the way from its bytes to those of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The text.
    pub value: String,
    /// Where it stands.
    pub place: Place,
    /// From its bytes to those of the file as it was written.
    pub map: OffsetMap,
}

impl Written {
    /// Where the bytes `part` of the text stand in the file as it was written.
    pub fn part(&self, part: Span) -> Span {
        self.map.to_source(part)
    }
}

/// A key under `settings` or `environment`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The key.
    pub name: String,
    /// The value, or the items of the list. A map is a list of its `key=value`.
    pub values: Vec<Written>,
    /// Some of it is no plain value, and left out: a secret, a list in a list.
    pub partial: bool,
}

/// What a step does.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// The commands, in order: one script.
    pub commands: Vec<Written>,
    /// The settings, merged maps included.
    pub settings: Vec<Setting>,
    /// The environment, where it is a map.
    pub environment: Vec<Setting>,
    /// The folder that the commands start in, relative to the workspace.
    pub directory: Option<Written>,
}

/// Reads what `steps`, which were lowered from `document` through `map` for `server`, do; in the same order. What the server would refuse
/// is left out.
pub fn contents<'s>(
    document: &Document<'_>,
    map: &OffsetMap,
    server: Version,
    steps: impl IntoIterator<Item = &'s Step>,
) -> Vec<Content> {
    let Ok(mut decoder) = Decoder::new(document, Dialect::from(server)) else { return Vec::new() };
    let reader = Reader { lowering: Lowering { server, map }, document };
    steps
        .into_iter()
        .map(|step| step.place.node.map_or_else(Content::default, |id| reader.step(&mut decoder, id)))
        .collect()
}

struct Reader<'r> {
    lowering: Lowering<'r>,
    document: &'r Document<'r>,
}

impl Reader<'_> {
    fn step(&self, decoder: &mut Decoder<'_, '_>, id: NodeId) -> Content {
        let mut content = Content::default();
        // What is refused was reported when the step was lowered.
        let _refused = decoder.fields(id, &[], |decoder, field| {
            match &*field.name {
                "commands" => {
                    let texts = decoder.string_or_list(field.value)?.unwrap_or_default();
                    content.commands = texts.iter().map(|text| self.text(decoder, text)).collect();
                }
                "directory" => content.directory = decoder.str(field.value)?.map(|text| self.text(decoder, &text)),
                "settings" => content.settings = self.settings(decoder, field.value)?,
                "environment" => content.environment = self.settings(decoder, field.value)?,
                _ => {}
            }
            Ok(())
        });
        drop(decoder.take_errors());
        content
    }

    fn settings(&self, decoder: &mut Decoder<'_, '_>, id: NodeId) -> Decode<Vec<Setting>> {
        let entries = decoder.map(id)?.unwrap_or_default().entries;
        let named = entries.iter().filter_map(|entry| match &entry.key {
            Key::Str(name) => Some((name, &entry.value)),
            _ => None,
        });
        Ok(named.map(|(name, value)| self.setting(decoder, name, value)).collect())
    }

    fn setting(&self, decoder: &Decoder<'_, '_>, name: &str, value: &Value<'_>) -> Setting {
        let mut values = Vec::new();
        let mut all = true;
        match &value.data {
            ValueData::List(items) => {
                for item in items {
                    all &= self.scalar(decoder, "", item).is_some_and(|text| {
                        values.push(text);
                        true
                    });
                }
            }
            // The server puts the secret there.
            ValueData::Map(map) if map.get("from_secret").is_some() => all = false,
            ValueData::Map(map) => {
                for entry in &map.entries {
                    let text = match &entry.key {
                        Key::Str(key) => self.scalar(decoder, &format!("{key}="), &entry.value),
                        _ => None,
                    };
                    all &= text.map(|text| values.push(text)).is_some();
                }
            }
            _ => all = self.scalar(decoder, "", value).map(|text| values.push(text)).is_some(),
        }
        Setting { name: name.to_owned(), values, partial: !all }
    }

    /// The text of a plain value, behind `prefix`.
    fn scalar(&self, decoder: &Decoder<'_, '_>, prefix: &str, value: &Value<'_>) -> Option<Written> {
        let node = self.document.node(value.node);
        if !matches!(node.data, Data::Scalar { .. }) || matches!(value.data, ValueData::Null) {
            return None;
        }
        let raw = decoder.raw_text(value.node);
        let text = Text { value: Cow::Borrowed(raw), node: value.node, via: value.via };
        let written = self.text(decoder, &text);
        if prefix.is_empty() {
            return Some(written);
        }
        let mut map = OffsetMap::new();
        map.replace(self.lowering.map.to_source(Span::at(node.span.start)), prefix.len() as u32);
        let len = raw.len() as u32;
        map.replace(written.place.span, len);
        Some(Written { value: format!("{prefix}{raw}"), map, place: written.place })
    }

    fn text(&self, decoder: &Decoder<'_, '_>, text: &Text<'_>) -> Written {
        Written {
            value: text.value.clone().into_owned(),
            place: self.lowering.text_place(decoder, text),
            map: self.document.value_map(text.node).then(self.lowering.map),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Sources};
    use crate::workflow::File;

    #[test]
    fn commands_and_settings_are_read_with_the_places_of_their_bytes() {
        let text = "x: &args ['A=1', B=2]\nsteps:\n  - name: build\n    image: kaniko\n    directory: web\n    commands:\n      - >-\n        docker build\n        -f \"${X:-Dockerfile}\" .\n    \
                    settings: {build_args: *args, n: 3, m: {a: b}, s: {from_secret: t}, l: [[1], c]}\n    environment: {TAGS: a b}\n";
        let mut files = Sources::new();
        let id = files.add(Source::new("x.yaml", text));
        let server = Version::default();
        let file = File::read(&files[id], id, server);
        let rendered = file.render(&std::collections::BTreeMap::new()).expect("it substitutes");
        let lowered = file.lower(&rendered).expect("it is a workflow");
        let [content] = &contents(&lowered.document, &rendered.map, server, &lowered.workflow.steps)[..] else {
            unreachable!("one step")
        };
        let [command] = &content.commands[..] else { unreachable!("one command") };
        assert_eq!(command.value, "docker build -f \"Dockerfile\" .");
        let at = command.value.find("Dockerfile").expect("it is there") as u32;
        assert_eq!(files[id].slice(command.part(Span::new(at, at + 10))), "Dockerfile");
        assert_eq!(content.directory.as_ref().map(|text| text.value.as_str()), Some("web"));
        let settings: Vec<(&str, Vec<&str>, bool)> = content
            .settings
            .iter()
            .map(|it| (&*it.name, it.values.iter().map(|text| &*text.value).collect(), it.partial))
            .collect();
        assert_eq!(
            settings,
            [
                ("build_args", vec!["A=1", "B=2"], false),
                ("n", vec!["3"], false),
                ("m", vec!["a=b"], false),
                ("s", vec![], true),
                ("l", vec!["c"], true)
            ]
        );
        assert_eq!(content.environment[0].values[0].value, "a b");
        assert_eq!(files[id].slice(content.settings[0].values[1].place.span), "B=2");
    }
}
