//! What conditions ask about where they are not held against a change: see [`inquiry`](super::inquiry).

use std::cell::RefCell;

use super::facts::{Facts, Open};
use super::given::{Given, WithGiven};
use super::inquiry::{Doubt, Inquiry, Key, Question, Subject};
use super::truth::Truth;
use crate::change::Event;
use crate::env::{Env, Lookup, Piece};
use crate::expr::{Dialect, ErrorKind, Expr, ExprError, Outcome};
use crate::source::{OffsetMap, Span};
use crate::workflow::{Entry, Expression, Glob};

impl Open<'_> {
    /// What `expression` gives. An error is one that is certain with the answers given.
    pub(super) fn evaluate(self, expression: &Expression, facts: &Facts<'_>) -> Result<Truth, ExprError> {
        let (text, dialect) = (&expression.value, Dialect::from(facts.server));
        let mut can_fail = false;
        let mut outcome = None;
        let mut hangs_on = None;
        match Given::of(text, facts) {
            Given::Any(name) => (can_fail, hangs_on) = (true, Some(name)),
            Given::Names(names) => {
                for env in WithGiven::each(facts.env, &names) {
                    let known = RefCell::default();
                    let env = Asking { base: &env, event: facts.event, inquiry: self.inquiry, known };
                    let compiled = Expr::compile(text, dialect, &env);
                    can_fail |= !compiled.as_ref().is_ok_and(|it| it.tree().cannot_fail());
                    let own = compiled.and_then(|compiled| compiled.eval(&env));
                    let is_the_same = match (&outcome, &own) {
                        (None, _) | (Some(Err(_)), Err(_)) => true,
                        (Some(Ok(one)), Ok(other)) => one == other,
                        (Some(_), _) => false,
                    };
                    if let Ok(Outcome::Unknown { name }) = &own {
                        hangs_on.get_or_insert_with(|| name.clone());
                    } else if !is_the_same {
                        hangs_on = hangs_on.or(names.first().cloned());
                    }
                    outcome = outcome.or(Some(own));
                }
            }
        }
        let name = match (hangs_on, outcome) {
            (None, Some(outcome)) => return outcome.map(|outcome| Truth::of(outcome == Outcome::Bool(true))),
            (hangs_on, _) => hangs_on.unwrap_or_default(),
        };
        let doubt = Doubt { name, of: self::expression(expression, facts) };
        if can_fail && self.inquiry.ask(Question::Fails(doubt.clone())) {
            let message = format!("it may, with some value of `{}`", doubt.name);
            return Err(ExprError { kind: ErrorKind::Run, span: Span::default(), message, help: None });
        }
        Ok(Truth::of(self.inquiry.ask(Question::Server(doubt))))
    }
}

/// What `expression` is, wherever it stands: its text, and all that is known of what it reads.
pub(super) fn expression(expression: &Expression, facts: &Facts<'_>) -> Subject {
    let text = &expression.value;
    let read = |name: &str| match facts.env.lookup(name) {
        Lookup::Known(value) => Some((name.to_owned(), value.into_owned())),
        // Differs from workflow to workflow.
        Lookup::Unknown(_) if name == "CI_WORKFLOW_NUMBER" => {
            facts.open.map(|open| (name.to_owned(), open.workflow.to_string()))
        }
        Lookup::Unknown(_) | Lookup::Missing => None,
    };
    let is_of_hole = |span| facts.hole_in(expression.map.to_source(span)).is_some();
    // A name that comes of a hole, or is put together when it runs, may be any: all that differs between workflows is read then.
    let names = Expr::compile(text, Dialect::from(facts.server), facts.env).ok().and_then(|compiled| {
        let names = compiled.names();
        let is_plain = !text.contains("$env") && !names.iter().any(|name| is_of_hole(name.span));
        is_plain.then(|| names.iter().map(|name| name.value.to_owned()).collect::<Vec<String>>())
    });
    let of_workflow = ["CI_WORKFLOW_NAME", "CI_WORKFLOW_NUMBER"].map(str::to_owned);
    let mut names = names.unwrap_or_else(|| facts.axis.keys().cloned().chain(of_workflow).collect());
    names.sort_unstable();
    names.dedup();
    let reads = names.iter().filter_map(|name| read(name)).collect();
    Subject::Expression(facts.named(text, &expression.map, expression.place.span), reads)
}

