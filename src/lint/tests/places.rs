//! Which bytes are underlined: those at fault, and the aliases that lead there.

use super::Scene;

/// A workflow whose only step has this `when`.
fn gated(when: &str) -> String {
    format!("{when}steps:\n  - name: build\n    image: alpine\n    when: *gate\n")
}

#[test]
fn the_bytes_at_fault_are_underlined_through_an_alias() {
    let text = gated("variables:\n  - &gate\n    event: push\n    path: {include: ['a/{b'], on_empty: false}\n");
    let (problems, files) = Scene::default().check_files(&[("x.yaml", &text)]);
    let [problem] = problems.as_slice() else { unreachable!("{problems:#?}") };
    let marks: Vec<&str> = problem.labels.iter().map(|label| files[label.file].slice(label.span)).collect();
    assert_eq!((problem.code, marks), ("invalid-glob", vec!["{", "*gate"]));
}

#[test]
fn the_bytes_at_fault_are_underlined_in_a_folded_scalar_an_escape_and_a_substituted_value() {
    let path = |glob: &str| {
        format!(
            "when:\n  event: push\n  path:\n    on_empty: false\n    include:\n      - {glob}\nsteps:\n  - name: build\n    image: alpine\n"
        )
    };
    let marks = |text: &str| Scene::default().marks(text);
    let invalid = |mark: &str| [("invalid-glob", mark.to_owned())];
    assert_eq!(marks(&path(">-\n        docs/a\n        b[c")), invalid("[c"));
    assert_eq!(marks(&path(r#""src/\x7bx""#)), invalid(r"\x7b"));
    assert_eq!(marks(&path("'it''s/{x'")), invalid("{"));
    let matrix = format!("matrix:\n  DIR: ['src/{{a']\n{}", path("'${DIR}/b'"));
    assert_eq!(marks(&matrix), invalid("${DIR}"));
    let after = format!("matrix:\n  DIR: [src]\n{}", path("'${DIR}/b{'"));
    assert_eq!(marks(&after), invalid("{"));
}

#[test]
fn the_name_at_fault_is_underlined_in_a_folded_expression() {
    let text = gated(
        "variables: &gate\n  event: push\n  evaluate: >-\n    CI_COMMIT_BRANCH == \"a\" ||\n    CI_COMIT_BRANCH == \"b\"\n",
    );
    assert_eq!(Scene::on("3.15").marks(&text), [("evaluate-error", "CI_COMIT_BRANCH".to_owned())]);
    let problems = Scene::default().check(&text);
    let problem = problems.iter().find(|problem| problem.code == "evaluate-error").expect("it is found");
    assert_eq!(problem.help.as_deref(), Some("did you mean `CI_COMMIT_BRANCH`?"));
}

/// Every rule that points: what is underlined, and the alias that leads there.
#[test]
fn the_bytes_at_fault_are_underlined_for_every_rule_that_points() {
    let tree = || Some(["src/main.c", "docs/index.md"].map(|path| (path, "")).into_iter().collect());
    let steps = "steps:\n  - name: build\n    image: alpine\n    commands: [make]\n";
    let gate = |when: &str| format!("x: &gate\n  event: push\n{when}{steps}    when: *gate\n");
    let glob = |written: &str| gate(&format!("  path:\n    on_empty: false\n    include:\n      - {written}\n"));
    let folded = |text: &str| format!(">-\n        {text}");
    let axis = |value: &str, file: &str| format!("matrix:\n  V: ['{value}']\n{file}");
    let mut wrong = Vec::new();
    let mut check = |server: &str, code: &str, text: String, wanted: &[&str]| {
        let scene = Scene { tree: tree(), ..Scene::on(server) };
        let (problems, files) = scene.check_files(&[(".woodpecker/test.yaml", &text)]);
        let of_code = problems.iter().find(|problem| problem.code == code);
        let labels = of_code.map(|it| &it.labels[..]).unwrap_or_default();
        let marks: Vec<&str> = labels.iter().map(|label| files[label.file].slice(label.span)).collect();
        if marks != wanted {
            wrong.push(format!("{code}: {marks:?}, not {wanted:?}:\n{text}"));
        }
    };
    let newest = "3.17";
    // Globs: plain, folded, with an escape, and out of a variable, each through an alias.
    for (code, flawed, mark) in [
        ("invalid-glob", "src/{a", "{"),
        ("glob-never-matches", "/src/**", "/"),
        ("double-star-inside-segment", "src/**.c", "**"),
        ("dead-glob", "source/**", "source/**"),
        ("case-mismatch", "SRC/**", "SRC/**"),
    ] {
        check(newest, code, glob(&format!("'{flawed}'")), &[mark, "*gate"]);
        check(newest, code, glob(&folded(flawed)), &[mark, "*gate"]);
        check(newest, code, axis(flawed, &glob("'${V}'")), &["${V}", "*gate"]);
    }
    check(
        newest,
        "self-excluded",
        gate("  path:\n    on_empty: false\n    exclude: ['src/**', '.woodpecker/**']\n"),
        &["'.woodpecker/**'", "*gate"],
    );
    check(newest, "implicit-on-empty", gate("  path: ['src/**']\n"), &["['src/**']", "*gate"]);
    check(newest, "platform-never-matches", gate("  platform: linux/amd64\n"), &["linux/amd64", "*gate"]);
    check(
        newest,
        "evaluate-error",
        gate(&format!("  evaluate: {}\n", ">-\n    CI_COMMIT_BRANCH == 'a' &&\n    CI_COMIT_TAG == ''")),
        &["CI_COMIT_TAG", "*gate"],
    );
    check(newest, "evaluate-error", axis("CI_COMIT_TAG", &gate("  evaluate: \"${V} == ''\"\n")), &["${V}", "*gate"]);
    check("3.4", "old-exclude-semantics", gate("  path:\n    exclude: ['docs/**']\n"), &["'docs/**'", "*gate"]);
    check(
        "3.4",
        "version-too-old",
        gate("").replace("event: push", "event: [push, pull_request_metadata]"),
        &["pull_request_metadata"],
    );
    // What does not come through `when`.
    let second = "  - name: build\n    image: alpine\n    commands: [make]\n";
    check(
        newest,
        "duplicate-step",
        format!("when: {{event: push}}\n{steps}    depends_on: []\n{second}"),
        &["build", "build"],
    );
    check(
        newest,
        "missing-image",
        axis("", &format!("when: {{event: push}}\n{}", steps.replace("alpine", "'${V}'"))),
        &["build"],
    );
    check(newest, "unused-anchor", format!("x: &spare 1\nwhen: {{event: push}}\n{steps}"), &["&spare"]);
    check(newest, "escape-eaten", gate("  evaluate: 'CI_COMMIT_TAG matches \"v[0-9]+\\\\.[0-9]+\"'\n"), &["\\\\"]);
    check(
        newest,
        "unknown-dependency",
        format!("when: {{event: push}}\nx: &needs [tset]\n{steps}    depends_on: *needs\n"),
        &["tset"],
    );
    check(
        newest,
        "wrong-type",
        format!("when: {{event: push}}\nx: &env 1\n{steps}    environment: *env\n"),
        &["1", "*env"],
    );
    check(
        newest,
        "unknown-workflow-dependency",
        format!("x: &needs [other]\ndepends_on: *needs\nwhen: {{event: push}}\n{steps}"),
        &["other"],
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
