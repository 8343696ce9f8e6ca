//! Variables that may be given with a change, or not.

use super::Bench;

/// What is known of the policy that a step never runs by hand, and of the one that it always does, where it has this `evaluate`.
fn by_hand(evaluate: &str) -> [String; 2] {
    let evaluate = evaluate.replace('\'', "''");
    let text = format!(
        "steps:\n- {{name: s, image: x, when: {{event: manual, evaluate: '{evaluate}'}}}}\n- {{name: t, image: x, when: {{event: manual}}}}"
    );
    let bench = Bench::new(&[("ci", &text)]);
    ["never", "always"].map(|promise| {
        let told = bench.told("3.17", &format!("{{name: p, on: {{event: manual}}, {promise}: [s]}}"));
        told.split([':', ' ']).next().unwrap_or_default().to_owned()
    })
}

#[test]
fn a_name_that_nobody_has_set_is_given_or_not() {
    for (evaluate, never, always) in [
        (r#"COMPONENT == "backend""#, "unknown", "refuted"),
        // What compiles only where the name is given, or only where it is not.
        ("DEPLOY == true", "unknown", "refuted"),
        ("FOO in [1]", "unknown", "refuted"),
        (r#"FOO != "x""#, "refuted", "unknown"),
        // Whether it is set may be all that is asked.
        (r#""FOO" in $env"#, "unknown", "refuted"),
        (r#"get($env, "FOO") == nil"#, "refuted", "unknown"),
        // One may be given and the other not.
        (r#"FOO == "" && BAR == "x""#, "unknown", "refuted"),
        // The same with it and without.
        (r#"FOO == "x" || true"#, "refuted", "proved"),
        (r#"FOO == "x" && false"#, "proved", "refuted"),
        // What is called is no variable.
        ("len(CI_PIPELINE_EVENT) > 3", "refuted", "proved"),
        ("1 +", "proved", "refuted"),
    ] {
        assert_eq!(by_hand(evaluate), [never, always], "{evaluate}");
    }
}

/// A builtin is not hidden by a variable that might be given.
#[test]
fn what_is_called_is_a_builtin() {
    for call in [
        r#"any(["a"], # == "a")"#,
        r#"all(["a"], # == "a")"#,
        r#"none(["a"], # == "b")"#,
        r#"count(["a"], # == "a") == 1"#,
        r#"filter(["a", "b"], # == "a") == ["a"]"#,
        r#"map(["a"], # + "b") == ["ab"]"#,
        r#"lower("A") == "a""#,
        r#"trim(" a ") == "a""#,
        r#"split("a,b", ",")[0] == "a""#,
        r#"join(["a", "b"], "-") == "a-b""#,
        r#"hasPrefix("ab", "a")"#,
        "max(1, 2) == 2",
        "sum([1, 2]) == 3",
        "int(\"3\") == 3",
        "first([1, 2]) == 1",
        "len(keys({\"a\": 1})) == 1",
    ] {
        assert_eq!(by_hand(call), ["refuted", "proved"], "{call}");
    }
}
