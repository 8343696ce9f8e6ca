//! The README shows what the program prints, and names the options that it has.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use wp_gate::cli::ExitStatus;
use wp_gate::server::{DIFFERENCES, Version};

use crate::shell::{Repo, run};

const README: &str = "README.md";

#[test]
fn its_examples_and_tables_are_what_the_program_says() {
    let readme = crate::read(README);
    crate::up_to_date(README, &differences(&examples(&readme)));
}

/// `text` with each `console` block as the program fills it: lines that begin with `$ ` are run, the rest is what they print.
fn examples(text: &str) -> String {
    let founding = Repo::founding();
    let mut result = String::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        }
        match line.strip_prefix("$ ") {
            Some(command) if inside => {
                let ran = run(&founding, command);
                assert!(ran.status != ExitStatus::Failed && ran.err.is_empty(), "{command}: {}", ran.err);
                writeln!(result, "{line}\n{}", ran.out.trim_end()).expect("a string takes all");
            }
            _ if inside && line != "```console" => {}
            _ => writeln!(result, "{line}").expect("a string takes all"),
        }
    }
    result
}

/// `text` with the table of what differs between server versions, in its place.
fn differences(text: &str) -> String {
    const BEGIN: &str = "<!-- differences -->\n";
    const END: &str = "<!-- end -->";
    let (before, rest) = text.split_once(BEGIN).expect("the README has a place for the table");
    let (_, after) = rest.split_once(END).expect("the place ends");
    let mut table = "| versions | the server |\n| --- | --- |\n".to_owned();
    for row in DIFFERENCES {
        writeln!(table, "| {} | {} |", versions(row.since, row.until), row.what).expect("a string takes all");
    }
    format!("{before}{BEGIN}{table}{END}{after}")
}

pub(crate) fn versions(since: Option<Version>, until: Option<Version>) -> String {
    match (since, until) {
        (Some(since), Some(until)) => format!("from {since}, before {until}"),
        (Some(Version::NEXT), None) => Version::NEXT.to_string(),
        (Some(since), None) => format!("from {since}"),
        (None, Some(until)) => format!("before {until}"),
        (None, None) => "all".to_owned(),
    }
}

#[test]
fn it_names_the_options_that_there_are() {
    let founding = Repo::founding();
    let help: String = [
        "wp-gate explain --help",
        "wp-gate fleet --help",
        "wp-gate lint --help",
        "wp-gate check --help",
        "wp-gate graph --help",
        "wp-gate changes --help",
        "wp-gate audit --help",
        "wp-gate audit merge --help",
        "wp-gate prove --help",
        "wp-gate diff --help",
        "wp-gate eval --help",
    ]
    .map(|line| run(&founding, line).clean())
    .concat();
    let set = |options: &[&str]| options.iter().copied().map(str::to_owned).collect::<BTreeSet<_>>();
    // An option stands at the left of the help; its description is further in, on lines of its own.
    let entries: Vec<&str> =
        help.lines().filter(|line| line.starts_with("  ") && !line.starts_with("          ")).collect();
    let (named, known) = (options(&crate::read(README)), options(&entries.join("\n")));
    let cargos = set(&["--release", "--path"]);
    let unknown: Vec<_> = named.difference(&known).filter(|option| !cargos.contains(*option)).collect();
    assert!(unknown.is_empty(), "the README names options that are not there: {unknown:?}");
    let common = set(&["--help", "--version", "--color", "--directory"]);
    let missing: Vec<_> = known.difference(&named).filter(|option| !common.contains(*option)).collect();
    assert!(missing.is_empty(), "the README does not name {missing:?}");
}

/// The words of `text` that are long options.
fn options(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
    let long = words.filter(|word| word.strip_prefix("--").is_some_and(|rest| rest.starts_with(char::is_alphabetic)));
    long.map(str::to_owned).collect()
}

#[test]
fn ci_runs_its_test_command() {
    let readme = crate::read(README);
    let (_, block) = readme.split_once("```sh\n").expect("the two commands");
    let commands: Vec<&str> = block.lines().take_while(|line| *line != "```").collect();
    let [run, test] = commands[..] else { panic!("two commands: {commands:?}") };
    assert!(run.starts_with("cargo run --release -- -C "), "{run}");
    let ci = crate::read(".ci/run");
    assert!(ci.lines().any(|line| line.trim() == test), "`.ci/run` does not run `{test}`");
}

#[test]
fn links_lead_somewhere() {
    let docs = ["docs/semantics.md", "docs/fleet.md", "docs/forges.md", "docs/proofs.md"];
    for file in [&[README, "CONTRIBUTING.md", "action/README.md"][..], &docs].concat() {
        let text = crate::read(file);
        let path = crate::project(file);
        let folder = path.parent().expect("a folder");
        let headings: Vec<String> = text.lines().filter(|line| line.starts_with('#')).map(anchor).collect();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let leads = match link.strip_prefix('#') {
                Some(heading) => headings.iter().any(|it| it == heading),
                None => link.starts_with("https://") || folder.join(link).exists(),
            };
            assert!(leads, "{file}: {link}");
        }
    }
}

/// What a heading is called in a link, as code hosts make it.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-');
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .chars()
        .filter(kept)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}
