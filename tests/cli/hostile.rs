//! Names that try to act on the terminal, to deceive a reader, or to break the JSON: in every place where a name can stand.

use super::support::{Ran, Repo};

/// Clears the screen, sets the window's title, breaks the line, turns the writing direction, hides.
const NASTY: &str = "x\u{1b}[2J\u{1b}]0;title\u{7}\r\n\u{9b}31m\u{202e}txet\u{200b}\u{2028}\u{7f}";

/// `NASTY` in YAML's double quotes.
fn quoted() -> String {
    let escaped: Vec<String> = NASTY.chars().map(|c| format!("\\U{:08x}", c as u32)).collect();
    format!("\"{}\"", escaped.concat())
}

/// No byte that was printed acts on a terminal, and no character deceives a reader.
fn assert_harmless(ran: &Ran, what: &str) {
    for text in [&ran.out, &ran.err] {
        let bad = text
            .chars()
            .find(|&c| (c.is_control() && c != '\n') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'));
        assert_eq!(bad, None, "{what}: {text:?}");
    }
}

#[test]
fn paths_messages_branches_and_file_names() {
    let hostile = NASTY.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
    let repo = Repo::new(&format!(
        "commit c\nwrite \".woodpecker/{hostile}.yml\" \"steps:\\n  - {{name: s, image: x, when: {{path: '**'}}}}\\n\"\n\
         commit \"{hostile}\"\nwrite \"{hostile}.md\" x\n"
    ));
    for arguments in [
        &["HEAD", "--branch", NASTY][..],
        &["HEAD", "--event", NASTY],
        &["HEAD", "--tag", NASTY],
        &["HEAD", "--cron", NASTY],
        &["HEAD", "--message", NASTY],
        &["HEAD", "--step", NASTY, "--expect", "run"],
        &["HEAD", "--gates", NASTY],
        &["HEAD", "--metadata", NASTY],
        &["HEAD", "--config", NASTY],
        &["HEAD", "--woodpecker", NASTY],
        &["--files", NASTY],
        &[NASTY],
        &["-C", NASTY],
    ] {
        assert_harmless(&repo.explain(arguments), &format!("{arguments:?}"));
    }
    let ran = repo.explain(&["HEAD"]);
    assert!(
        ran.out.contains(r"x\x1b[2J\x1b]0;title\x07\r\n\u{9b}31m\u{202e}txet\u{200b}\u{2028}\x7f.md"),
        "{}",
        ran.out
    );
    let answer = repo.explain(&["HEAD", "--branch", NASTY, "--format", "json"]).json();
    assert_eq!(answer["change"]["branch"], NASTY);
    assert_eq!(answer["change"]["message"], format!("{NASTY}\n"));
    assert_eq!(answer["change"]["changed_files"][0], format!("{NASTY}.md"));
    assert_eq!(answer["workflows"][0]["file"], format!(".woodpecker/{NASTY}.yml"));
    assert_eq!(answer["workflows"][0]["name"], NASTY);
}

#[test]
fn workflows() {
    let nasty = quoted();
    let raw: String = NASTY.chars().filter(|c| !c.is_control()).collect();
    let texts = [
        format!("steps: [{{name: {nasty}, image: x, when: {{branch: [{nasty}, '**'], path: {nasty}}}}}]\n"),
        format!("steps: [{{name: s, image: x, when: {{evaluate: {nasty}}}}}]\n"),
        "steps: [{name: s, image: x, when: {evaluate: \"'\\x1b[2J' + 1\"}}]\n".to_owned(),
        format!("steps: [{{name: s, image: x, when: {{path: {{ignore_message: {nasty}}}}}}}]\n"),
        format!("steps: [{{name: s, image: x, depends_on: [{nasty}]}}]\n"),
        format!("steps: [{{name: {nasty}}}]\n"),
        format!("steps: [{{name: s, image: {nasty}, settings: {{a: b}}, commands: [c]}}]\n"),
        format!("depends_on: [{nasty}]\nsteps: [{{name: s, image: x}}]\n"),
        format!("matrix: {{{nasty}: [{nasty}]}}\nsteps: [{{name: s, image: x}}]\n"),
        format!("{nasty}: 1\n{nasty}: 2\nsteps: [{{name: s, image: x}}]\n"),
        format!("steps: [{{name: s, image: x, when: *a{raw}}}]\n"),
        format!("steps: {nasty}\n"),
        format!("steps: [{{name: s, image: x, when: {{path: [[{nasty}]]}}}}]\n"),
        format!("# {raw}\nsteps: [{{name: s, image: '${{{raw}'}}]\n"),
        format!("# {NASTY}\nsteps: []\n"),
        format!("services: [{{name: {nasty}, image: x, ports: [{nasty}]}}]\nsteps: [{{name: s, image: x}}]\n"),
    ];
    for text in texts {
        let repo = Repo::of_workflow(&text);
        let ran = repo.explain(&["HEAD", "--gates", "worktree"]);
        assert_harmless(&ran, &text);
        assert!(ran.status.code() < 2, "{text}: {}", ran.err);
        repo.explain(&["HEAD", "--gates", "worktree", "--format", "json"]).json();
        for form in ["text", "mermaid", "dot", "svg"] {
            let ran = repo.wp_gate(&["graph", "HEAD", "--gates", "worktree", "--format", form]);
            assert_harmless(&ran, &text);
            assert!(ran.status.code() < 2, "{form}: {text}: {}", ran.err);
        }
    }
}

#[test]
fn configurations() {
    let repo = Repo::of_workflow("steps: [{name: s, image: x}]\n");
    for text in [format!("{}: 1\n", quoted()), format!("woodpecker: {}\n", quoted()), format!("{NASTY}: [\n")] {
        repo.write(".wp-gate.yaml", &text);
        let ran = repo.explain(&["HEAD"]);
        assert_harmless(&ran, &text);
        assert_eq!(ran.status.code(), 2, "{text}");
    }
}
