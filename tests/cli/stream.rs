//! `eval`: JSON Lines in, JSON Lines out.

use std::{
    cell::RefCell,
    io::{Read, Write},
    rc::Rc,
};

use serde_json::{Value, json};

use super::support::{run_on, run_with, testdata};

/// The answers to `input`, as they were written.
fn answers(arguments: &[&str], input: impl AsRef<[u8]>) -> String {
    run_with([&["eval"], arguments].concat(), &mut input.as_ref()).clean()
}

fn parsed(answers: &str) -> Vec<Value> {
    answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_kind_of_request_has_its_answer() {
    let workflow = "steps: [{name: a, image: x}, {name: b, image: x, when: {path: 'docs/**'}}]\n";
    let pipeline = json!({
        "files": {".woodpecker/w.yml": workflow},
        "metadata": {"curr": {"event": "push", "commit": {"branch": "main", "changed_files": ["x"], "message": "[skip ci]"}}},
    });
    let refused = json!({"files": {".woodpecker/w.yml": "steps: 1\n"}, "metadata": {}});
    let requests = [
        (json!({"pattern": "docs/**", "path": "docs/a/b.md"}), json!({"match": true, "valid": true})),
        (json!({"pattern": "a[", "path": "b"}), json!({"match": false, "valid": false, "bad": true})),
        (json!({"template": "a${X}b", "env": {"X": "-"}}), json!({"out": "a-b"})),
        (json!({"expr": "X == 'y'", "env": {"X": "y"}}), json!({"result": true})),
    ];
    let input = requests.iter().map(|(request, _)| format!("{request}\n")).collect::<Vec<_>>().concat();
    let expected: Vec<&Value> = requests.iter().map(|(_, answer)| answer).collect();
    assert_eq!(parsed(&answers(&[], input)).iter().collect::<Vec<_>>(), expected);

    let answer = parsed(&answers(&[], pipeline.to_string()));
    let step = |name: &str, of: &str| json!([{"name": name, "type": of, "on_success": true, "on_failure": false}]);
    assert_eq!(answer[0]["workflows"], json!([{"name": "w", "stages": [step("clone", "clone"), step("a", "plugin")]}]));
    assert_eq!(answer[0]["skip_ci"], true);
    let answer = parsed(&answers(&[], refused.to_string()));
    assert_eq!((&answer[0]["workflows"], answer[0]["error"].is_string()), (&Value::Null, true));
}

#[test]
fn the_server_can_be_chosen() {
    let workflow = "steps: [{name: a, image: x, when: {path: {exclude: ['docs/**']}}}]\nskip_clone: true\n";
    let files = json!({".woodpecker/w.yml": workflow});
    let metadata = json!({"curr": {"event": "push", "commit": {"changed_files": ["docs/x.md", "apps/y.ts"]}}});
    let request = json!({"files": files, "metadata": metadata}).to_string();
    let count =
        |version| parsed(&answers(&["--woodpecker", version], &request))[0]["workflows"].as_array().map(Vec::len);
    assert_eq!((count("3.17"), count("3.4")), (Some(1), Some(0)));
}

#[test]
fn a_bad_line_is_answered_and_passed() {
    let good = json!({"pattern": "a", "path": "a"}).to_string();
    let bad = [
        "",
        "{",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{}",
        r#"{"pattern": "a"}"#,
        r#"{"pattern": 1, "path": "a"}"#,
        r#"{"pattern": "a", "path": "a", "template": "b"}"#,
        r#"{"files": {}}"#,
        "\u{feff}{}",
    ];
    for bad in bad {
        let answers = parsed(&answers(&[], format!("{good}\n{bad}\n{good}\n")));
        assert_eq!(answers.len(), 3, "{bad}");
        assert!(answers[1]["error"].as_str().unwrap().starts_with("not a request: "), "{bad}: {}", answers[1]);
        assert_eq!((&answers[0]["match"], &answers[2]["match"]), (&json!(true), &json!(true)), "{bad}");
    }
    let answers = parsed(&answers(&[], [good.as_bytes(), b"\n\xff\xfe\n", good.as_bytes()].concat()));
    assert_eq!((answers.len(), answers[1]["error"].is_string()), (3, true));
}

#[test]
fn a_last_line_needs_no_line_break_and_nothing_has_no_answer() {
    let request = json!({"pattern": "a", "path": "b"}).to_string();
    assert_eq!(answers(&[], &request), answers(&[], format!("{request}\n")));
    assert_eq!(answers(&[], format!("{request}\r\n")), answers(&[], &request));
    assert_eq!(answers(&[], ""), "");
}

#[test]
fn answers_are_the_same_and_in_order_on_any_number_of_threads() {
    let mut input = String::new();
    for kind in ["glob", "subst", "expr", "plan"] {
        let text = testdata(&format!("conformance/{kind}.jsonl"));
        input.extend(text.lines().take(60).flat_map(|line| [line, "\n"]));
    }
    let one = answers(&["--threads", "1"], &input);
    assert_eq!(one.lines().count(), 240);
    for threads in ["2", "4", "0"] {
        assert_eq!(answers(&["--threads", threads], &input), one, "{threads} threads");
    }
}

/// Hands out one request at a time, and only once the one before is answered: what a program does that talks to `eval` over pipes.
struct Asker {
    requests: Vec<String>,
    asked: usize,
    answers: Rc<RefCell<Vec<u8>>>,
}

impl Read for Asker {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let answered = self.answers.borrow().split(|&byte| byte == b'\n').count() - 1;
        assert_eq!(answered, self.asked, "each request is answered before the next one is read");
        let Some(request) = self.requests.get(self.asked) else { return Ok(0) };
        self.asked += 1;
        buffer[..request.len()].copy_from_slice(request.as_bytes());
        Ok(request.len())
    }
}

/// What has been flushed: a reader at the other end of a pipe sees no more.
struct Flushed {
    pending: Vec<u8>,
    seen: Rc<RefCell<Vec<u8>>>,
}

impl Write for Flushed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.pending.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.seen.borrow_mut().append(&mut self.pending);
        Ok(())
    }
}

#[test]
fn one_request_is_answered_before_the_next_is_sent() {
    for threads in ["1", "4"] {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let requests = (0..5).map(|number| format!("{}\n", json!({"template": number.to_string()}))).collect();
        let mut asker = Asker { requests, asked: 0, answers: Rc::clone(&seen) };
        let mut out = Flushed { pending: Vec::new(), seen: Rc::clone(&seen) };
        run_on(["eval", "--threads", threads], &mut asker, &mut out, &mut Vec::new());
        let outs: Vec<Value> = parsed(std::str::from_utf8(&seen.borrow()).unwrap());
        assert_eq!(outs, (0..5).map(|number| json!({"out": number.to_string()})).collect::<Vec<_>>());
    }
}
