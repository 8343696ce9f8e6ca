use std::collections::BTreeMap;

use super::stage::Arguments;
use super::{MAX_STAGES, Needs, read};

fn needs(text: &str, target: Option<&str>) -> Needs {
    let values = BTreeMap::from([("APP".to_owned(), Some("web".to_owned())), ("SECRET".to_owned(), None)]);
    read(text, target, &Arguments { values: &values, complete: true })
}

/// What is read, each with the bytes that say so; then what is unknown.
fn shown(text: &str, target: Option<&str>) -> (Vec<String>, Vec<String>) {
    let needs = needs(text, target);
    let at = |span: crate::source::Span| &text[span.range()];
    let reads = needs.reads.iter().map(|read| format!("{} at {}", read.source, at(read.span)));
    (reads.collect(), needs.unknown.iter().map(|(span, why)| format!("{}: {why}", at(*span))).collect())
}

#[test]
fn corner_cases_of_what_a_dockerfile_reads() {
    let none: &[&str] = &[];
    for (text, reads, unknown) in [
        ("FROM a\nCOPY package.json src/ /x/\n", &["package.json at package.json", "src at src/"][..], none),
        ("from a\ncopy . .\n", &[" at ."], none),
        ("FROM a\nCOPY / /x\nCOPY ../y ./\n", &[" at /", "y at ../y"], none),
        ("FROM a\nCOPY [\"a b\", \"c\"]\n", &["a b at \"a b\""], none),
        ("FROM a\nCOPY --chown=1:1 --link a \\\n  # why\n\n  b \\\n  /x/\n", &["a at a", "b at b"], none),
        ("FROM a\nCOPY --from=nginx /etc /etc\nCOPY --from=0 x y\n", none, none),
        ("FROM a\nADD https://example.com/x.tgz git@x:y.git x.tar /\n", &["x.tar at x.tar"], none),
        (
            "FROM a\nCOPY *.json package-[!a]?.txt /\n",
            &["*.json at *.json", "package-[!a]?.txt at package-[!a]?.txt"],
            none,
        ),
        (
            "FROM a\nRUN --mount=type=bind,source=src,target=/s make\n",
            &["src at --mount=type=bind,source=src,target=/s"],
            none,
        ),
        ("FROM a\nRUN --mount=target=. make\n", &[" at --mount=target=."], none),
        ("FROM a\nRUN --mount=type=cache,target=/c --mount=type=secret,id=x make\n", none, none),
        // Only the stages that the last one is made of.
        ("FROM a AS one\nCOPY 1 .\nFROM a AS two\nCOPY 2 .\nFROM two\nCOPY 3 .\n", &["2 at 2", "3 at 3"], none),
        ("FROM a AS one\nCOPY 1 .\nFROM a\nCOPY --from=ONE x .\n", &["1 at 1"], none),
        ("FROM a AS one\nCOPY 1 .\nFROM a\nRUN --mount=from=one,target=/x make\n", &["1 at 1"], none),
        ("FROM a\nCOPY 1 .\nFROM b\nCOPY --from=0 x .\n", &["1 at 1"], none),
        // Arguments: passed, with defaults, from above the first stage, unknown.
        ("FROM a\nARG APP=api\nCOPY apps/$APP .\n", &["apps/web at apps/$APP"], none),
        ("FROM a\nARG DIR=x/y\nCOPY ${DIR}/z .\n", &["x/y/z at ${DIR}/z"], none),
        ("ARG DIR=top\nFROM a\nARG DIR\nCOPY $DIR .\n", &["top at $DIR"], none),
        ("ARG DIR=top\nFROM a\nCOPY $DIR .\n", none, &["$DIR: it hangs on `$DIR`"]),
        ("FROM a\nENV A=1 B=\"x\"\nENV C $A-$B\nCOPY $C .\n", &["1-x at $C"], none),
        ("FROM a\nARG SECRET=s\nCOPY $SECRET .\n", none, &["$SECRET: it hangs on `$SECRET`"]),
        // What is set for each platform may be anything, but is one segment of a path.
        ("FROM a\nARG TARGETARCH\nCOPY bin-$TARGETARCH .\n", &["bin-* at bin-$TARGETARCH"], none),
        (
            "FROM a\nARG TARGETOS TARGETARCH=x\nARG D=out/$TARGETOS\nCOPY out/${TARGETOS}_${TARGETARCH}/x $D .\n",
            &["out/*_*/x at out/${TARGETOS}_${TARGETARCH}/x"],
            &["$D: it hangs on `$D`"],
        ),
        ("FROM a\nCOPY bin-$TARGETARCH .\n", none, &["bin-$TARGETARCH: it hangs on `$TARGETARCH`"]),
        (
            "FROM a\nARG TARGETPLATFORM\nCOPY $TARGETPLATFORM .\n",
            none,
            &["$TARGETPLATFORM: it hangs on `$TARGETPLATFORM`"],
        ),
        (
            "FROM a\nARG TARGETVARIANT\nCOPY x${TARGETVARIANT:+-y} .\n",
            none,
            &["x${TARGETVARIANT:+-y}: it hangs on `${TARGETVARIANT:+-y}`"],
        ),
        (
            "FROM a AS base-amd64\nCOPY 1 .\nFROM a AS BASE-arm64\nCOPY 2 .\nFROM a AS other\nCOPY 3 .\nFROM base-${TARGETARCH}\n",
            &["1 at 1", "2 at 2"],
            none,
        ),
        ("FROM a AS b\nCOPY 1 .\nFROM x/y-$TARGETARCH\nCOPY 2 .\n", &["2 at 2"], none),
        (
            "FROM a AS b-1\nENV A=1 B=1\nFROM a AS b-2\nENV A=1 B=2\nFROM b-$TARGETOS\nCOPY $A $B .\n",
            &["1 at $A"],
            &["$B: it hangs on `$B`"],
        ),
        ("FROM a AS b-amd64\nCOPY 1 .\nFROM a\nARG TARGETARCH\nCOPY --from=b-$TARGETARCH x .\n", &["1 at 1"], none),
        ("ARG I\nFROM a AS b\nCOPY 1 .\nFROM $NONE\n", none, &["FROM $NONE: the image hangs on `$NONE`"]),
        // Here-documents, wherever they begin.
        ("FROM a\nRUN cat <<EOF >x\nCOPY no .\nEOF\nCOPY yes .\n", &["yes at yes"], none),
        ("FROM a\nRUN <<A cat <<-B\nCOPY n .\nA\n\tCOPY n .\n\tB\nCOPY yes .\n", &["yes at yes"], none),
        ("FROM a\nCOPY <<\"E\" b /x/\nCOPY no .\nE\n", &["b at b"], none),
        // `ONBUILD` counts for what is built on the stage.
        ("FROM a\nONBUILD COPY o .\n", none, none),
        ("FROM a AS b\nONBUILD COPY o .\nFROM b\n", &["o at o"], none),
        ("# escape=`\nFROM a\nCOPY a `\n b c\\\n", &["a at a", "b at b"], none),
        ("\u{feff}# syntax=x\r\nFROM a\r\nCOPY a \\\r\n b /\r\n", &["a at a", "b at b"], none),
        ("FROM a\nCOPY a b\nMAKE x\nCOPY c d\n", &["a at a"], &["MAKE x: this is no instruction"]),
        ("# nothing\n", none, &[": there is no stage"]),
    ] {
        let (read, hangs) = shown(text, None);
        assert_eq!((read, hangs), (own(reads), own(unknown)), "{text}");
    }
}

