use super::super::context::Context;
use super::super::reading::Gate;
use super::super::rule::{Check, Echo, Group, Level, Rule};
use crate::change::{Event, Variable};
use crate::diag::Problem;
use crate::server::{DIFFERENCES, Difference, Version};
use crate::source::{FileId, Span};
use crate::subst::Template;
use crate::text::escape;
use crate::workflow::File;
use crate::yaml::Data;

pub(super) static RULE: Rule = Rule {
    id: "version-too-old",
    group: Group::Correctness,
    level: Level::Error,
    since: "0.1.0",
    summary: "something that only newer servers know",
    page: include_str!("version_too_old.md"),
    echo: Some(Echo::SameBytes),
    checks: &[Check::File(keys_and_variables), Check::Gate(events)],
};

/// Keys at the top of a workflow, and the difference that brought them.
const KEYS: [(&str, Difference); 1] = [("concurrency", Difference::Concurrency)];
/// The same of events.
const EVENTS: [(Event, Difference); 1] = [(Event::PullRequestMetadata, Difference::PullRequestMetadata)];

fn keys_and_variables(file: &File<'_>, context: &Context<'_>, out: &mut Vec<Problem>) {
    let server = context.server;
    let root = file.document().and_then(|document| Some((document, document.root()?)));
    if let Some((document, root)) = root
        && let Data::Mapping { pairs, .. } = &document.node(root).data
    {
        for &(key, _) in pairs {
            let key = document.node(key);
            let name = if let Data::Scalar { value, .. } = &key.data { value.as_ref() } else { continue };
            let new = KEYS.iter().find(|(known, difference)| *known == name && !server.has(*difference));
            if let Some(since) = new.and_then(|(_, difference)| since(*difference)) {
                out.push(too_old(file.id(), key.span, &format!("`{name}`"), server, since));
            }
        }
    }
    for variable in file.template().into_iter().flat_map(Template::variables) {
        let since = Variable::find(variable.name).and_then(|known| known.since);
        if let Some(since) = since.filter(|&since| since > server) {
            let what = format!("the variable `{}`", escape(variable.name));
            out.push(too_old(file.id(), variable.name_span, &what, server, since));
        }
    }
}

fn events(gate: &Gate<'_>, out: &mut Vec<Problem>) {
    let server = gate.reading.context.server;
    for glob in gate.when.entries.iter().flat_map(|entry| &entry.event.include) {
        let is_new = |(event, difference): &&(Event, Difference)| {
            event.as_str() == glob.pattern.text() && !server.has(*difference)
        };
        if let Some((event, since)) = EVENTS.iter().find(is_new).and_then(|(event, it)| Some((event, since(*it)?))) {
            let span = gate.reading.part(&glob.place, Span::new(0, event.as_str().len() as u32));
            out.push(too_old(gate.reading.id(), span, &format!("the event `{event}`"), server, since));
        }
    }
}

fn since(difference: Difference) -> Option<Version> {
    DIFFERENCES.iter().find(|row| row.difference == difference)?.since
}

fn too_old(file: FileId, span: Span, what: &str, server: Version, since: Version) -> Problem {
    let problem =
        RULE.problem(format!("Woodpecker {server} does not know {what}")).label(file, span, format!("since {since}"));
    problem.help(format!("remove it, or use server {since} or later"))
}
