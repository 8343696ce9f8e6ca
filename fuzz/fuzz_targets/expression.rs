#![no_main]
//! Any text, in any dialect: no panic, spans that cut the text at characters, and answers under doubt that hold.

use libfuzzer_sys::fuzz_target;
use std::collections::HashMap;
use wp_gate::expr::{Dialect, Env, Expr, Lookup, Outcome};

/// Sets `FOO` to something unknown.
struct Doubt;

impl Env for Doubt {
    fn get(&self, name: &str) -> Lookup<'_> {
        match name {
            "FOO" => Lookup::Unknown,
            "BAR" => Lookup::Value("a.b/ü"),
            _ => Lookup::Missing,
        }
    }

    fn names(&self) -> Option<Vec<&str>> {
        Some(vec!["FOO", "BAR"])
    }
}

fuzz_target!(|input: (u8, String)| {
    let (dialect, text) = input;
    let dialect = Dialect::ALL[dialect as usize % Dialect::ALL.len()];
    let said = match Expr::compile(&text, dialect, &Doubt) {
        Ok(expr) => {
            for name in expr.names() {
                assert!(text.get(name.span.range()).is_some());
            }
            expr.eval(&Doubt)
        }
        Err(error) => Err(error),
    };
    if let Err(error) = &said {
        assert!(text.get(error.span.range()).is_some());
    }
    if matches!(said, Ok(Outcome::Unknown { .. })) {
        return;
    }
    for value in ["", "a", "7", "ü"] {
        let env: HashMap<String, String> = [("FOO", value), ("BAR", "a.b/ü")].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let answer = Expr::compile(&text, dialect, &env).and_then(|expr| expr.eval(&env));
        assert_eq!(answer.map_err(|error| error.kind), said.clone().map_err(|error| error.kind));
    }
});
