//! An expression in every dialect: compiling and running end soon and without a panic, errors lie in the text, and an answer that is
//! given without knowing a value is the answer whatever the value is.
//!
//! The input is the text of `FOO`, a NUL, and the expression.
#![no_main]

use std::borrow::Cow;

use libfuzzer_sys::{Corpus, fuzz_target};
use wp_gate::env::{Env, Lookup};
use wp_gate::expr::{Dialect, ErrorKind, Expr, ExprError, Outcome};

/// Enough for any expression that decides something; how the work of a short one is bounded is what is looked for here.
const MAX_LEN: usize = 1 << 10;

/// What the unknown variable may be worth.
const WORTHS: [&str; 4] = ["1", "", "main", "[1, \"a\"]"];

struct Small<'v> {
    foo: &'v str,
    /// What `U` is worth: only the server knows, or this.
    unknown: Option<&'v str>,
}

impl Env for Small<'_> {
    fn lookup(&self, name: &str) -> Lookup<'_> {
        match (name, self.unknown) {
            ("FOO", _) => Lookup::Known(Cow::Borrowed(self.foo)),
            ("EMPTY", _) => Lookup::Known(Cow::Borrowed("")),
            ("CI_COMMIT_BRANCH", _) => Lookup::Known(Cow::Borrowed("main")),
            ("U", None) => Lookup::Unknown("1"),
            ("U", Some(text)) => Lookup::Known(Cow::Borrowed(text)),
            _ => Lookup::Missing,
        }
    }

    fn names(&self) -> Option<Vec<&str>> {
        Some(vec!["FOO", "EMPTY", "CI_COMMIT_BRANCH", "U"])
    }
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(input) = std::str::from_utf8(input) else { return Corpus::Reject };
    let (value, text) = input.split_once('\0').unwrap_or(("", input));
    if input.len() > MAX_LEN {
        return Corpus::Reject;
    }
    let unknown = Small { foo: value, unknown: None };
    for dialect in Dialect::ALL {
        let expr = match Expr::compile(text, dialect, &unknown) {
            Ok(expr) => expr,
            Err(error) => {
                assert!(error.kind != ErrorKind::Run);
                assert_inside(text, &error);
                continue;
            }
        };
        for name in expr.names() {
            assert!(text.get(name.span.range()).is_some());
        }
        let outcome = eval(&expr, text, &unknown);
        assert_eq!(outcome, eval(&expr, text, &unknown));
        for worth in WORTHS {
            let known = Small { foo: value, unknown: Some(worth) };
            // What compiles hangs on the names alone.
            let expr = Expr::compile(text, dialect, &known).expect("it compiles under doubt");
            match (&outcome, eval(&expr, text, &known)) {
                // How far our bounds reach depends on the values.
                (Ok(Outcome::Unknown { .. }), _) => {}
                (_, Err(error)) if error.kind == ErrorKind::Limit => {}
                (Err(error), _) if error.kind == ErrorKind::Limit => {}
                (Ok(answer), found) => assert_eq!(Ok(answer), found.as_ref(), "{worth:?} in {dialect:?}"),
                (Err(_), found) => assert!(found.is_err(), "{worth:?} in {dialect:?}"),
            }
        }
    }
    Corpus::Keep
});

fn eval(expr: &Expr, text: &str, env: &dyn Env) -> Result<Outcome, ExprError> {
    expr.eval(env).inspect_err(|error| {
        assert!(error.kind != ErrorKind::Compile);
        assert_inside(text, error);
    })
}

fn assert_inside(text: &str, error: &ExprError) {
    assert!(text.get(error.span.range()).is_some(), "{error:?}");
}
