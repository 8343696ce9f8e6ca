//! Expressions made at random that compare a branch, a ref or a tag with texts, or look for texts in them: nothing about them is unknown.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Bench;
use super::random::Random;
use crate::change::Event;
use crate::expr::{Outcome, evaluate};
use crate::glob::Pattern;
use crate::plan::Key;
use crate::prove::{Answer, Case, Change};

const TEXTS: [&str; 8] = ["a", "b", "ab", "ba", "a/", "/b", "a/b", "b.a"];
const PATTERNS: [&str; 8] = ["^a", "b$", "^(a|b)$", "a/.*", "^a.*$", "^ab$|^ba$", ".*/b$", "^(?:a|x)/"];
const GLOBS: [&str; 5] = ["a*", "**/b", "*", "{a,b}/**", "**a**"];

/// A question of one of `variables`.
fn question(random: &mut Random, variables: [&str; 2]) -> String {
    let variable = variables[random.below(2)];
    let text = TEXTS[random.below(TEXTS.len())];
    let pattern = PATTERNS[random.below(PATTERNS.len())];
    let other = TEXTS[random.below(TEXTS.len())];
    match random.below(8) {
        0 => format!(r#"{variable} == "{text}""#),
        1 => format!(r#""{text}" != {variable}"#),
        2 => format!(r#"{variable} in ["{text}", "{other}"]"#),
        3 => format!(r#"{variable} startsWith "{text}""#),
        4 => format!(r#"{variable} endsWith "{text}""#),
        5 => format!(r#"{variable} contains "{text}""#),
        6 => format!(r#"{variable} startsWith ("{text}" + "")"#),
        _ => format!(r#"{variable} matches "{pattern}""#),
    }
}

fn expression(random: &mut Random, variables: [&str; 2]) -> String {
    let mut text = question(random, variables);
    for _ in 0..random.below(4) {
        let other = question(random, variables);
        text = match random.below(4) {
            0 => format!("({text}) && {other}"),
            1 => format!("{other} || ({text})"),
            2 => format!("not ({text}) && {other}"),
            _ => format!("({text}) ? {other} : not ({other})"),
        };
    }
    text
}

/// All short names that a branch can have.
fn names() -> Vec<String> {
    let (mut all, mut longest) = (Vec::new(), vec![String::new()]);
    for _ in 0..5 {
        let longer = |text: &String| ["a", "b", "x", "/"].map(|rune| format!("{text}{rune}"));
        longest = longest.iter().flat_map(longer).filter(|it| !it.starts_with('/') && !it.contains("//")).collect();
        all.extend(longest.iter().filter(|text| !text.ends_with('/')).cloned());
    }
    all.extend(["b.a", "xb.a/b"].map(str::to_owned));
    all
}

/// Whether some name meets the condition; an error where the proof says otherwise of any, or does not know.
fn agree(seed: u64) -> Result<bool, String> {
    let mut random = Random::new(seed ^ 0x7A1E);
    let (event, variables, head) = match random.below(3) {
        0 => (Event::Tag, ["CI_COMMIT_TAG", "CI_COMMIT_REF"], "refs/tags/"),
        1 => (Event::PullRequest, ["CI_COMMIT_TARGET_BRANCH", "CI_COMMIT_BRANCH"], ""),
        _ => (Event::Push, ["CI_COMMIT_BRANCH", "CI_COMMIT_REF"], "refs/heads/"),
    };
    let text = expression(&mut random, variables);
    let glob = (event != Event::Tag && random.chance(40)).then(|| GLOBS[random.below(GLOBS.len())]);
    let branch = glob.map_or_else(String::new, |glob| format!(", branch: '{glob}'"));
    let when = format!("{{event: {event}, evaluate: '{text}'{branch}}}");
    let bench = Bench::new(&[("p", &format!("skip_clone: true\nsteps: [{{name: s, image: x, when: {when}}}]"))]);
    let mut case = Case::new(event.clone(), bench.setting("3.17"));
    let runs = case.pipeline(&bench.files).workflows[0].steps[0].runs;
    let fail = |what: String| Err(format!("seed {seed}, {when}: {what}"));

    let pattern = glob.map(Pattern::parse);
    let of_name = |name: &str| {
        let values = [variables[0], variables[1], "CI_COMMIT_REF", "CI_COMMIT_BRANCH"];
        let value = |key: &str| if key == "CI_COMMIT_REF" { format!("{head}{name}") } else { name.to_owned() };
        let env: BTreeMap<String, String> = values.iter().map(|key| ((*key).to_owned(), value(key))).collect();
        let holds = evaluate(&text, &env, bench.setting("3.17").server) == Ok(Outcome::Bool(true));
        holds && pattern.as_ref().is_none_or(|pattern| pattern.is_match(name.as_bytes()))
    };
    let mut some = None;
    for name in names() {
        let key = if event == Event::Tag { Key::Ref } else { Key::Branch };
        let mut values = BTreeMap::from([(Key::Ref, format!("{head}{name}"))]);
        values.entry(key).or_insert_with(|| name.clone());
        let change = Change { values, ..Change::default() };
        let holds = of_name(&name);
        if case.is_true(runs, &change, &[]) != holds {
            return fail(format!("`{name}` is {holds}"));
        }
        some = some.or(holds.then_some(name));
    }
    match (case.find(runs), some) {
        (Answer::Never, None) => Ok(false),
        (Answer::Change(change), _) => {
            let key = if event == Event::Tag { Key::Ref } else { Key::Branch };
            let name = change.value(key).unwrap_or_default();
            let name = if event == Event::Tag { name.trim_start_matches(head) } else { name };
            if of_name(name) { Ok(true) } else { fail(format!("`{name}` is found")) }
        }
        (answer, some) => fail(format!("{answer:?}, and {some:?} by trying")),
    }
}

#[test]
fn what_is_asked_of_a_branch_is_decided_as_trying_every_name_does() {
    let count: u64 = std::env::var("WP_GATE_LAWS").ok().and_then(|count| count.parse().ok()).unwrap_or(40);
    let results: Vec<Result<bool, String>> = (0..count).into_par_iter().map(agree).collect();
    let failures: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!(failures.is_empty(), "{} of {count} disagree; the first:\n{}", failures.len(), failures[0]);
    let never = results.iter().filter(|result| **result == Ok(false)).count();
    assert!(never * 20 > results.len(), "only {never} of {count} can never be");
}

#[test]
fn what_hangs_on_more_than_a_text_stays_unknown() {
    let told = |evaluate: &str| {
        let text = format!("steps: [{{name: s, image: x, when: {{evaluate: '{evaluate}'}}}}]");
        Bench::new(&[("p", &text)]).told("3.17", "{name: p, on: {event: push, branch: x}, never: [s]}")
    };
    for (evaluate, expected) in [
        (r#"CI_COMMIT_BRANCH startsWith "y""#, "proved"),
        (r#"CI_COMMIT_BRANCH startsWith """#, "refuted by push on x of []"),
        (r#"lower(CI_COMMIT_BRANCH) == "y""#, "unknown: it hangs on `CI_COMMIT_BRANCH`, which only the server knows"),
        (
            r#"CI_COMMIT_BRANCH matches "^[a-w]$""#,
            "unknown: it hangs on `CI_COMMIT_BRANCH`, which only the server knows",
        ),
        (
            "CI_COMMIT_BRANCH == CI_COMMIT_AUTHOR",
            "unknown: it hangs on `CI_COMMIT_BRANCH`, which only the server knows",
        ),
        (
            r#"CI_COMMIT_BRANCH matches "^y" || CI_COMMIT_AUTHOR == "z""#,
            "unknown: it hangs on `CI_COMMIT_AUTHOR`, which only the server knows",
        ),
    ] {
        assert_eq!(told(evaluate), expected, "{evaluate}");
    }
}
