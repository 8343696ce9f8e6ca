//! `audit` as a page: one file that loads nothing.
//!
//! The page (`page/`: markup, style, script) is fixed text; what differs is the data, as JSON in a script element that is no script. In
//! it `<`, `>` and `&` are written as `\u003c`, `\u003e` and `\u0026`, so nothing that a repository says can end that element or begin
//! another. The strings are escaped as for a terminal, and the script puts them into text nodes. A content security policy lets the page
//! load nothing and run nothing but its own script, by a nonce: the id of the newest commit, which nobody knows who writes what is in it.

use std::io::{self, Write};

use serde::Serialize;

use super::{AuditAnswer, facts, names};
use crate::audit::{Column, Commit, Head, Held, Holding, Record, Shape};
use crate::plan::Verdict;
use crate::report::Style;
use crate::text::escape;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
/// The parts of the script, which lean on those before them.
const SCRIPT: [&str; 6] = [
    include_str!("page/data.js"),
    include_str!("page/show.js"),
    include_str!("page/totals.js"),
    include_str!("page/map.js"),
    include_str!("page/panel.js"),
    include_str!("page/main.js"),
];

#[derive(Serialize)]
struct Data<'a> {
    head: HeadData<'a>,
    columns: Vec<ColumnData>,
    /// Lines, in which `\0N\0` stands for the name of the file that the row mentions at N.
    grounds: Vec<Vec<String>>,
    troubles: Vec<String>,
    shapes: Vec<ShapeData<'a>>,
    authors: Vec<String>,
    paths: Vec<String>,
    policies: Vec<String>,
    unlisted: Vec<String>,
    commits: Vec<CommitData<'a>>,
}

#[derive(Serialize)]
struct HeadData<'a> {
    repository: Option<String>,
    branch: Option<String>,
    event: String,
    pull_requests: bool,
    woodpecker: &'a str,
    forge: &'a str,
    gates: Option<String>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct ColumnData {
    workflow: String,
    step: Option<String>,
    cost: Option<u64>,
}

#[derive(Serialize)]
struct ShapeData<'a> {
    pipeline: &'static str,
    skip_ci: bool,
    unreported: bool,
    has_workflows: bool,
    troubles: &'a [u32],
    /// Column, verdict and ground of each cell, one after the other.
    cells: Vec<u32>,
}

/// What a policy says of a commit: which one, 0 for kept, 1 for broken, 2 for unclear, and the columns; -1 is the whole pipeline. Then which
/// file by which it is about the commit the forge does not list.
type HeldData = (u32, u8, Vec<i64>, Option<u32>);

/// Id, author, date, subject, shape, number of files, files, those that are not listed, mentions, policies; then what would have become of it
/// by its own gates, and by all that changed.
type CommitData<'a> =
    (String, u32, i64, String, u32, u32, &'a [u32], &'a [u32], &'a [u32], Vec<HeldData>, OtherData<'a>, OtherData<'a>);

/// A shape and the mentions, if there is something else to compare with.
type OtherData<'a> = Option<(u32, &'a [u32])>;

/// Writes `answer` as a page.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_audit_html(out: &mut dyn Write, answer: &AuditAnswer<'_>) -> io::Result<()> {
    let AuditAnswer { head, .. } = *answer;
    let data = serde_json::to_string(&data(answer))?;
    let title = head.repository.as_deref().or(head.branch.as_deref()).unwrap_or("a history");
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once('{') {
        out.write_all(before.as_bytes())?;
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        match name {
            "nonce" => out.write_all(nonce(head).as_bytes())?,
            "title" => write!(out, "Audit of {}", markup(&escape(title).to_string()))?,
            "style" => out.write_all(STYLE.as_bytes())?,
            "script" => SCRIPT.iter().try_for_each(|part| out.write_all(part.as_bytes()))?,
            "data" => write_inert(out, &data)?,
            other => write!(out, "{{{other}}}")?,
        }
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// What only the page's own elements know.
fn nonce(head: &Head) -> String {
    head.tip.chars().filter(char::is_ascii_hexdigit).collect()
}

/// Writes JSON so that it cannot be taken for markup, wherever it stands.
fn write_inert(out: &mut dyn Write, json: &str) -> io::Result<()> {
    let mut rest = json;
    while let Some(at) = rest.find(['<', '>', '&']) {
        let (before, special) = rest.split_at(at);
        out.write_all(before.as_bytes())?;
        write!(out, "\\u{:04x}", special.as_bytes()[0])?;
        rest = &special[1..];
    }
    out.write_all(rest.as_bytes())
}

/// Text between tags.
fn markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn data<'a>(answer: &AuditAnswer<'a>) -> Data<'a> {
    let AuditAnswer { head, record, tally } = *answer;
    let shown = |text: &String| escape(text).to_string();
    let cost = |at: usize| tally.steps.get(at).and_then(|step| step.cost).map(|cost| cost.as_secs());
    Data {
        head: HeadData {
            repository: head.repository.as_ref().map(shown),
            branch: head.branch.as_ref().map(shown),
            event: shown(&head.event),
            pull_requests: head.pull_requests,
            woodpecker: &head.woodpecker,
            forge: &head.forge,
            gates: head.gates.as_ref().map(|_| names::gates(head)),
            notes: &head.notes,
        },
        columns: record.columns.iter().enumerate().map(|(at, it)| column(it, cost(at))).collect(),
        grounds: (0..record.grounds.len() as u32).map(|ground| lines(ground, record)).collect(),
        troubles: record.troubles.iter().map(names::trouble).collect(),
        shapes: record.shapes.iter().map(shape).collect(),
        authors: record.authors.iter().map(shown).collect(),
        paths: record.paths.iter().map(|path| escape(&path.0).to_string()).collect(),
        policies: head.policies.iter().map(shown).collect(),
        unlisted: record.unlisted.iter().map(names::unlisted_told).collect(),
        commits: record.commits.iter().map(commit).collect(),
    }
}

