use super::*;
use std::collections::HashMap;

mod doubt;

type Vars = HashMap<String, String>;

fn vars(pairs: &[(&str, &str)]) -> Vars {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn answer_in(dialect: Dialect, text: &str, env: &dyn Env) -> Result<Outcome, ErrorKind> {
    Expr::compile(text, dialect, env).and_then(|expr| expr.eval(env)).map_err(|error| error.kind)
}

fn answer(text: &str) -> Result<bool, ErrorKind> {
    let env = vars(&[("BRANCH", "main"), ("EMPTY", ""), ("UMLAUT", "ünï")]);
    match answer_in(Dialect::default(), text, &env)? {
        Outcome::Bool(answer) => Ok(answer),
        Outcome::Unknown { name } => unreachable!("`{text}` hangs on `{name}`"),
    }
}

#[track_caller]
fn all_hold(texts: &[&str]) {
    for text in texts {
        assert_eq!(answer(text), Ok(true), "`{text}`");
    }
}

#[track_caller]
fn all_fail(kind: ErrorKind, texts: &[&str]) {
    for text in texts {
        assert_eq!(answer(text), Err(kind), "`{text}`");
    }
}

#[test]
fn operators_bind_as_in_the_engine() {
    all_hold(&[
        "1 + 2 * 3 == 7",
        "2 ** 3 ** 2 == 512",
        "-2 ** 2 == -4.0",
        "not (BRANCH == 'dev')",
        "1 < 2 < 3",
        "!(3 > 2 > 2)",
        "BRANCH not in ['dev']",
        "BRANCH not contains 'x' and BRANCH not startsWith 'x'",
        "BRANCH not \"contains\" 'x'",
        "(nil ?? 'd') == 'd'",
        "true ? true : false",
        "BRANCH | upper() == 'MAIN' == false || true",
        "let x = BRANCH; x == 'main'",
        "if BRANCH == 'main' { true } else if true { false } else { false }",
        "1; true",
        "5 in 1..5 && 6 not in 1..5",
    ]);
    all_fail(
        ErrorKind::Compile,
        &[
            "",
            "BRANCH ==",
            "== 1",
            "true.x",
            "1[0]",
            "'a' ?? 'b' == 'b'",
            "let let = 1; true",
            "a not b",
            "[1 2]",
            "{1}",
            "# == 1",
            "1 2",
            "(true",
        ],
    );
}

#[test]
fn tokens() {
    all_hold(&[
        r#""\x41\u0042\103\n" == 'ABC\n'"#,
        r#""\x41\u0042\103\u{1F600}" == "ABC😀""#,
        "`a``b` == 'a`b'",
        "`\\d` == '\\\\d'",
        "0x10 == 16 && 0b11 == 3 && 0o17 == 15 && 1_000 == 1e3 && .5 == 0.5 && 007 == 7",
        "true // comment",
        "/* comment */ true",
        "b'\\xff' == b\"\\xff\"",
        "any([1], #>0)",
    ]);
    all_fail(
        ErrorKind::Compile,
        &[r#""\q" == """#, "'a", "`a", "/* a", "1a == 1", "9223372036854775808 > 0", "@", r#""\400" == """#],
    );
}

#[test]
fn types_are_checked_before_anything_runs() {
    all_fail(
        ErrorKind::Compile,
        &[
            "BRANCH == 1",
            "BRANCH",
            "1",
            "false && BRANCH",
            "false && upper(1) == 'x'",
            "BRANCH[0] == 'm'",
            "BRANCH matches '('",
            "BRANCH matches '(' + ''",
            "1 % 0 == 1 && false",
            "let BRANCH = 1; true",
            "let len = 1; true",
            "upper == 'x'",
            "foo(1).bar && 1",
            "len(1) == 1",
            "all(BRANCH, true)",
            "any([1], #)",
            "date('2024-01-01').Month() == 1",
        ],
    );
    all_fail(
        ErrorKind::Run,
        &[
            "NOPE",
            "not NOPE",
            "foo()",
            "NOPE ? true : false",
            "[1][1] == 1",
            "int('x') == 1",
            "filter([1], false)[0] == 1",
            "NOPE == 'x' || 1 in NOPE",
        ],
    );
}

#[test]
fn shortcuts_of_the_compiler_show() {
    all_hold(&[
        "not (foo() && false)",
        "foo() || true",
        "not (BRANCH matches '(' + '' && false)",
        "nil in ['']",
        "sum(['a', NOPE]) == 'a'",
        "any([1, 'x'], # == 1) || any([1, 'x'], # > 5)",
        "len(filter([1, 2, 3], # > 1)) == 2",
        "sum(1..3000000) > 0",
        "reduce(1..10, # + #acc) == 55",
    ]);
    // The first item decides, the second would fail.
    all_hold(&["count([1, 'x'], # > 0) > 0"]);
    all_fail(ErrorKind::Run, &["count([1, 'x'], # > 0) > 1", "first([1]) in ['a']", "len(1..3000000) > 0"]);
}

#[test]
fn an_operator_takes_what_find_last_leaves() {
    assert_eq!(answer("findLastIndex([1, 2], # == 1) == 0"), Ok(true));
    assert_eq!(answer("0 == findLastIndex([1, 2], # == 1)"), Err(ErrorKind::Run));
    assert_eq!(answer("[7, findLastIndex([1, 2], # == 1)] == [true, 0]"), Ok(true));
}

#[test]
fn builtins() {
    all_hold(&[
        "upper('straße') == 'STRAßE' && lower('İ') == 'i'",
        "len(UMLAUT) == 3 && UMLAUT[0:2] == 'ü' && len(UMLAUT[0:1]) == 1",
        "split('a.b', '.') == ['a', 'b'] && split('', '') == [] && split('abc', '', 2) == ['a', 'bc']",
        "splitAfter('a.b', '.') == ['a.', 'b']",
        "trim('  x ') == 'x' && trim('xxaxx', 'x') == 'a' && trimPrefix('xa', 'x') == 'a'",
        "replace('aaa', 'a', 'b', 2) == 'bba' && replace('ab', '', '-') == '-a-b-'",
        "join(['a', 'b'], '-') == 'a-b' && join([]) == ''",
        "toBase64('ab') == 'YWI=' && fromBase64('YWI=') == 'ab'",
        "fromJSON('{\"a\": [1, null]}').a == [1.0, nil]",
        "toJSON({a: '<'}) == '{\\n  \"a\": \"\\\\u003c\"\\n}'",
        "string([1, nil, {a: 1.5}]) == '[1 <nil> map[a:1.5]]'",
        "max([1, 2.5], 2) == 2.5 && min(3, 1) == 1 && mean([1, 2]) == 1.5 && median([3, 1, 2]) == 2.0",
        "round(2.5) == 3.0 && int('7') == 7 && float('0x1p4') == 16.0",
        "bitshl(1, 63) < 0 && bitushr(-1, 63) == 1 && bitand(6, 3) == 2",
        "sort(['b', 'a'], 'desc') == ['b', 'a'] && sortBy(['bb', 'a'], len(#)) == ['a', 'bb']",
        "sort(NOPE) == nil && toJSON(sort([1, 'a'][0])) == 'null' && sort(toPairs({})) == nil && sort([]) != nil",
        "string(100000.5) == '100000.5' && string(1e6) == '1e+06' && string(12345678.9) == '1.23456789e+07'",
        "toJSON(12345678.9) == '12345678.9' && toJSON(1e21) == '1e+21' && string(0.00001) == '1e-05'",
        "'x' not in timezone('UTC') && NOPE not in date('2024-01-01') && 'wall' not in date('2024-01-01')",
        "groupBy(['a', 'bb', 'c'], len(#))[1] == ['a', 'c']",
        "uniq([1, 1.0, 2]) == [1, 2] && flatten([1, [2, [3]]]) == [1, 2, 3] && concat([]) == nil",
        "get({a: 1}, 'b') == nil && {a: 1}?.b?.c == nil && 'a' in {a: 1} && {a: 1, a: 2}.a == 1",
        "keys({a: 1}) == ['a'] && len(keys({a: 1, b: 2})) == 2 && 'a' in keys({a: 1, b: 2})",
        "type(UMLAUT) == 'string' && type(nil) == 'nil' && type(1..2) == 'array'",
        "date('2024-02-29').AddDate(1, 0, 0).Format('2006-01-02') == '2025-03-01'",
        "date('2024-01-01').Weekday().String() == 'Monday' && duration('1h30m').Minutes() == 90.0",
        "date('2024-01-02') - date('2024-01-01') == duration('24h') && date('2024-01-01').YearDay() == 1",
        "$env.BRANCH == 'main' && 'BRANCH' in $env && len($env) == 3",
    ]);
}

#[test]
fn patterns_follow_gos_syntax() {
    all_hold(&[
        "'a1' matches '^\\\\w\\\\d$'",
        "'ü' not matches '\\\\w' && 'ü' matches '^.$' && 'ü' matches '\\\\pL'",
        "'a{,2}' matches 'a{,2}' && '<' matches '\\\\<' && '&&' matches '^[&&]+$'",
        "'[' matches '[[a]' && 'a.c' matches '\\\\Qa.c\\\\E'",
        "'Ab' matches '(?i)aB' && UMLAUT[0:1] matches '^.$'",
        "'x' matches '(?P<n>x)(?<m>)'",
    ]);
    let bad = [
        "(",
        ")",
        "a**",
        "*",
        "a{1001}",
        "(?=a)",
        "\\\\1",
        "[b-a]",
        "[[:x:]]",
        "\\\\p{Alphabetic}",
        "(?P<n>)(?P<n>)",
        "\\\\Z",
        "(?x)a",
        "[a",
    ];
    for pattern in bad {
        assert_eq!(answer(&format!("BRANCH matches '{pattern}'")), Err(ErrorKind::Compile), "{pattern}");
    }
}

#[test]
fn dialects_differ() {
    let env = vars(&[("BRANCH", "main")]);
    let table = [
        ("if true { true } else { false }", [false, true, true, true]),
        ("1; true", [false, true, true, true]),
        ("if false { false } else if true { true } else { false }", [false, false, true, true]),
        ("'\\u{41}' == 'A'", [false, false, true, true]),
        ("b'a' == b'a'", [false, false, false, true]),
        ("len(uniq([1, 1])) == 1", [false, true, true, true]),
        ("not (false && NOPE)", [false, true, true, true]),
        ("len('ü') == 2", [true, false, false, false]),
        ("'loc' in date('2024-01-01') && 'zone' in timezone('UTC')", [true, true, false, false]),
    ];
    for (text, expected) in table {
        let answers = Dialect::ALL.map(|dialect| answer_in(dialect, text, &env) == Ok(Outcome::Bool(true)));
        assert_eq!(answers, expected, "`{text}`");
    }
    assert_eq!(answer_in(Dialect::V1_17_0, "first([])", &env), Err(ErrorKind::Run));
    assert_eq!(answer_in(Dialect::V1_17_7, "first([])", &env), Ok(Outcome::Bool(false)));
}

#[test]
fn names_are_those_of_the_environment() {
    let text = "let x = FOO; x == BAR && any([1], # == y) || $env.BAZ == upper(FOO) || $env['QUX'] == ''";
    let tree = Tree::parse(text, Dialect::default()).expect("it is valid");
    let names: Vec<_> = tree.names().iter().map(|name| (name.value, text.get(name.span.range()))).collect();
    let expected = [("FOO", "FOO"), ("BAR", "BAR"), ("y", "y"), ("BAZ", "BAZ"), ("FOO", "FOO"), ("QUX", "'QUX'")];
    assert_eq!(names, expected.map(|(name, written)| (name, Some(written))));
}

#[test]
fn spans_of_children_lie_in_their_parents() {
    let text = "(let x = [1, {a: 'b'}?.a?.b[0:1]]; not (x | any(# == 1))) && A.b(1, 2)?.c in {x: (y) } ? -1 : if a {b} else {c; d}";
    let tree = Tree::parse(text, Dialect::default()).expect("it is valid");
    for node in &tree.nodes {
        assert!(
            text.get(node.span.range())
                .is_some_and(|text| !text.is_empty() || matches!(node.kind, NodeKind::Pointer(_)))
        );
    }
    for index in 0..tree.nodes.len() {
        let id = NodeId(index as u32);
        for child in tree.children(id) {
            let (outer, inner) = (tree.node(id), tree.node(child));
            assert!(outer.span.contains(inner.span), "{outer:?} {inner:?}");
        }
    }
}

#[test]
fn errors_point_at_the_bytes() {
    let at = |text: &str| {
        let error = Expr::compile(text, Dialect::default(), &vars(&[("A", "")]))
            .and_then(|expr| expr.eval(&vars(&[("A", "")])));
        let span = error.expect_err("it fails").span;
        text.get(span.range()).unwrap_or_default().to_owned()
    };
    assert_eq!(at("'ü' == 'x' && A == 1"), "==");
    assert_eq!(at("A matches 'a' && A matches '('"), "'('");
    assert_eq!(at("true && foo(1)"), "foo(1)");
    assert_eq!(at("A == 'ü\\q'"), "\\q");
    assert_eq!(at("A == ü ¿"), "¿");
    assert_eq!(at("let A = 1; true"), "A");
}

#[test]
fn hostile_text_ends_in_an_error() {
    let env = vars(&[]);
    let deep = [
        ("(", ")"),
        ("!", ""),
        ("[", "]"),
        ("-", ""),
        ("a ? ", " : b"),
        ("let x = ", "; 1"),
        ("any([1], ", ")"),
        ("a[", "]"),
        ("{a: ", "}"),
        ("1 < (", ")"),
    ];
    for (open, close) in deep {
        for count in [100, 140, 160, 5000] {
            let text = format!("{}true{}", open.repeat(count), close.repeat(count));
            for dialect in Dialect::ALL {
                let _ = answer_in(dialect, &text, &env);
            }
        }
    }
    for step in
        [" && true", " || false", " + 1", ".a", "[0]", "?.a", " ?? 1", " | len()", "; 1", " < 1", " == 'a'", ".f()"]
    {
        for count in [100, 2000, 9000] {
            let _ = answer_in(Dialect::default(), &format!("true{}", step.repeat(count)), &env);
        }
    }
    let nested = (0..40).fold("1".to_owned(), |text, _| format!("(0 < {text} < 2)"));
    assert!(answer_in(Dialect::default(), &nested, &env).is_err());
    let loops = "let s = repeat('a', 900000); all(1..1000, s not contains 'b')";
    assert_eq!(answer_in(Dialect::default(), loops, &env), Err(ErrorKind::Limit));
    let doubled = (0..60).fold("'aaaaaaaa'".to_owned(), |text, _| format!("reduce([1, 2], #acc + #acc, {text})"));
    let doubled = format!("let a = {doubled}; a == ''");
    assert!(answer_in(Dialect::default(), &doubled, &env).is_err());
    let json = format!("fromJSON('{}') == nil", "[".repeat(100_000));
    assert_eq!(answer_in(Dialect::default(), &json, &env), Err(ErrorKind::Limit));
}

#[test]
fn cut_anywhere_nothing_panics() {
    let text = r#"let x = "\u00fc\x41"; (A not in ['a', `b`] or #) && any([1..2, {a: b"c"}], {#.a?.b[0:-1] matches "(?i)[a-z]+"}) ? 0x1F : 1.5e3 // ü"#;
    let env = vars(&[("A", "ü")]);
    for (cut, _) in text.char_indices() {
        for dialect in Dialect::ALL {
            let _ = answer_in(dialect, &text[..cut], &env);
            let _ = answer_in(dialect, &text[cut..], &env);
        }
    }
}