fn own(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

#[test]
fn a_target_chooses_the_stage() {
    let text = "FROM a AS one\nCOPY 1 .\nFROM a AS two\nCOPY 2 .\n";
    assert_eq!(shown(text, Some("ONE")).0, ["1 at 1"]);
    assert_eq!(shown(text, Some("0")).0, ["1 at 1"]);
    assert_eq!(shown(text, Some("three")).1, [": there is no stage `three`"]);
}

#[test]
fn a_run_knows_its_folder_and_its_script() {
    let text = "FROM a\nWORKDIR /app\nCOPY . src\nWORKDIR src/web\nRUN npm run \\\n  build\nRUN [\"npm\", \"it's\"]\nWORKDIR /\nRUN <<E\nmake\nE\n";
    let needs = needs(text, None);
    let runs: Vec<(&str, Option<&str>)> = needs.runs.iter().map(|run| (&*run.script, run.folder.as_deref())).collect();
    assert_eq!(
        runs,
        [("npm run   build", Some("web")), ("'npm' 'it'\\''s'", Some("web")), ("<<E", None), ("make\n", None),]
    );
    let at = needs.runs[0].map.to_source(crate::source::Span::new(10, 15));
    assert_eq!(&text[at.range()], "build");
}

#[test]
fn hostile_files_are_bounded() {
    let stages = "FROM a\n".repeat(MAX_STAGES + 5);
    assert!(needs(&stages, None).unknown.iter().any(|(_, why)| why == "there are too many stages"));
    let many = format!("FROM a\n{}", "USER x\n".repeat(super::MAX_INSTRUCTIONS + 1));
    assert!(needs(&many, None).unknown.iter().any(|(_, why)| why == "there are too many instructions"));
    let doubled = format!("FROM a\nENV A=aaaaaaaa\n{}COPY $A .\n", "ENV A=$A$A\n".repeat(64));
    assert_eq!(needs(&doubled, None).unknown.len(), 1);
}

#[test]
fn no_cut_of_a_dockerfile_panics() {
    let text = "# escape=\\\nARG V=é\nFROM a AS b\nCOPY --from=b <<\"E\" [\"x\", \"y\"] /z\nE\nRUN <<-E cat\n\tx\nE\nONBUILD COPY a \\\n # c\n b\nENV a=b c=\"d ${V:-é}\"\n";
    for (at, _) in text.char_indices() {
        needs(&text[..at], None);
        needs(&text[at..], None);
    }
}