fn column(column: &Column, cost: Option<u64>) -> ColumnData {
    ColumnData { workflow: names::workflow(column), step: column.step.as_ref().map(|_| names::step(column)), cost }
}

fn lines(ground: u32, record: &Record) -> Vec<String> {
    // What is escaped holds no NUL, so no other one can be in there.
    facts::of_ground(ground, record, Style::PLAIN, |mention| format!("\0{mention}\0"))
}

fn shape(shape: &Shape) -> ShapeData<'_> {
    let verdict = |verdict| match verdict {
        Verdict::Run => 1,
        Verdict::Skip => 2,
        Verdict::Unknown => 3,
        Verdict::Dropped => 4,
        Verdict::Error => 5,
    };
    ShapeData {
        pipeline: shape.pipeline.name(),
        skip_ci: shape.skip_ci,
        unreported: shape.unreported,
        has_workflows: shape.has_workflows,
        troubles: &shape.troubles,
        cells: shape.cells.iter().flat_map(|cell| [cell.column, verdict(cell.verdict), cell.ground]).collect(),
    }
}

fn commit(commit: &Commit) -> CommitData<'_> {
    let held = commit.held.iter().map(held).collect();
    let subject = escape(&commit.subject).to_string();
    let Commit { author, date, shape, changed, files, hidden, mentions: decided, .. } = commit;
    (
        commit.hex(),
        *author,
        *date,
        subject,
        *shape,
        *changed,
        files,
        hidden,
        decided,
        held,
        other(commit.own.as_ref()),
        other(commit.by_git.as_ref()),
    )
}

fn other(other: Option<&(u32, Box<[u32]>)>) -> OtherData<'_> {
    other.map(|(shape, mentions)| (*shape, &**mentions))
}

fn held(held: &Held) -> HeldData {
    let holding = match held.holding {
        Holding::Kept => 0,
        Holding::Broken => 1,
        Holding::Unclear => 2,
    };
    let columns = held.breaches.iter().map(|breach| breach.column.map_or(-1, i64::from)).collect();
    (held.policy, holding, columns, held.unlisted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_that_is_written_is_the_same_json_and_no_markup() {
        let texts = ["</script><!--<script>", "a & b > c", "]]>", "\u{2028}", "\\u003c"];
        let mut out = Vec::new();
        write_inert(&mut out, &serde_json::to_string(&texts).expect("it is JSON")).expect("memory takes all");
        let text = String::from_utf8(out).expect("it is text");
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).expect("it is JSON"), texts);
    }

    #[test]
    fn the_page_has_each_of_its_places_and_loads_nothing() {
        for place in ["{nonce}", "{title}", "{style}", "{script}", "{data}"] {
            assert!(PAGE.contains(place), "{place}");
        }
        let fixed = [&[PAGE, STYLE][..], &SCRIPT].concat();
        for part in fixed {
            // The name of SVG's namespace is no address that anything loads.
            let part = part.replace("http://www.w3.org/2000/svg", "");
            for forbidden in ["http:", "https:", "//cdn", "@import", "url(", "import(", "fetch(", "XMLHttpRequest"] {
                assert!(!part.contains(forbidden), "{forbidden}");
            }
            for forbidden in
                ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "</script>\n<script>"]
            {
                assert!(!part.contains(forbidden), "{forbidden}");
            }
        }
        for part in SCRIPT {
            assert!(!part.contains("</script") && !part.contains("<!--"));
        }
    }
}
