//! The map of `src/lib.rs` names every room, and imports run down it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from the front door down, as the page of `lib.rs` lists them.
fn map() -> Vec<String> {
    let lib = crate::read("src/lib.rs");
    let (_, page) = lib.split_once("//! # The map\n").expect("`src/lib.rs` has a map");
    let (_, list) = page.split_once("//! ```text\n").expect("the map is a block");
    let lines = list.lines().take_while(|line| *line != "//! ```");
    lines.filter_map(|line| line.trim_start_matches("//! ").split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn every_room_is_on_the_map() {
    let lib = crate::read("src/lib.rs");
    let modules = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let modules: BTreeSet<String> = modules.map(str::to_owned).collect();
    let map = map();
    assert_eq!(
        map.iter().cloned().collect::<BTreeSet<_>>(),
        modules,
        "left: the map of `src/lib.rs`; right: its rooms"
    );
    assert_eq!(map.len(), modules.len(), "a room is on the map twice");

    let contributing = crate::read("CONTRIBUTING.md");
    let table = crate::table(&contributing, "room");
    let named: Vec<&str> = table.iter().map(|row| row[0].trim_matches('`')).collect();
    assert_eq!(named, map, "left: the table of `CONTRIBUTING.md`; right: the map of `src/lib.rs`");
}

#[test]
fn imports_run_down_the_map() {
    let map = map();
    let level = |room: &str| map.iter().position(|other| other == room);
    let mut arrows = 0;
    let mut upward = Vec::new();
    for path in sources(&crate::project("src")) {
        let inside = path.strip_prefix(crate::project("src")).expect("it is below `src`");
        let first = inside.components().next().expect("a name").as_os_str().to_string_lossy();
        let room = first.trim_end_matches(".rs");
        let Some(from) = level(room) else {
            assert!(matches!(room, "lib" | "main"), "`{}` is in no room", inside.display());
            continue;
        };
        for target in imports(&fs::read_to_string(&path).expect("a source")) {
            let to = level(&target).unwrap_or_else(|| panic!("`{}` imports `crate::{target}`", inside.display()));
            arrows += usize::from(to != from);
            if to < from {
                upward.push(format!("{} imports from `{target}`", inside.display()));
            }
        }
    }
    assert!(upward.is_empty(), "imports run upward; move what is shared below both:\n{}", upward.join("\n"));
    assert!(arrows > map.len(), "only {arrows} imports between rooms were found: the search for them is broken");
}

/// Every source file below `folder`, but for those that only tests use.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The rooms that `text` names as `crate::ROOM` or `crate::{ROOM…, ROOM…}`, outside comments and the module of its tests.
fn imports(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code: String = code.lines().flat_map(|line| [line.split("//").next().unwrap_or_default(), "\n"]).collect();
    let mut rooms = BTreeSet::new();
    for path in code.split("crate::").skip(1) {
        match path.strip_prefix('{') {
            None => rooms.extend(first_word(path)),
            Some(group) => rooms.extend(members(group).into_iter().filter_map(first_word)),
        }
    }
    rooms
}

/// What stands between the commas of `group`, up to the brace that closes it.
fn members(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                found.push(&group[start..at]);
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    found
}

fn first_word(text: &str) -> Option<String> {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::a::B;\nuse crate::{\n    c::{D, d::E},\n    f,\n};\nfn g() { crate::h::i(); } // crate::no\n\
                #[cfg(test)]\nmod tests {\n    use crate::no::N;\n}\n";
    assert_eq!(imports(text), BTreeSet::from(["a", "c", "f", "h"].map(str::to_owned)));
}
