//! When globs last matched a file.

use super::fixture::Fixture;
use crate::git::PastCommits;
use crate::glob::Pattern;
use crate::lint::{LastMatch, Past as _};

const SCRIPT: &str = r#"
commit "start"
  write src/a.c "the text of a, long enough to be known again\n"
  write src/b.c "another text, of b, and as long\n"
  write docs/x.md "x"
  write gone.txt "gone"
commit "src is lib" as moved
  move src lib
commit "more"
  write more "1"
commit "lib is core" as again
  move lib core
  append core/a.c "one more line\n"
commit "no more docs" as removed
  remove docs/x.md
  remove gone.txt
commit "last"
  write more "2"
"#;

fn last_matches(fixture: &Fixture, globs: &[&str]) -> Vec<LastMatch> {
    let globs: Vec<Pattern> = globs.iter().map(|glob| Pattern::parse(glob)).collect();
    PastCommits::new(fixture.path.as_path().into()).last_matches(&globs)
}

#[test]
fn files_are_followed_to_where_they_are_now() {
    let fixture = Fixture::new(SCRIPT);
    let found = last_matches(&fixture, &["src/**", "lib/*.c", "docs/**", "never/**", "core/**", "src/b.*"]);
    let until = |found: &LastMatch| match found {
        LastMatch::Until(departure) => departure.clone(),
        other => panic!("{other:?}"),
    };
    let short = |name: &str| fixture.names[name].to_string()[..10].to_owned();
    let of_src = until(&found[0]);
    assert_eq!((of_src.commit, of_src.date.as_str()), (short("moved"), "2026-01-01"));
    let pairs = |moves: &[(&str, &str)]| moves.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect::<Vec<_>>();
    assert_eq!(of_src.moves, pairs(&[("src/a.c", "core/a.c"), ("src/b.c", "core/b.c")]));
    let of_lib = until(&found[1]);
    assert_eq!(
        (of_lib.commit, of_lib.moves),
        (short("again"), pairs(&[("lib/a.c", "core/a.c"), ("lib/b.c", "core/b.c")]))
    );
    let of_docs = until(&found[2]);
    assert_eq!((of_docs.commit, of_docs.path.as_str(), of_docs.moves), (short("removed"), "docs/x.md", vec![]));
    assert_eq!(found[3..5], [LastMatch::Never, LastMatch::InHead { path: "core/a.c".to_owned() }]);
    assert_eq!(until(&found[5]).moves, pairs(&[("src/b.c", "core/b.c")]));
}

#[test]
fn the_end_of_a_shallow_clone_is_said() {
    let fixture = Fixture::new(SCRIPT);
    let clone = fixture.clone_with("shallow", &["--depth", "3"]);
    let found = last_matches(&clone, &["src/**", "docs/**"]);
    assert_eq!(found[0], LastMatch::Before { commits: 3, shallow: true });
    assert!(matches!(found[1], LastMatch::Until(_)), "{found:?}");
}

#[test]
fn a_repository_without_commits_or_objects_is_no_error() {
    let fixture = Fixture::new("");
    assert_eq!(last_matches(&fixture, &["a"]), [LastMatch::Never]);
    let elsewhere = PastCommits::new(fixture.path.join("none").into());
    assert_eq!(elsewhere.last_matches(&[Pattern::parse("a")]), [LastMatch::Unknown]);
}
