use serde::Deserialize;

/// How much a forge sends, where its administrator has changed that. `None`: its default, see [`RULES`](super::RULES).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForgeLimits {
    /// Of how many commits of a push the files are sent: `[ui] FEED_MAX_COMMIT_NUM` of Gitea, `[webhook] PAYLOAD_COMMIT_LIMIT` of Forgejo.
    /// Without effect on a list that is not made of commits.
    pub push_commits: Option<u32>,
    /// How many files are listed, a rename counted once.
    pub files: Option<u32>,
}
