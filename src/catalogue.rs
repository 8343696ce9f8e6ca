//! Every rule there is: those about workflow files and those about rosters.

use std::sync::LazyLock;

use crate::rule::Rule;
use crate::{fleet, lint};

/// What people know of all rules, sorted by their names.
pub fn rules() -> &'static [Rule] {
    static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut all = [lint::rules(), fleet::rules()].concat();
        all.sort_by_key(|rule| rule.id);
        // Those about the form of a file speak of both.
        all.dedup_by_key(|rule| rule.id);
        all
    });
    &ALL
}

/// The rule called `id`.
pub fn rule(id: &str) -> Option<&'static Rule> {
    Rule::find(rules(), id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn rules_are_found_by_names_that_are_unique_and_spelt_alike() {
        let ids: BTreeSet<&str> = rules().iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), rules().len(), "two rules have one name");
        for id in ids {
            assert_eq!(rule(id).map(|rule| rule.id), Some(id));
            let word = |word: &str| {
                !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            };
            assert!(id.split('-').all(word), "`{id}` is not written as a-name-like-this");
        }
        assert!(rule("no-such-rule").is_none());
    }

    #[test]
    fn a_page_begins_with_the_rules_name_and_a_summary_is_a_phrase() {
        for Rule { id, page, summary, .. } in rules() {
            assert!(page.starts_with(&format!("# {id}\n\n")), "the page of `{id}` begins with another title");
            let phrase = summary.starts_with(|c: char| c.is_lowercase() || c == '`') && !summary.ends_with('.');
            assert!(phrase, "`{id}`: a summary is a phrase: lower case, no full stop");
        }
    }

    /// Ids stand in people's files: one that is gone, or means something else, breaks them.
    #[test]
    fn the_names_of_the_rules_are_public() {
        let list: Vec<String> =
            rules().iter().map(|rule| format!("{} {} {}", rule.group.name(), rule.level.name(), rule.id)).collect();
        let list = list.join("\n");
        insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("rules", list);
        });
    }
}
