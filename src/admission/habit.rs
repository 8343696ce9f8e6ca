//! Deprecations and bad habits: looked for in the file as it was written, before substitution.

use super::{Finding, Instead};
use crate::server::Difference;
use crate::source::Span;
use crate::text::escape;
use crate::workflow::{File, Place, Step, Workflow};

/// Variables that are deprecated, and what to use instead.
const DEPRECATED_VARIABLES: [(&str, &str); 3] = [
    ("CI_COMMIT_PRERELEASE", "CI_PIPELINE_RELEASE_PRE"),
    ("CI_COMMIT_AUTHOR_AVATAR", "CI_PIPELINE_AVATAR"),
    ("CI_PREV_COMMIT_AUTHOR_AVATAR", "CI_PREV_PIPELINE_AVATAR"),
];

pub(super) fn check(file: &File<'_>, out: &mut Vec<Finding>) {
    let Some(raw) = file.as_written() else { return };
    let (name, text, server) = (file.name(), file.source().text(), file.server());
    if let Some(place) = raw.runs_on.as_ref().filter(|_| server.has(Difference::RunsOnDeprecated)) {
        let finding = deprecated(&format!("{name}.runs_on"), "`runs_on` is deprecated");
        out.push(finding.at(place).help("use `when.status`"));
    }
    if server.has(Difference::DeprecatedVariables) {
        for (variable, instead) in DEPRECATED_VARIABLES {
            let spans: Vec<Span> = references(text, variable).collect();
            if let Some(&span) = spans.first() {
                let place = Place { span, ..Place::default() };
                let finding = deprecated(name, format!("variable `{variable}` is deprecated")).at(&place);
                let finding = finding.help(format!("use `{instead}`"));
                out.push(Finding { instead: Some(Instead { word: instead, spans, same: true }), ..finding });
            }
        }
    }
    if server.has(Difference::LegacyKeys) {
        legacy(raw, out);
    }
    event_filters(raw, out);
}

fn deprecated(field: &str, message: impl Into<String>) -> Finding {
    Finding::warning("deprecated", "deprecation", field, message)
}

/// Where `text` refers to the variable `name`: `${NAME}`, `$NAME` or `$$NAME`, up to the end of the word.
fn references<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Span> + 't {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    text.match_indices(name).filter_map(move |(at, _)| {
        let (before, after) = (&text[..at], &text.as_bytes()[at + name.len()..]);
        let braced = before.ends_with("${") && after.first() == Some(&b'}');
        let bare = before.ends_with('$') && !after.first().is_some_and(is_word);
        (braced || bare).then(|| Span::from(at..at + name.len()))
    })
}

/// What server 2.x said of keys that 3.0 removed.
fn legacy(raw: &Workflow, out: &mut Vec<Finding>) {
    for key in &raw.legacy_keys {
        let finding = deprecated(key.value, format!("`{}` is deprecated", key.value)).at(&key.place);
        let renamed =
            (key.value == "pipeline").then(|| Instead { word: "steps", spans: vec![key.place.span], same: true });
        out.push(Finding { instead: renamed, ..finding });
    }
    for step in &raw.steps {
        let name = &step.name.value;
        if !step.group.is_empty() {
            let finding = deprecated(&format!("steps.{name}.group"), "`group` is deprecated");
            out.push(finding.at(&step.name.place).help("use `depends_on`"));
        }
    }
    let whens = std::iter::once((String::new(), &raw.when));
    let whens = whens.chain(raw.steps.iter().map(|step| (format!("steps.{}.", step.name.value), &step.when)));
    for (prefix, when) in whens {
        for (at, entry) in when.entries.iter().enumerate() {
            if !entry.event.exclude.is_empty() {
                let finding = deprecated(&format!("{prefix}when[{at}].event"), "`exclude` of `event` is deprecated");
                out.push(finding.at(&entry.place).help("list the events to include"));
            }
            if !entry.environment.include.is_empty() || !entry.environment.exclude.is_empty() {
                let field = format!("{prefix}when[{at}].environment");
                let finding = deprecated(&field, "`environment` in `when` is deprecated").at(&entry.place);
                out.push(finding.help("use `evaluate` with `CI_PIPELINE_DEPLOY_TARGET`"));
            }
        }
    }
    for (area, steps) in [("clone", &raw.clone), ("steps", &raw.steps), ("services", &raw.services)] {
        for step in steps.iter().filter(|step| step.environment_is_list) {
            let field = format!("{area}.{}.environment", step.name.value);
            let finding = deprecated(&field, "a list under `environment` is deprecated").at(&step.name.place);
            out.push(finding.help("use a map"));
        }
    }
}

/// A step without an event filter, unless every entry of the workflow's own `when` has one.
fn event_filters(raw: &Workflow, out: &mut Vec<Finding>) {
    let entries = &raw.when.entries;
    if !entries.is_empty() && entries.iter().all(|entry| !entry.event.include.is_empty()) {
        return;
    }
    out.extend(raw.steps.iter().filter_map(no_event_filter));
}

fn no_event_filter(step: &Step) -> Option<Finding> {
    let name = &step.name.value;
    let shown = escape(name);
    let finding = |field, message| Finding::warning("no-event-filter", "bad_habit", field, message);
    let finding = if step.when.entries.is_empty() {
        finding(format!("steps.{name}"), format!("step `{shown}` runs on every event")).at(&step.name.place)
    } else {
        let (at, entry) = step.when.entries.iter().enumerate().find(|(_, entry)| entry.event.include.is_empty())?;
        finding(format!("steps.{name}.when[{at}]"), format!("this entry of step `{shown}` lets every event through"))
            .at(&entry.place)
    };
    Some(finding.help("add `event` to it, or to every entry of the workflow's `when`"))
}
