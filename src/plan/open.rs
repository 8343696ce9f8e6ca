//! What conditions ask about where they are not held against a change: see [`inquiry`](super::inquiry).

use std::borrow::Cow;

use super::facts::{Facts, Open};
use super::inquiry::{Doubt, Key, Question, Subject};
use super::reason::Reason;
use super::truth::Truth;
use crate::change::Event;
use crate::env::{Env, Lookup};
use crate::expr::{self, Dialect, ErrorKind, Expr, ExprError, Outcome};
use crate::source::Span;
use crate::workflow::Expression;

/// Stands for every text that an expression does not compare with: no text of an expression holds it.
const ANY_OTHER: &str = "\0";

impl Open<'_> {
    /// A clause that hangs on the server, turned into one that does or does not hold.
    pub(super) fn settle(self, reason: &Reason) -> Truth {
        let name = reason.value.clone().unwrap_or_default();
        let of = Subject::Clause(self.file, self.workflow, reason.span.unwrap_or_default());
        Truth::of(self.inquiry.ask(Question::Server(Doubt { name, of })))
    }

    /// What `expression` gives, which is not known yet because it hangs on the server. An error is one that is certain with the answers given.
    pub(super) fn evaluate(self, expression: &Expression, facts: &Facts<'_>) -> Result<Truth, ExprError> {
        let text = &expression.value;
        // It compiled a moment ago.
        let compiled = Expr::compile(text, Dialect::from(facts.server), facts.env)?;
        let mut env = Assumed { base: facts.env, values: Vec::new() };
        for (variable, key, prefix) in keys(facts.event) {
            let Some(texts) = compiled.tree().compared_with(variable).filter(|texts| !texts.is_empty()) else {
                continue;
            };
            // Whether a value may be empty differs between forges.
            if texts.contains(&"") || !matches!(facts.env.lookup(variable), Lookup::Unknown(_)) {
                continue;
            }
            let is =
                |text: &&&str| self.inquiry.ask(Question::Value(key, vec![escape_glob(&format!("{prefix}{text}"))]));
            let value = texts.iter().find(is).copied().unwrap_or(ANY_OTHER);
            env.values.push((variable, value.to_owned()));
        }
        let unknown = match expr::evaluate(text, &env, facts.server)? {
            Outcome::Bool(truth) => return Ok(Truth::of(truth)),
            Outcome::Unknown { name } => name,
        };
        let read = |name: &str| match env.lookup(name) {
            Lookup::Known(value) => Some((name.to_owned(), value.into_owned())),
            // Differs from workflow to workflow.
            Lookup::Unknown(_) if name == "CI_WORKFLOW_NUMBER" => Some((name.to_owned(), self.workflow.to_string())),
            Lookup::Unknown(_) | Lookup::Missing => None,
        };
        let reads = compiled.names().into_iter().filter_map(|name| read(name.value)).collect();
        let doubt = Doubt { name: unknown, of: Subject::Expression(text.clone(), reads) };
        if !compiled.tree().cannot_fail() && self.inquiry.ask(Question::Fails(doubt.clone())) {
            let message = format!("it may, with some value of `{}`", doubt.name);
            return Err(ExprError { kind: ErrorKind::Run, span: Span::default(), message, help: None });
        }
        Ok(Truth::of(self.inquiry.ask(Question::Server(doubt))))
    }
}

/// The variables that have a [`Key`] on `event`, with what stands before the variable's value in that of the key.
fn keys(event: &Event) -> impl Iterator<Item = (&'static str, Key, &'static str)> {
    let target = event.is_of_pull_request().then_some(("CI_COMMIT_TARGET_BRANCH", Key::Branch, ""));
    let tag = (*event == Event::Tag).then_some(("CI_COMMIT_TAG", Key::Ref, "refs/tags/"));
    // What stands there for a tag differs between forges.
    let has_branch = !matches!(event, Event::Tag | Event::Release);
    let branch = has_branch.then_some(("CI_COMMIT_BRANCH", Key::Branch, ""));
    let always = [
        ("CI_COMMIT_REF", Key::Ref, ""),
        ("CI_PIPELINE_DEPLOY_TARGET", Key::DeployTarget, ""),
        ("CI_REPO", Key::Repo, ""),
        ("CI_SYSTEM_HOST", Key::Instance, ""),
    ];
    always.into_iter().chain(branch).chain(target).chain(tag)
}

/// An environment in which some values are assumed.
struct Assumed<'e> {
    base: &'e dyn Env,
    values: Vec<(&'static str, String)>,
}

impl Env for Assumed<'_> {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        match self.values.iter().find(|(assumed, _)| *assumed == name) {
            Some((_, value)) => Lookup::Known(Cow::Borrowed(value)),
            None => self.base.lookup(name),
        }
    }

    fn names(&self) -> Option<Vec<&str>> {
        self.base.names()
    }
}

/// The glob that matches just `text`.
fn escape_glob(text: &str) -> String {
    let mut glob = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '[' | ']' | '{' | '}' | ',' | '\\') {
            glob.push('\\');
        }
        glob.push(character);
    }
    glob
}

#[cfg(test)]
mod tests {
    use super::escape_glob;
    use crate::glob::Pattern;

    #[test]
    fn an_escaped_text_matches_itself_only() {
        for text in ["main", "a*b", "{x,y}", "[a]", r"a\b", "a?", "}"] {
            let pattern = Pattern::parse(&escape_glob(text));
            assert!(pattern.is_match(text.as_bytes()) && pattern.oddity().is_none(), "{text}");
            assert!(!pattern.is_match(b"x"), "{text}");
        }
    }
}