/// What `entry` is, wherever it stands.
pub(super) fn entry(entry: &Entry, facts: &Facts<'_>) -> Subject {
    let all = |key: &'static str, globs: &[Glob]| -> Vec<Subject> {
        let named = facts.named_globs(globs);
        named.into_iter().map(|glob| Subject::Match { value: key.to_owned(), glob }).collect()
    };
    let mut parts = Vec::new();
    for (include, exclude, filter) in [
        ("platform", "not platform", &entry.platform),
        ("environment", "not environment", &entry.environment),
        ("event", "not event", &entry.event),
        ("repo", "not repo", &entry.repo),
        ("ref", "not ref", &entry.git_ref),
        ("instance", "not instance", &entry.instance),
        ("branch", "not branch", &entry.branch),
        ("cron", "not cron", &entry.cron),
    ] {
        parts.extend(all(include, &filter.include));
        parts.extend(all(exclude, &filter.exclude));
    }
    let path = &entry.path;
    parts.extend(all("path", &path.include));
    parts.extend(all("not path", &path.exclude));
    let message = &path.ignore_message;
    parts.push(Subject::MessageHolds(facts.named(&message.value, &OffsetMap::new(), message.place.span)));
    if let (Some(_), Some(on_empty)) = (&path.place, &path.on_empty) {
        parts.push(Subject::Match { value: "on_empty".to_owned(), glob: on_empty.value.to_string() });
    }
    for (sign, pairs) in [("", &entry.matrix.include), ("not ", &entry.matrix.exclude)] {
        parts.extend(pairs.iter().map(|(name, glob)| {
            let value = facts.axis.get(name).map_or("", String::as_str);
            Subject::Match { value: format!("{sign}{name}={value}"), glob: facts.named_glob(glob) }
        }));
    }
    parts.extend(entry.evaluate.as_ref().map(|evaluate| expression(evaluate, facts)));
    Subject::Entry(parts)
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

/// An environment in which what is asked of the change's own values is asked of whoever answers for the change.
struct Asking<'e> {
    base: &'e dyn Env,
    event: &'e Event,
    inquiry: &'e Inquiry,
    /// The values that are known by an answer.
    known: RefCell<Vec<(&'static str, String)>>,
}

impl Env for Asking<'_> {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        self.base.lookup(name)
    }

    fn names(&self) -> Option<Vec<&str>> {
        self.base.names()
    }

    fn has_any(&self, name: &str, pieces: &[Piece]) -> Option<bool> {
        let (variable, key, prefix) = keys(self.event).find(|(variable, ..)| *variable == name)?;
        if let Some((_, value)) = self.known.borrow().iter().find(|(known, _)| *known == variable) {
            return Some(pieces.iter().any(|piece| piece.is_in(value)));
        }
        // Whether a value may be empty differs between forges.
        if pieces.iter().any(|piece| piece.text.is_empty()) {
            return None;
        }
        let globs: Vec<String> = pieces.iter().flat_map(|piece| globs_of(piece, prefix)).collect();
        let holds = self.inquiry.ask(Question::Value(key, globs.iter().map(String::as_str).collect()));
        if let ([piece], true) = (pieces, holds)
            && piece.begins
            && piece.ends
        {
            self.known.borrow_mut().push((variable, piece.text.clone()));
        }
        Some(holds)
    }
}

/// Globs, one of which matches `prefix` and a text after it just when that text has `piece`, which is not empty.
fn globs_of(piece: &Piece, prefix: &str) -> Vec<String> {
    let text = escape_glob(&piece.text);
    let start = if piece.begins { format!("{prefix}{text}") } else { format!("{prefix}**/*{text}") };
    if piece.ends {
        return vec![start];
    }
    vec![format!("{start}*"), format!("{start}*/**")]
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
    use super::*;
    use crate::glob::Pattern;

    #[test]
    fn an_escaped_text_matches_itself_only() {
        for text in ["main", "a*b", "{x,y}", "[a]", r"a\b", "a?", "}"] {
            let pattern = Pattern::parse(&escape_glob(text));
            assert!(pattern.is_match(text.as_bytes()) && pattern.oddity().is_none(), "{text}");
            assert!(!pattern.is_match(b"x"), "{text}");
        }
    }

    /// Every short piece, on every short text.
    #[test]
    fn globs_of_a_piece_match_what_has_it() {
        let all = |runes: &[&str], most: usize| {
            let (mut all, mut longest) = (Vec::new(), vec![String::new()]);
            for _ in 0..most {
                longest =
                    longest.iter().flat_map(|text| runes.iter().map(move |rune| format!("{text}{rune}"))).collect();
                all.extend_from_slice(&longest);
            }
            all
        };
        let texts = all(&["a", "*", "/", "x"], 5);
        for text in all(&["a", "*", "/", "."], 3) {
            for (begins, ends) in [(true, true), (true, false), (false, true), (false, false)] {
                let piece = Piece { text: text.clone(), begins, ends };
                for prefix in ["", "r/"] {
                    let patterns: Vec<Pattern> = globs_of(&piece, prefix).iter().map(|it| Pattern::parse(it)).collect();
                    assert!(patterns.iter().all(|it| it.oddity().is_none()), "{patterns:?}");
                    for value in &texts {
                        let is_match = patterns.iter().any(|it| it.is_match(format!("{prefix}{value}").as_bytes()));
                        assert_eq!(is_match, piece.is_in(value), "{piece:?} in {value}, by {patterns:?}");
                    }
                }
            }
        }
    }
}
