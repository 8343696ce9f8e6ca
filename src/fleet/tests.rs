use super::*;
use crate::diag::{Problem, Severity};
use crate::glob::Pattern;
use crate::rule::Level;
use crate::source::{Source, Sources};

/// The findings in the file `name`, with what their labels underline.
fn found_in(name: &str, text: &str, settings: &Settings) -> Vec<(&'static str, Vec<String>)> {
    let mut files = Sources::new();
    let file = files.add(Source::new(name, text));
    let underlined =
        |problem: &Problem| problem.labels.iter().map(|it| files[file].slice(it.span).to_owned()).collect();
    let checked = check(&files, settings);
    checked.problems.iter().map(|problem| (problem.code, underlined(problem))).collect()
}

fn found(text: &str) -> Vec<(&'static str, Vec<String>)> {
    found_in("host.yaml", text, &Settings::default())
}

fn one(code: &'static str, labels: &[&str]) -> Vec<(&'static str, Vec<String>)> {
    vec![(code, labels.iter().map(|&label| label.to_owned()).collect())]
}

/// A roster of `agents`, one a line.
fn roster(agents: &str) -> String {
    format!("version: 1\ntransport: tmux\nagents:\n{agents}")
}

const LEAD: &str = "- {name: lead, runtime: pi, class: orchestrator}\n";

fn with_lead(agents: &str) -> String {
    roster(&format!("{LEAD}{agents}"))
}

#[test]
fn r5_points_at_each_orchestrator_or_at_the_list() {
    assert_eq!(found(&with_lead("")), []);
    assert_eq!(found(&roster("- {name: a, runtime: pi}")), one("r5", &["agents"]));
    assert_eq!(found(&roster("")), one("r5", &["agents"]));
    assert_eq!(found("version: 1\ntransport: tmux"), one("r5", &["version"]));
    let two = with_lead("- {name: b, runtime: pi, class: orchestrator}");
    assert_eq!(found(&two), one("r5", &["orchestrator", "orchestrator"]));
}

#[test]
fn r5_names_classes_that_are_one_slip_away() {
    for class in ["orchestator", "Orchestrator", "\"Orchestrator \"", "orchestrator\u{200b}", "'orchestrators'"] {
        let text = roster(&format!("- {{name: a, runtime: pi, class: {class}}}"));
        assert_eq!(found(&text), one("r5", &["agents", class]), "{text}");
    }
    // With an orchestrator, or without R5, such a class is one that is not known.
    let text = with_lead("- {name: a, runtime: pi, class: orchestator}");
    assert_eq!(found(&text), one("unknown-class", &["orchestator"]));
    let off = Settings { levels: [("r5".to_owned(), Level::Off)].into(), ..Settings::default() };
    let text = roster("- {name: a, runtime: pi, class: orchestator}");
    assert_eq!(found_in("x.yaml", &text, &off), one("unknown-class", &["orchestator"]));
    // A class of its own is no slip, and nor is a word that is far from it.
    let settings = Settings { classes: vec!["orchestrators".to_owned()], ..Settings::default() };
    let text = roster("- {name: a, runtime: pi, class: orchestrators}\n- {name: b, runtime: pi, class: worker}");
    assert_eq!(found_in("x.yaml", &text, &settings), one("r5", &["agents"]));
}

#[test]
fn only_the_minimal_profile_has_no_orchestrator() {
    let none = roster("- {name: a, runtime: pi}");
    let two = with_lead("- {name: b, runtime: pi, class: orchestrator}");
    let plain = Settings::default();
    let fires = |name: &str, text: &str, settings: &Settings| {
        found_in(name, text, settings).iter().any(|(code, _)| *code == "r5")
    };
    assert!(!fires("fleet/minimal.yaml", &none, &plain));
    assert!(!fires("fleet/minimal.yaml", &with_lead(""), &plain), "one is said to be neither right nor wrong");
    assert!(fires("fleet/minimal.yaml", &two, &plain));
    assert!(fires("fleet/minimal2.yaml", &none, &plain));

    // Each goes before the ones below it: what is given, written, mapped, and the file's name.
    let mapped = |profile: &str| vec![(Pattern::parse("fleet/*"), profile.to_owned())];
    let settings = |given: Option<&str>, profile: &str| {
        let profile = Settings { profiles: mapped(profile), ..Settings::default() };
        Settings { profile: given.map(str::to_owned), ..profile }
    };
    assert!(fires("fleet/minimal.yaml", &none, &settings(None, "general")));
    assert!(!fires("fleet/x.yaml", &none, &settings(None, "minimal")));
    assert!(fires("x.yaml", &none, &settings(None, "minimal")), "the glob does not match");
    assert!(fires("fleet/x.yaml", &format!("profile: general\n{none}"), &settings(None, "minimal")));
    assert!(!fires("fleet/x.yaml", &format!("profile: minimal\n{none}"), &settings(None, "general")));
    assert!(fires("fleet/x.yaml", &format!("profile: minimal\n{none}"), &settings(Some("general"), "minimal")));
    assert!(!fires("fleet/x.yaml", &format!("profile: general\n{none}"), &settings(Some("minimal"), "general")));

    let misspelt = found(&format!("profile: minmal\n{none}"));
    assert_eq!(misspelt, one("r5", &["agents", "minmal"]));
}

