use serde_json::Value;

use super::*;
use crate::diag::{Edit, Fix, Safety};
use crate::source::{FileId, Source, Span};

/// A name that is markup everywhere, and acts on terminals.
const NASTY: &str = "a,b:c%d\n<b>&\"'|[x](y)`@me`\u{1b}[2J\u{202e}ö .yml";

fn files() -> (Sources, FileId) {
    let mut files = Sources::new();
    let nasty = files.add(Source::new(NASTY, "steps:\n  - nä<me>: |\n    x\n"));
    files.add(Source::new("good.yml", ""));
    (files, nasty)
}

/// What `write` writes of a finding of each severity in a file called [`NASTY`], one without a place, and a file that was not read.
fn written(write: fn(&mut dyn std::io::Write, &Findings<'_>) -> std::io::Result<()>) -> String {
    let (files, nasty) = files();
    let name = crate::text::escape(NASTY);
    let problems = [
        Problem::error("missing-image", format!("no image in `{name}`"))
            .label(nasty, Span::new(11, 18), "100% here, [see](this)")
            .label(nasty, Span::new(0, 5), "")
            .help("give `<image>`")
            .fix(Fix::new(
                Safety::Unsafe,
                "put `x` there",
                vec![Edit { file: nasty, span: Span::at(7), text: "x".to_owned() }],
            )),
        Problem::warning("no-rule", "over lines").label(nasty, Span::new(11, 27), ""),
        Problem { severity: Severity::Note, ..Problem::error("unused-anchor", "no place") },
    ];
    let unread = [Unread { file: NASTY.to_owned(), message: format!("cannot read `{name}`") }];
    let notes = ["all is `<well>`".to_owned()];
    let findings = Findings { problems: &problems, files: &files, rosters: &[], unread: &unread, notes: &notes };
    let mut out = Vec::new();
    write(&mut out, &findings).expect("memory takes all");
    String::from_utf8(out).expect("it is text")
}

#[test]
fn an_annotation_is_one_line_whatever_the_names() {
    let text = written(write_findings_github);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5, "{text}");
    let file = "file=a%2Cb%3Ac%25d%0A<b>&\"'|[x](y)`@me`\u{1b}[2J\u{202e}ö .yml";
    assert!(lines[0].starts_with(&format!("::error {file},line=2,col=5,endColumn=11,title=missing-image::no image")));
    assert!(lines[0].ends_with("%0Ahelp: give `<image>`"), "{text}");
    assert!(lines[1].starts_with(&format!("::warning {file},line=2,endLine=3,title=no-rule::over lines")), "{text}");
    assert_eq!(lines[2], "::notice title=unused-anchor::no place");
    assert!(lines[3].starts_with("::error file=a%2Cb") && lines[4] == "::notice ::all is `<well>`", "{text}");
}

#[test]
fn junit_is_well_formed_whatever_the_names() {
    let text = written(write_findings_junit);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
    // Between tags and in quotes, markup is escaped: so many `<` as there are tags.
    let tags: Vec<&str> = text.split('<').skip(1).map(|tag| tag.split([' ', '>', '/']).next().unwrap_or("")).collect();
    let known = ["?xml", "testsuites", "testsuite", "testcase", "failure", "skipped", "error", ""];
    assert!(tags.iter().all(|tag| known.contains(tag)), "{tags:?}");
    let (open, closed) = (text.matches('<').count(), text.matches("</").count());
    assert_eq!(open - 1, closed * 2 + text.matches("/>").count(), "{text}");
    assert!(text.contains(r#"tests="2" failures="2" errors="0" skipped="0""#), "{text}");
    assert!(text.contains(r#"name="missing-image 2:5""#) && text.contains(r#"line="2""#), "{text}");
    assert!(text.contains(r#"<testcase classname="good.yml" name="nothing found" file="good.yml"/>"#), "{text}");
    assert!(text.contains(r#"<skipped type="note" message="no place">"#), "{text}");
    assert!(text.contains(r#"<error type="unread" message="cannot read `a,b:c%d\n&lt;b&gt;&amp;&quot;"#), "{text}");
}

#[test]
fn markdown_is_a_table_in_which_nothing_is_markup() {
    let text = written(write_findings_markdown);
    assert!(
        text.starts_with("**wp-gate** ❌ 1 error, 1 warning, 1 note in 2 files; 1 file not read\n\n| | where"),
        "{text}"
    );
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 5, "{text}");
    for row in rows {
        assert_eq!(row.matches('|').count(), 4, "{row}");
        let tags = ["<code>", "</code>", "<br>", "<sub>", "</sub>"];
        let rest = tags.iter().fold(row.to_owned(), |row, tag| row.replace(tag, ""));
        let foreign = rest.find(|c: char| "<>`[]@*_~\"\\$".contains(c));
        assert_eq!(foreign, None, "{rest}");
    }
    assert!(text.ends_with("\n- note: all is <code>&#60;well&#62;</code>\n"), "{text}");
}

#[test]
fn a_long_table_is_cut() {
    let (files, _) = files();
    let problems: Vec<Problem> = (0..203).map(|_| Problem::error("schema", "x")).collect();
    let findings = Findings { problems: &problems, files: &files, rosters: &[], unread: &[], notes: &[] };
    let mut out = Vec::new();
    write_findings_markdown(&mut out, &findings).expect("memory takes all");
    let text = String::from_utf8(out).expect("it is text");
    assert!(text.ends_with("\n\n3 more are not listed.\n") && text.lines().count() == 206, "{}", text.lines().count());
}

#[test]
fn sarif_points_with_code_points_bytes_and_percent_encoded_paths() {
    let log: Value = serde_json::from_str(&written(write_findings_sarif)).expect("it is JSON");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("a list");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("a number");
        assert_eq!(rules[index as usize]["id"], result["ruleId"]);
    }
    assert_eq!(rules[0]["defaultConfiguration"]["level"], "error");
    assert!(rules[0]["help"]["markdown"].as_str().is_some_and(|page| page.starts_with("# missing-image\n")));
    assert_eq!(rules[1], serde_json::json!({"id": "no-rule"}));

    let location = &results[0]["locations"][0];
    let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a text");
    assert!(uri.starts_with("a%2Cb%3Ac%25d%0A%3Cb%3E") && uri.ends_with("%C3%B6%20.yml"), "{uri}");
    let region = serde_json::json!(
        {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 11, "byteOffset": 11, "byteLength": 7}
    );
    assert_eq!(location["physicalLocation"]["region"], region);
    assert_eq!(location["message"]["text"], r"100% here, \[see\](this)");
    assert_eq!(results[0]["relatedLocations"][0]["id"], 1);
    let change = &results[0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"], location["physicalLocation"]["artifactLocation"]);
    let replacement = &change["replacements"][0];
    assert_eq!(
        (&replacement["deletedRegion"]["byteOffset"], &replacement["deletedRegion"]["byteLength"]),
        (&7.into(), &0.into())
    );
    assert_eq!(replacement["insertedContent"]["text"], "x");
    assert_eq!(results[2].get("locations"), None);
    assert_eq!(results[2]["level"], "note");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let prints: Vec<&Value> = results.iter().map(|result| &result["partialFingerprints"]["wpGate/v1"]).collect();
    assert!(prints.iter().all(|print| print.as_str().is_some_and(|print| print.len() == 16)), "{prints:?}");
    assert!(prints[0] != prints[1] && prints[1] != prints[2]);
}
