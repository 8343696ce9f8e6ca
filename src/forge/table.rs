use crate::change::Forge;
use crate::server::Version;

use super::rule::{BranchIs, Commits, Confidence, IfNone, List, MessageIs, Order, Renames, Rule, Situation};

const PUSH: &[Situation] = &[Situation::Update, Situation::NewBranch, Situation::Forced];
const MOVED: &[Situation] = &[Situation::Update, Situation::Forced];
const REQUEST: &[Situation] = &[Situation::PullRequest, Situation::Closed];

#[expect(clippy::unnecessary_wraps, reason = "it fills the table's `since` and `until`")]
const fn v(major: u16, minor: u16) -> Option<Version> {
    Some(Version::new(major, minor))
}

/// What most rows about pushes say.
const fn pushed(forge: Forge, situations: &'static [Situation], list: List) -> Rule {
    Rule {
        forge,
        situations,
        since: None,
        until: None,
        list,
        renames: Renames::BothNames,
        likeness: 50,
        type_changes: true,
        files: None,
        order: Order::Path,
        message: MessageIs::LastCommit,
        branch: BranchIs::Pushed,
        confidence: Confidence::High,
    }
}

/// What most rows about pull requests say.
const fn requested(forge: Forge, situations: &'static [Situation], list: List) -> Rule {
    Rule { message: MessageIs::Title, branch: BranchIs::Target, ..pushed(forge, situations, list) }
}

const fn newest(of: Commits, newest: u32) -> List {
    List::Commits { of, newest }
}

/// Gitea and its fork differ in one number.
const fn gitea_update(forge: Forge, commits: u32) -> Rule {
    Rule { type_changes: false, ..pushed(forge, MOVED, newest(Commits::Pushed(IfNone::Tip), commits)) }
}

const fn gitea_new_branch(forge: Forge, commits: u32) -> Rule {
    Rule {
        type_changes: false,
        ..pushed(forge, &[Situation::NewBranch], newest(Commits::OnlyHere { among: 10 }, commits))
    }
}

const fn gitea_request(forge: Forge) -> Rule {
    Rule { renames: Renames::NewName, ..requested(forge, REQUEST, List::SinceMergeBase) }
}