#[test]
fn the_longest_glob_says_the_profile() {
    let none = roster("- {name: a, runtime: pi}");
    let globs = [("fleet/**", "general"), ("fleet/small/*", "minimal")];
    for order in [[0, 1], [1, 0]] {
        let profiles = order.map(|at: usize| (Pattern::parse(globs[at].0), globs[at].1.to_owned())).to_vec();
        let settings = Settings { profiles, ..Settings::default() };
        assert_eq!(found_in("fleet/small/x.yaml", &none, &settings), []);
    }
}

#[test]
fn r5_is_silent_where_an_orchestrator_may_hide() {
    for agents in [
        "- lead\n",
        "- {name: a, runtime: pi, class: [orchestrator]}\n",
        "- {name: a, runtime: pi, class: worker, class: orchestrator}\n",
        "- {name: a, runtime: pi, <<: orchestrator}\n",
        "  lead: {class: orchestrator}\n",
    ] {
        let found = found(&roster(agents));
        assert!(!found.is_empty() && found.iter().all(|(code, _)| *code != "r5"), "{agents}: {found:?}");
    }
    // What has nothing to do with classes hides none.
    let found = found(&roster("- {name: a, runtime: [pi]}\n-\n"));
    assert!(found.iter().any(|(code, _)| *code == "r5"), "{found:?}");
}

#[test]
fn names_are_underlined_to_the_character() {
    for (name, underlined) in [
        ("a b", " "),
        ("'it''s here'", "''"),
        ("\"tab\\there\"", "\\t"),
        ("größe", "ö"),
        ("\"\\u00e9t\"", "\\u00e9"),
        ("''", "''"),
        ("a/b", "/"),
    ] {
        let text = with_lead(&format!("- {{name: {name}, runtime: pi}}"));
        assert_eq!(found(&text), one("agent-name", &[underlined]), "{name}");
    }
    let long = "x".repeat(MAX_NAME + 1);
    assert_eq!(found(&with_lead(&format!("- {{name: {long}, runtime: pi}}"))), one("agent-name", &[&long]));
    let folded = with_lead("- runtime: pi\n  name: >-\n    two\n    words\n");
    assert_eq!(found(&folded), one("agent-name", &["\n"]));
}

#[test]
fn aliases_are_pointed_at_where_they_are_used() {
    let text = "version: 1\ntransport: tmux\nx-class: &c orchestrator\nx-all: &all\n- {name: a, runtime: pi, class: *c}\n\
                - &b {name: b, runtime: pi, class: *c}\nagents: *all\n";
    assert_eq!(found(text), one("r5", &["*c", "orchestrator", "*c"]));
    let merged =
        "version: 1\ntransport: tmux\nx-a: &a {name: a, runtime: pi}\nagents:\n- {<<: *a, class: orchestrator}\n- *a\n";
    assert_eq!(found(merged), one("duplicate-agent", &["*a", "a", "*a"]));
    // An item that is nothing but a merge is a map, not a merge of lists as in a workflow.
    let only = "version: 1\ntransport: tmux\nx-a: &a {name: a, runtime: pi, class: orchestrator}\nagents:\n- <<: *a\n";
    assert_eq!(found(only), []);
}

#[test]
fn keys_twice_are_said_and_the_rest_is_read() {
    let text = with_lead("- name: a\n  name: a b\n  runtime: x\n");
    assert_eq!(
        found(&text),
        [("duplicate-key", vec!["name".to_owned(), "name".to_owned()]), ("unknown-runtime", vec!["x".to_owned()])]
    );
    let twice = format!("{}agents: []\n", with_lead(""));
    assert_eq!(found(&twice), one("duplicate-key", &["agents", "agents"]));
}

#[test]
fn one_flaw_is_one_finding_however_often_it_stands_there() {
    let workers = (0..2000)
        .map(|n| format!("- {{name: w{n}, runtime: rx, class: wrker, modl: x}}\n"))
        .collect::<Vec<_>>()
        .concat();
    let mut files = Sources::new();
    files.add(Source::new("host.yaml", with_lead(&workers)));
    let checked = check(&files, &Settings::default());
    let codes: Vec<&str> = checked.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["unknown-runtime", "unknown-class", "unknown-key"]);
    assert!(checked.problems.iter().all(|problem| problem.labels.len() == 20));
    assert!(checked.problems.iter().all(|problem| problem.message.ends_with("(1980 more places are not shown)")));
    assert_eq!(checked.rosters[0].agents, 2001);
    let good =
        (0..2000).map(|n| format!("- {{name: w{n}, runtime: pi, class: worker}}\n")).collect::<Vec<_>>().concat();
    assert_eq!(found(&with_lead(&good)), []);
}

