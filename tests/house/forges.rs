//! The page on forges has the table that the lists are made after.

use std::fmt::Write as _;

use wp_gate::forge::{BranchIs, MessageIs, Order, RULES, Renames, Rule};

const PAGE: &str = "docs/forges.md";

#[test]
fn the_page_has_the_table_of_the_code() {
    const BEGIN: &str = "<!-- rules -->\n";
    const END: &str = "<!-- end -->";
    let page = crate::read(PAGE);
    let (before, rest) = page.split_once(BEGIN).expect("the page has a place for the table");
    let (_, after) = rest.split_once(END).expect("the place ends");
    let mut table =
        "| forge | change | Woodpecker | changed files | a rename shows | message | `when.branch` | confidence |\n\
                     | --- | --- | --- | --- | --- | --- | --- | --- |\n"
            .to_owned();
    for rule in RULES {
        let situations: Vec<&str> = rule.situations.iter().map(|situation| situation.name()).collect();
        writeln!(
            table,
            "| `{}` | {} | {} | {} | {} | {} | {} | {} |",
            rule.forge,
            situations.join(", "),
            crate::readme::versions(rule.since, rule.until),
            files(rule),
            match rule.renames {
                Renames::BothNames => "both names",
                Renames::NewName => "the new name",
            },
            match rule.message {
                MessageIs::LastCommit => "last commit's",
                MessageIs::Title => "title",
            },
            match rule.branch {
                BranchIs::Pushed => "pushed",
                BranchIs::Target => "target",
                BranchIs::Source => "source",
                BranchIs::TargetIfMerged => "source; target if merged",
            },
            rule.confidence.name(),
        )
        .expect("a string takes all");
    }
    crate::up_to_date(PAGE, &format!("{before}{BEGIN}{table}{END}{after}"));
}

fn files(rule: &Rule) -> String {
    let mut phrase = rule.list.to_string();
    if !rule.type_changes {
        phrase.push_str("; not those that become symlinks or submodules, or were such");
    }
    if let Some(most) = rule.files {
        let first = match rule.order {
            Order::Path => "",
            Order::FoldersFirst => ", folders before files",
        };
        write!(phrase, "; the first {most} of them{first}").expect("a string takes all");
    }
    phrase
}
