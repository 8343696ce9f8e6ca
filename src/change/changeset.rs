use std::{fmt, str::FromStr};

use bstr::BString;

use super::ChangedFiles;
use crate::text::escape;

/// A change, as the forge tells the server of it: the input of the path filters, the message filters and the branch filters.
///
/// Bytes that are not UTF-8 are kept in the file list. Message and names are strings, with U+FFFD for each byte that is not UTF-8,
/// since that is what the server is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// The changed files that the forge reports. Empty may mean an empty commit, or a forge that reports nothing.
    pub files: ChangedFiles,
    /// Whose list it is.
    pub forge: Forge,
    /// The message that `ignore_message` and skip-CI look at, all its lines; which one it is depends on the forge. Empty where no
    /// commit exists yet (worktree, index, given files).
    pub message: String,
    /// The tip commit's id in hexadecimal; `None` where no commit exists yet.
    pub commit: Option<String>,
    /// The branch that `when.branch` looks at, short (`main`, not `refs/heads/main`); `None` if git does not know it. Which one it
    /// is (pushed, target, source) depends on the forge and the event.
    pub branch: Option<String>,
    /// The tag that the revision was named by, short.
    pub tag: Option<String>,
    /// Files that did change but that the forge does not report, sorted by path.
    pub hidden: Vec<Hidden>,
    /// What a person should know of how the list was made; whole phrases, safe to print.
    pub notes: Vec<String>,
}

impl ChangeSet {
    /// The change that touches just `files`, with nothing else known.
    pub fn of_files(files: ChangedFiles) -> Self {
        Self { files, ..Self::default() }
    }
}

/// A changed file that the server never hears of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hidden {
    /// The path, relative to the repository's root, with `/`.
    pub path: BString,
    /// Why the forge leaves it out, as a phrase that is safe to print.
    pub why: String,
}

impl Hidden {
    /// It in a phrase that is safe to print: which file, and why it is not listed.
    pub fn told(&self) -> String {
        format!("`{}` changed, but is not listed: {}", escape(self.path.as_slice()), self.why)
    }
}

/// Who makes the list of changed files: each forge has its own rules and limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Forge {
    /// No forge: the difference that git itself shows, with both names of a rename.
    #[default]
    Git,
    /// Gitea.
    Gitea,
    /// Forgejo.
    Forgejo,
    /// GitHub.
    GitHub,
    /// GitLab.
    GitLab,
    /// Bitbucket Cloud.
    Bitbucket,
    /// Bitbucket Data Center.
    BitbucketDc,
}

impl Forge {
    /// Every forge, in the order that people are shown.
    pub const ALL: [Self; 7] =
        [Self::Git, Self::Gitea, Self::Forgejo, Self::GitHub, Self::GitLab, Self::Bitbucket, Self::BitbucketDc];

    /// The forge that the server calls `name`, as in `CI_FORGE_TYPE`; `None` if it is an addon, or not known.
    pub fn of_server(name: &str) -> Option<Self> {
        let named = if name == "bitbucket_dc" { Some(Self::BitbucketDc) } else { name.parse().ok() };
        named.filter(|forge| *forge != Self::Git)
    }

    /// The name on the command line, in the configuration and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Gitea => "gitea",
            Self::Forgejo => "forgejo",
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Bitbucket => "bitbucket",
            Self::BitbucketDc => "bitbucket-dc",
        }
    }
}

impl fmt::Display for Forge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no forge's. The user's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownForge;

impl fmt::Display for UnknownForge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown forge: expected one of")?;
        for (at, forge) in Forge::ALL.into_iter().enumerate() {
            write!(f, "{} `{forge}`", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownForge {}

impl FromStr for Forge {
    type Err = UnknownForge;

    fn from_str(name: &str) -> Result<Self, UnknownForge> {
        Self::ALL.into_iter().find(|forge| forge.name() == name).ok_or(UnknownForge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forges_are_known_by_their_names() {
        for forge in Forge::ALL {
            assert_eq!(forge.name().parse(), Ok(forge));
        }
        for (name, forge) in [
            ("github", Some(Forge::GitHub)),
            ("bitbucket_dc", Some(Forge::BitbucketDc)),
            ("addon", None),
            ("git", None),
            ("", None),
        ] {
            assert_eq!(Forge::of_server(name), forge, "{name}");
        }
        assert_eq!("GitHub".parse::<Forge>(), Err(UnknownForge));
        assert!(UnknownForge.to_string().starts_with("unknown forge: expected one of `git`, `gitea`"));
    }
}