#[test]
fn second_documents_are_found() {
    let good = with_lead("");
    for (text, second) in [
        (format!("{good}---\nversion: 2\n"), Some("---")),
        (format!("--- # first\n{good}...\n# done\n--- !x\n"), Some("--- !x")),
        (format!("{good}...\n{good}"), Some("version: 1")),
        (format!("{good}  # ---\n#---\n...\n\n...\n"), None),
        (format!("{good}x-text: |\n  ---\n  a\n"), None),
        (format!("{good}x-text: |\n  a\n---\n"), Some("---")),
    ] {
        let expected = second.map_or_else(Vec::new, |second| one("several-documents", &[second]));
        assert_eq!(found(&text), expected, "{text}");
    }
    let behind_nothing = found(&format!("---\n---\n{good}"));
    assert!(behind_nothing.iter().any(|(code, _)| *code == "several-documents"), "{behind_nothing:?}");
}

#[test]
fn json_is_yaml() {
    let text = "{\n\t\"version\":1,\"transport\":\"tmux\",\n\t\"agents\":[{\"name\":\"a b\",\"runtime\":\"pi\",\"class\":\"orchestrator\"}]\n}";
    assert_eq!(found_in("host.json", text, &Settings::default()), one("agent-name", &[" "]));
}

#[test]
fn hostile_rosters_end_soon_and_quietly() {
    let bomb = (1..30).map(|n| format!("x-{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1)).collect::<Vec<_>>().concat();
    for text in [
        format!("x-0: &a0 [x]\n{bomb}agents: *a29\n"),
        "agents: &a [*a, {name: *a, <<: *a}]\n".to_owned(),
        format!("agents: {}\n", "[".repeat(5000)),
        format!("agents:\n{}", "- &a {<<: *a}\n".repeat(3)),
        format!("agents: [{}]", "{name: !!int x},".repeat(100)),
        "? [a]\n: b\n".to_owned(),
        "agents: !!binary x".to_owned(),
        "<<: [1]\nagents: []".to_owned(),
    ] {
        assert!(found(&text).len() < 310, "{}", text.get(..60).unwrap_or(&text));
    }
}

#[test]
fn no_roster_panics_however_it_is_cut() {
    let text = with_lead("- &a {name: \"ö\\t\", <<: {class: x}, runtime: 'a''b'}\n- *a\n---\nx: |\n  y\n");
    for cut in (0..text.len()).filter(|&cut| text.is_char_boundary(cut)) {
        for (_, labels) in found(&text[..cut]) {
            assert!(labels.iter().all(|label| label.len() <= cut));
        }
    }
}

#[test]
fn levels_are_the_settings() {
    let text = with_lead("- {name: a b, runtime: x}");
    let levels = [("agent-name", Level::Off), ("unknown-runtime", Level::Note), ("two-agent-floor", Level::Error)];
    let levels = levels.map(|(id, level)| (id.to_owned(), level)).into();
    let mut files = Sources::new();
    files.add(Source::new("x.yaml", text));
    let checked = check(&files, &Settings { levels, ..Settings::default() });
    let found: Vec<_> = checked.problems.iter().map(|problem| (problem.code, problem.severity)).collect();
    assert_eq!(found, [("two-agent-floor", Severity::Error), ("unknown-runtime", Severity::Note)]);
}

#[test]
fn many_rosters_are_answered_in_order() {
    let mut files = Sources::new();
    for n in 0..500 {
        let text = if n % 7 == 0 { roster("") } else { with_lead("") };
        files.add(Source::new(format!("{n}.yaml"), text));
    }
    let in_pool = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let checked = pool.install(|| check(&files, &Settings::default()));
        (checked.rosters, checked.problems)
    };
    let one = in_pool(1);
    assert_eq!(one.1.len(), 72);
    assert_eq!(one, in_pool(8));
}

#[test]
fn suppressions_hold_in_rosters() {
    let text = "# wp-gate: allow(transport): it is a test\nversion: 1\nagents:\n\
                - {name: lead, runtime: pi, class: orchestrator}\n\
                - name: a b # wp-gate: allow(agent-name): it has no unit\n  runtime: pi\n  class: worker\n";
    assert_eq!(found(text), []);
    let text = with_lead(
        "# wp-gate: allow(r5): there is one\n# wp-gate: allow(dead-glob): no glob\n- {name: a, runtime: pi}\n",
    );
    assert_eq!(found(&text), [("unused-allow", vec!["r5".to_owned()]), ("unused-allow", vec!["dead-glob".to_owned()])]);
    // Nobody has looked for it.
    let text = with_lead("# wp-gate: allow(boot-survival): it is started by hand\n- {name: a, runtime: pi}\n");
    assert_eq!(found(&text), []);
}
