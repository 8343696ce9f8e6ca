use super::*;
use crate::fleet::{Enabled, State, Units, check};
use crate::source::{Source, Sources};

/// All rules on, with units for the agents `lead` and `coder0`.
fn everything() -> Settings {
    let enabled = |name: &str| {
        let link = format!("default.target.wants/mosaic-agent@{name}.service");
        (name.to_owned(), Enabled { link, state: State::Started })
    };
    let levels = RULES.iter().map(|rule| (rule.id.to_owned(), Level::Error));
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
    let checked = check(&files, &everything());
    checked.problems.iter().filter(|it| it.code == rule.id && !it.labels.is_empty()).count()
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
    }
}

#[test]
fn words_are_listed_as_people_list_them() {
    assert_eq!(listed(&[]), "none");
    assert_eq!(listed(&["a"]), "`a`");
    assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
}

#[test]
fn the_form_of_a_roster_has_rules() {
    for id in FORM {
        assert!(rules().iter().any(|rule| rule.id == id), "there is no rule `{id}`");
    }
}
