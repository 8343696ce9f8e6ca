//! Help, version, completions and manual pages.

use super::support::{assert_screen, run};

const COMMANDS: [&str; 13] = [
    "explain",
    "changes",
    "check",
    "graph",
    "prove",
    "diff",
    "audit",
    "fleet",
    "lint",
    "rules",
    "eval",
    "completions",
    "man",
];

#[test]
fn help() {
    assert_screen!("help", run(["--help"]).clean());
    for command in COMMANDS {
        assert_screen!(format!("help-{command}"), run([command, "--help"]).clean());
    }
}

#[test]
fn the_list_of_commands_here_is_whole() {
    let help = run(["--help"]).clean();
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // What follows a name may go on in a line of its own, further in.
    let names = listed.filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    let listed: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(listed, [&COMMANDS[..], &["help"]].concat());
}

#[test]
fn version() {
    assert_screen!("version", run(["--version"]).clean());
    assert_eq!(run(["-V"]).clean(), format!("wp-gate {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(["completions", shell]).clean();
        for command in COMMANDS {
            assert!(script.contains(command), "{command} in {shell}");
        }
    }
}

#[test]
fn manual_pages_name_what_they_are_about() {
    let page = run(["man"]).clean();
    for command in COMMANDS {
        assert!(page.contains(command), "{command}");
        let own = run(["man", command]).clean();
        assert!(own.starts_with(".ie") && own.contains(&format!("wp-gate-{command}")), "{own}");
    }
    let error = run(["man", "exlpain"]).failed();
    assert_eq!(
        error,
        "error: no command `exlpain`\nhelp: the commands are explain, changes, check, graph, prove, diff, audit, fleet, lint, rules, eval, completions, man, help\n"
    );
}

#[test]
fn wrong_usage_is_said_on_standard_error() {
    for (arguments, said) in [
        (&["explan"][..], "similar subcommand exists: 'explain'"),
        (&["explain", "--evnt", "push"], "a similar argument exists: '--event'"),
        (&["explain", "--format", "xml"], "possible values: human, json"),
        (&["explain", "--expect", "run"], "--step <NAME>"),
        (&["explain", "HEAD", "--staged"], "cannot be used with"),
        (&["explain", "--env", "NAME"], "expected NAME=VALUE"),
        (&["explain", "--repo", "name"], "expected OWNER/NAME"),
        (
            &["explain", "--woodpecker", "4.0"],
            "unknown Woodpecker version `4.0`: known are 2.8, 3.0 to 3.17, and `next`",
        ),
        (&["eval", "--woodpecker", "2.7"], "unknown Woodpecker version `2.7`"),
        (&[], "Usage: wp-gate"),
    ] {
        let error = run(arguments.iter().copied()).failed();
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
}

/// The one test that starts the program: `main` passes arguments, streams and the exit code on.
#[test]
fn the_program_itself_runs() {
    let program = || std::process::Command::new(env!("CARGO_BIN_EXE_wp-gate"));
    let output = program().arg("--version").output().unwrap();
    assert!(output.status.success() && output.stdout.starts_with(b"wp-gate "), "{output:?}");
    let output = program().args(["-C", "/nowhere/at/all", "explain"]).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
    assert!(output.stderr.starts_with(b"error: no folder `/nowhere/at/all`"), "{output:?}");
}
