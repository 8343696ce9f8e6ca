//! What the schema of each release allows.

use super::*;

#[test]
fn the_main_branch_differs() {
    let text = "\
services: [{image: db}]
steps: {a: {image: x, backend_options: {docker: {user: 1}, kubernetes: {hostUsers: 1}}}}
";
    assert_eq!(findings(text, Version::NEWEST), []);
    let next = findings(text, Version::NEXT).into_iter().map(|finding| (finding.field, finding.primary));
    assert_eq!(
        next.collect::<Vec<_>>(),
        [
            ("services.0".to_owned(), true),
            ("services.0".to_owned(), false),
            ("steps.a.backend_options.docker.user".to_owned(), true),
            ("steps.a.backend_options.kubernetes.hostUsers".to_owned(), true),
        ]
        .map(|(field, primary)| (field, primary))
    );
}

#[test]
fn each_release_has_the_keys_and_rules_that_it_had() {
    // A value for a key or rule, the first server that takes it, and the first that no longer does.
    let step = |rest: &str| format!("steps: {{a: {{image: x, {rest}}}}}");
    let plain = |rest: &str| format!("steps: {{a: {{image: x, commands: []}}}}\n{rest}");
    let option = |rest: &str| step(&format!("commands: [], backend_options: {{kubernetes: {{{rest}}}}}"));
    let cases: [(String, &str, &str); 23] = [
        (plain("branches: {include: main}"), "2.8", "3.0"),
        (plain("pipeline: {b: {image: x}}"), "2.8", "3.0"),
        (plain("platform: linux"), "2.8", "3.0"),
        (plain("version: 1"), "2.8", "3.0"),
        (plain("when: {environment: prod}"), "2.8", "3.0"),
        (plain("services: {b: {image: x, secrets: [a]}}"), "2.8", "3.0"),
        (plain("services: {b: {image: x, directory: d}}"), "3.0", ""),
        (step("commands: [], environment: [A=b]"), "2.8", "3.0"),
        (step("commands: [], secrets: [a, {source: b, target: c}], group: g"), "2.8", "3.0"),
        (step("commands: [], when: {event: {exclude: push}}"), "2.8", "3.0"),
        (step("commands: [], entrypoint: []"), "3.0", ""),
        (step("commands: [], dns: x, dns_search: [y]"), "3.0", ""),
        (step("detach: true, environment: {}"), "3.0", ""),
        (option("secrets: [{name: a, target: {env: B}}]"), "3.1", ""),
        (option("tolerations: [{key: a}]"), "3.10", ""),
        (plain("when: {event: pull_request_metadata}"), "3.10", ""),
        (plain("when: {ref: [a]}"), "3.14", ""),
        (plain("when: {status: failure}"), "3.14", ""),
        (plain("services: {b: {image: x, entrypoint: x, failure: ignore}}"), "3.14", ""),
        (step("commands: [], failure: cancel"), "3.14", ""),
        (step("commands: [], depends_on: [{name: b, optional: true}]"), "3.15", ""),
        (plain("depends_on: a"), "3.15", ""),
        (plain("concurrency: 1"), "3.16", ""),
    ];
    let releases: Vec<String> = ["2.8".to_owned()]
        .into_iter()
        .chain((0..=17).map(|minor| format!("3.{minor}")))
        .chain(["next".to_owned()])
        .collect();
    for (text, first, end) in &cases {
        let at = |name: &str| releases.iter().position(|release| release == name);
        let (first, end) = (at(first).expect("a release"), at(end).unwrap_or(releases.len()));
        for (at, release) in releases.iter().enumerate() {
            // Before it was listed, the schema did not look at it; 3.9 had another shape.
            let silent = (first..end).contains(&at) || (text.contains("tolerations") && release != "3.9");
            assert_eq!(told_by(release, text).is_empty(), silent, "{release}: {text}");
        }
    }
}

#[test]
fn old_servers_are_told_their_faults_once() {
    let cases: [(&str, &str, &[&str]); 11] = [
        (
            "3.4",
            "when: {brach: main}\nsteps: {a: {image: x, comands: []}}",
            &[
                "when: unknown key `brach` @ \"brach\" (did you mean `branch`?)",
                "steps.a: unknown key `comands` @ \"comands\" (did you mean `commands`?)",
            ],
        ),
        (
            "2.8",
            "steps: {a: {image: x, comands: []}}",
            &["steps.a: unknown key `comands` @ \"comands\" (did you mean `commands`?)"],
        ),
        (
            "2.8",
            "steps: {a: {image: x, commands: [], entrypoint: []}}",
            &[
                "steps.a: more than one of the forms that are possible here @ \"{image: x, commands: [], entrypoint: []}\"",
            ],
        ),
        (
            "3.13",
            "when: {status: failure}\nsteps: {a: {image: x, settings: {}}}",
            &["when: unknown key `status` @ \"status\" (remove it, or use server 3.14 or later)"],
        ),
        (
            "3.13",
            "when: {ref: [a]}\nsteps: {a: {image: x, settings: {}}}",
            &[
                "when.ref: expected a string, found a list @ \"[a]\" (the server takes it all the same: only its schema wants one glob)",
            ],
        ),
        (
            "3.4",
            "services: {a: {image: x, entrypoint: x}}\nsteps: {a: {image: x, settings: {}}}",
            &[
                "services.a: unknown key `entrypoint` @ \"entrypoint\" (the server reads it all the same: only its schema does not list it)",
            ],
        ),
        (
            "3.4",
            "steps: {a: {image: x, settings: {}, secrets: [b]}}",
            &["steps.a: unknown key `secrets` @ \"secrets\" (write `environment` with `from_secret`)"],
        ),
        (
            "3.4",
            "branches: main\nsteps: {a: {image: x}}",
            &["(root): unknown key `branches` @ \"branches\" (write `branch` under `when`)"],
        ),
        (
            "2.8",
            "volumes: {}\nsteps: {a: {image: x}}",
            &[
                "(root): unknown key `volumes` @ \"volumes\" (the server reads it all the same: only its schema does not list it)",
            ],
        ),
        // Whole numbers that go-yaml2json v1 cannot convert.
        ("3.15", "x: 9223372036854775808", &[]),
        ("3.15", "9223372036854775808: x", &[]),
    ];
    for (server, text, expected) in cases {
        let primary: Vec<String> = told_by(server, text).into_iter().filter(|line| !line.starts_with("(s")).collect();
        assert_eq!(primary, expected, "{server}: {text}");
    }
}
