use super::*;
use crate::fleet::{Enabled, State, Units, check};
use crate::source::{Source, Sources};

/// All rules on, with units for the agents `lead` and `coder0`.
fn everything() -> Settings {
    let enabled = |name: &str| {
        let link = format!("default.target.wants/mosaic-agent@{name}.service");
        (name.to_owned(), Enabled { link, state: State::Started })
    };
    let levels = RULES.iter().map(|rule| (rule.id.to_owned(), Some(Severity::Error)));
    Settings {
        units: Some(Units { instances: ["lead", "coder0"].map(enabled).into() }),
        levels: levels.collect(),
        ..Settings::default()
    }
}

/// How often `rule` fires on `text`.
fn fires(rule: &Rule, text: &str) -> usize {
    let mut files = Sources::new();
    files.add(Source::new("fleet/page.yaml", text));
    check(&files, &everything()).rosters.iter().flat_map(|it| &it.problems).filter(|it| it.code == rule.id).count()
}

/// The fences of a page, each with what stands behind its backticks.
fn fences(page: &str) -> Vec<(&str, &str)> {
    let mut parts = page.split("```");
    parts.next();
    parts.step_by(2).filter_map(|part| part.split_once('\n')).collect()
}

#[test]
fn a_pages_fences_are_its_tests() {
    for rule in RULES {
        let fences = fences(rule.page);
        let of =
            |kind: &str| fences.iter().filter(|(info, _)| *info == kind).map(|(_, text)| *text).collect::<Vec<_>>();
        let (bad, good) = (of("yaml bad"), of("yaml good"));
        assert!(
            !bad.is_empty() && !good.is_empty(),
            "the page of `{}` needs a fence `yaml bad` and one `yaml good`",
            rule.id
        );
        for text in bad {
            assert_eq!(fires(rule, text), 1, "`{}` must fire once on\n{text}", rule.id);
        }
        for text in good {
            assert_eq!(fires(rule, text), 0, "`{}` must not fire on\n{text}", rule.id);
        }
        assert!(rule.page.starts_with(&format!("# {}\n", rule.id)), "the page of `{}` must begin with its id", rule.id);
    }
}

#[test]
fn rules_are_sorted_by_their_ids_and_summed_up_in_phrases() {
    assert!(RULES.is_sorted_by_key(|rule| rule.id), "put the rules in the order of their ids");
    for rule in RULES {
        let phrase = rule.summary.starts_with(char::is_lowercase) && !rule.summary.ends_with('.');
        assert!(phrase, "`{}`: a summary is a phrase: lower case, no full stop", rule.id);
    }
}

/// Public ids and levels are frozen: who renames one breaks somebody's configuration.
#[test]
fn ids_and_levels_are_frozen() {
    let table: Vec<(&str, &str)> =
        RULES.iter().map(|rule| (rule.id, rule.level.map_or("off", Severity::name))).collect();
    assert_eq!(
        table,
        [
            ("agent-name", "error"),
            ("boot-survival", "warning"),
            ("duplicate-agent", "error"),
            ("missing-key", "error"),
            ("r5", "error"),
            ("transport", "warning"),
            ("two-agent-floor", "off"),
            ("unknown-class", "warning"),
            ("unknown-key", "warning"),
            ("unknown-runtime", "warning"),
            ("version", "warning"),
        ]
    );
}

#[test]
fn words_are_listed_as_people_list_them() {
    assert_eq!(listed(&[]), "none");
    assert_eq!(listed(&["a"]), "`a`");
    assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
}