/// Every rule. Those of one forge stand together, and for every situation and server version there is exactly one.
pub const RULES: &[Rule] = &[
    pushed(Forge::Git, PUSH, List::Git),
    requested(Forge::Git, REQUEST, List::Git),
    // Gitea: the commits of the webhook, cut off after `[ui] FEED_MAX_COMMIT_NUM`, and the head commit beside them.
    gitea_update(Forge::Gitea, 5),
    gitea_new_branch(Forge::Gitea, 5),
    gitea_request(Forge::Gitea),
    // Forgejo from 11 on: `[webhook] PAYLOAD_COMMIT_LIMIT`. Before, as Gitea.
    Rule { confidence: Confidence::Medium, ..gitea_update(Forge::Forgejo, 15) },
    Rule { confidence: Confidence::Medium, ..gitea_new_branch(Forge::Forgejo, 15) },
    gitea_request(Forge::Forgejo),
    // GitHub up to 3.10: the commits of the webhook, of which there are 2048 at most.
    Rule {
        until: v(3, 11),
        confidence: Confidence::Medium,
        ..pushed(Forge::GitHub, MOVED, newest(Commits::Pushed(IfNone::NoFile), 2048))
    },
    Rule {
        until: v(3, 11),
        confidence: Confidence::Low,
        ..pushed(Forge::GitHub, &[Situation::NewBranch], newest(Commits::BeyondDefault(IfNone::NoFile), 2048))
    },
    // 3.11 asks for the comparison with its two ends swapped, which leaves nothing of an ordinary push, and fails where one end is no
    // commit.
    Rule {
        since: v(3, 11),
        until: v(3, 12),
        files: Some(300),
        confidence: Confidence::Medium,
        ..pushed(Forge::GitHub, MOVED, List::BackToMergeBase)
    },
    Rule {
        since: v(3, 11),
        until: v(3, 12),
        confidence: Confidence::Medium,
        ..pushed(Forge::GitHub, &[Situation::NewBranch], List::NoPipeline)
    },
    // Since 3.12 the right way round; a forced push too, up to 3.15.
    Rule {
        since: v(3, 12),
        files: Some(300),
        confidence: Confidence::Medium,
        ..pushed(Forge::GitHub, &[Situation::Update], List::SinceMergeBase)
    },
    Rule {
        since: v(3, 12),
        until: v(3, 16),
        files: Some(300),
        confidence: Confidence::Medium,
        ..pushed(Forge::GitHub, &[Situation::Forced], List::SinceMergeBase)
    },
    Rule {
        since: v(3, 16),
        files: Some(3000),
        confidence: Confidence::Medium,
        ..pushed(Forge::GitHub, &[Situation::Forced], List::Tip)
    },
    Rule {
        since: v(3, 12),
        files: Some(3000),
        confidence: Confidence::Medium,
        ..pushed(Forge::GitHub, &[Situation::NewBranch], List::Tip)
    },
    Rule {
        files: Some(3000),
        confidence: Confidence::Medium,
        ..requested(Forge::GitHub, REQUEST, List::SinceMergeBase)
    },
    // GitLab: the commits of the webhook; of a merge request, the first page of its differences.
    Rule { renames: Renames::NewName, ..pushed(Forge::GitLab, MOVED, newest(Commits::Pushed(IfNone::NoPipeline), 20)) },
    Rule {
        renames: Renames::NewName,
        ..pushed(Forge::GitLab, &[Situation::NewBranch], newest(Commits::BeyondDefault(IfNone::NoPipeline), 20))
    },
    Rule {
        files: Some(20),
        likeness: 30,
        order: Order::FoldersFirst,
        message: MessageIs::LastCommit,
        branch: BranchIs::Source,
        confidence: Confidence::Medium,
        ..requested(Forge::GitLab, REQUEST, List::SinceMergeBase)
    },
    // Bitbucket Cloud: no list before 3.12, and still none of a pull request that is closed.
    Rule { until: v(3, 12), ..pushed(Forge::Bitbucket, PUSH, List::Nothing) },
    Rule { since: v(3, 12), confidence: Confidence::Medium, ..pushed(Forge::Bitbucket, PUSH, List::Tip) },
    Rule {
        until: v(3, 12),
        branch: BranchIs::Source,
        ..requested(Forge::Bitbucket, &[Situation::PullRequest], List::Nothing)
    },
    Rule {
        since: v(3, 12),
        branch: BranchIs::Source,
        confidence: Confidence::Medium,
        ..requested(Forge::Bitbucket, &[Situation::PullRequest], List::SinceMergeBase)
    },
    Rule { branch: BranchIs::TargetIfMerged, ..requested(Forge::Bitbucket, &[Situation::Closed], List::Nothing) },
    // Bitbucket Data Center: before 3.12 the last commit of a push, before 3.8 also of a pull request.
    Rule {
        until: v(3, 12),
        renames: Renames::NewName,
        confidence: Confidence::Medium,
        ..pushed(Forge::BitbucketDc, PUSH, List::Tip)
    },
    Rule {
        since: v(3, 12),
        renames: Renames::NewName,
        confidence: Confidence::Medium,
        ..pushed(Forge::BitbucketDc, MOVED, List::Difference)
    },
    Rule {
        since: v(3, 12),
        renames: Renames::NewName,
        confidence: Confidence::Medium,
        ..pushed(Forge::BitbucketDc, &[Situation::NewBranch], List::DifferenceToDefault)
    },
    Rule {
        until: v(3, 8),
        renames: Renames::NewName,
        message: MessageIs::LastCommit,
        branch: BranchIs::Source,
        confidence: Confidence::Medium,
        ..requested(Forge::BitbucketDc, REQUEST, List::Tip)
    },
    Rule {
        since: v(3, 8),
        renames: Renames::NewName,
        branch: BranchIs::Source,
        confidence: Confidence::Medium,
        ..requested(Forge::BitbucketDc, REQUEST, List::SinceMergeBase)
    },
];

/// What `forge` tells a `server` of a change of this kind.
pub fn rule(forge: Forge, situation: Situation, server: Version) -> Rule {
    let found = RULES
        .iter()
        .find(|rule| rule.forge == forge && rule.situations.contains(&situation) && rule.applies_to(server));
    *found.expect("internal: the table has a rule for every forge, situation and version")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_exactly_one_rule_for_every_case() {
        let versions = (0..=17).map(|minor| Version::new(3, minor)).chain([Version::OLDEST, Version::NEXT]);
        for server in versions {
            for forge in Forge::ALL {
                for situation in Situation::ALL {
                    let found = RULES.iter().filter(|rule| {
                        rule.forge == forge && rule.situations.contains(&situation) && rule.applies_to(server)
                    });
                    assert_eq!(found.count(), 1, "{forge}, {situation:?}, Woodpecker {server}");
                }
            }
        }
    }

    #[test]
    fn limits_replace_those_of_the_table_where_there_are_such() {
        use super::super::ForgeLimits;
        let limits = ForgeLimits { push_commits: Some(7), files: Some(9) };
        let gitea = rule(Forge::Gitea, Situation::Update, Version::NEXT).limited(limits);
        assert_eq!(gitea.list, newest(Commits::Pushed(IfNone::Tip), 7));
        assert_eq!(gitea.files, Some(9));
        let git = rule(Forge::Git, Situation::Update, Version::NEXT).limited(limits);
        assert_eq!((git.list, git.files), (List::Git, None));
    }
}
