//! The rules as a JSON Schema (draft 7, which editors know best).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::rule::{Kinds, Named, Object, Rest, Rule};
use super::tables::WORKFLOW;
use crate::server::Version;

/// The schema of a workflow file for `server`, with a description for each key: for `yaml-language-server` and its like.
///
/// It takes and refuses what [`check`](super::check) does.
pub fn json(server: Version) -> Value {
    let mut renderer = Renderer { server, definitions: BTreeMap::new() };
    let Value::Object(root) = renderer.object(&WORKFLOW) else { return Value::Null };
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".to_owned(), json!("Woodpecker workflow"));
    schema.extend(root);
    let definitions = renderer.definitions.into_iter().map(|(name, schema)| (name.to_owned(), schema));
    schema.insert("definitions".to_owned(), Value::Object(definitions.collect()));
    Value::Object(schema)
}

struct Renderer {
    server: Version,
    definitions: BTreeMap<&'static str, Value>,
}

impl Renderer {
    fn rule(&mut self, rule: Rule) -> Value {
        match rule {
            Rule::Any => json!({}),
            Rule::Type(kinds) => json!({ "type": types(kinds) }),
            Rule::Enum { words, kinds: Kinds::ANY } => json!({ "enum": words }),
            Rule::Enum { words, kinds } => json!({ "type": types(kinds), "enum": words }),
            Rule::Uri => json!({ "type": "string", "format": "uri" }),
            Rule::AtLeast(least) => json!({ "type": "integer", "minimum": least }),
            Rule::Items(item) => json!({ "type": "array", "items": self.rule(*item) }),
            Rule::Object(object) => self.object(object),
            Rule::OneOf(rules) => json!({ "oneOf": self.rules(rules) }),
            Rule::AnyOf(rules) => json!({ "anyOf": self.rules(rules) }),
            Rule::AllOf(rules) => json!({ "allOf": self.rules(rules) }),
            Rule::Required([key]) => json!({ "required": [key] }),
            Rule::Required(keys) => {
                let each: Vec<Value> = keys.iter().map(|key| json!({ "required": [key] })).collect();
                json!({ "anyOf": each })
            }
            Rule::UnlessTrue { key, rule } => {
                let condition = json!({ "properties": { key: { "const": true } } });
                json!({ "if": condition, "then": {}, "else": self.rule(*rule) })
            }
            Rule::Named(named) => self.named(named),
            // Not its plain form: a name is kept.
            Rule::Since { release, new, old } => self.rule(if release <= self.server { *new } else { *old }),
        }
    }

    fn rules(&mut self, rules: &[Rule]) -> Vec<Value> {
        rules.iter().map(|rule| self.rule(*rule)).collect()
    }

    /// A reference to the rule, which is rendered when it is met first.
    fn named(&mut self, named: &'static Named) -> Value {
        if !self.definitions.contains_key(named.name) {
            self.definitions.insert(named.name, Value::Null);
            let schema = describe(named.about, self.rule(named.rule));
            self.definitions.insert(named.name, schema);
        }
        json!({ "$ref": format!("#/definitions/{}", named.name) })
    }

    fn object(&mut self, object: &Object) -> Value {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        if !object.required.is_empty() {
            schema.insert("required".to_owned(), json!(object.required));
        }
        if object.not_empty {
            schema.insert("minProperties".to_owned(), json!(1));
        }
        if !object.also.is_empty() {
            schema.insert("allOf".to_owned(), Value::Array(self.rules(object.also)));
        }
        let server = self.server;
        let known = object.keys.iter().filter(|key| key.listed.contain(server));
        let keys: Map<String, Value> =
            known.map(|key| (key.name.to_owned(), describe(key.about, self.rule(key.rule)))).collect();
        if !keys.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(keys));
        }
        match object.rest {
            Rest::Allowed => {}
            Rest::Forbidden => {
                schema.insert("additionalProperties".to_owned(), json!(false));
            }
            Rest::Each(rule) => {
                let rest = self.rule(*rule);
                schema.insert("additionalProperties".to_owned(), rest);
            }
        }
        Value::Object(schema)
    }
}

/// `schema` with a description in front. Draft 7 ignores what stands beside a reference; editors do not.
fn describe(about: &str, schema: Value) -> Value {
    let mut described = Map::new();
    described.insert("description".to_owned(), json!(about));
    if let Value::Object(schema) = schema {
        described.extend(schema);
    }
    Value::Object(described)
}

fn types(kinds: Kinds) -> Value {
    let mut names: Vec<&str> = kinds.json_names().collect();
    match (names.pop(), names.is_empty()) {
        (Some(name), true) => json!(name),
        (last, _) => json!(names.into_iter().chain(last).collect::<Vec<_>>()),
    }
}
