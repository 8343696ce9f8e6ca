//! The README's table of configuration keys is complete, and its examples are valid.

use std::collections::BTreeSet;

use wp_gate::config::Config;

/// `key: value`, where dots in `key` are maps in maps.
pub(crate) fn yaml(key: &str, value: &str) -> String {
    let (opened, depth) = (key.replace('.', ": {"), key.split('.').count());
    format!("{{{opened}: {value}{}", "}".repeat(depth))
}

/// The keys that are known below `key` (empty: at the top): what the error for an unknown one lists. None where `key` holds anything but
/// a map of known keys.
fn known_below(key: &str) -> Vec<String> {
    let unknown = if key.is_empty() { "zz".to_owned() } else { format!("{key}.zz") };
    let message = Config::parse(&yaml(&unknown, "[]")).expect_err("`zz` is not a key").message;
    let Some((_, expected)) = message.split_once("unknown field `zz`, expected ") else { return Vec::new() };
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Every key that holds a value of its own, in `found`.
pub(crate) fn leaves(key: &str, found: &mut BTreeSet<String>) {
    for below in known_below(key) {
        let path = if key.is_empty() { below } else { format!("{key}.{below}") };
        if known_below(&path).is_empty() {
            found.insert(path);
        } else {
            leaves(&path, found);
        }
    }
}

#[test]
fn the_readme_has_every_key() {
    let readme = crate::read("README.md");
    let table = crate::table(&readme, "key");
    let named: BTreeSet<String> = table.iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    let mut known = BTreeSet::new();
    leaves("", &mut known);
    assert_eq!(named, known, "left: the README's table; right: what `.wp-gate.yaml` takes");
    for row in table {
        let (key, example) = (row[0].trim_matches('`'), row[1].trim_matches('`'));
        let config = Config::parse(&yaml(key, example)).unwrap_or_else(|error| panic!("`{key}: {example}`: {error}"));
        assert_ne!(config, Config::default(), "`{key}: {example}` changes nothing");
    }
}
