use std::fmt;

use crate::change::{Event, Forge};
use crate::server::Version;

use super::ForgeLimits;

/// Which kind of change it is, as far as forges make a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Situation {
    /// A branch moves on to a descendant.
    Update,
    /// A branch is pushed that was not there.
    NewBranch,
    /// A branch moves to what is no descendant.
    Forced,
    /// A pull request is opened, gets commits, or has its title, labels… changed.
    PullRequest,
    /// A pull request is closed or merged.
    Closed,
}

impl Situation {
    /// Every situation.
    pub const ALL: [Self; 5] = [Self::Update, Self::NewBranch, Self::Forced, Self::PullRequest, Self::Closed];

    /// Which one `event` is. `None`: an event whose path filters the server does not look at.
    pub fn of(event: &Event, new_branch: bool, forced: bool) -> Option<Self> {
        Some(match event {
            Event::Push if new_branch => Self::NewBranch,
            Event::Push if forced => Self::Forced,
            Event::Push => Self::Update,
            Event::PullRequest | Event::PullRequestMetadata => Self::PullRequest,
            Event::PullRequestClosed => Self::Closed,
            _ => return None,
        })
    }

    /// What it is called in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Update => "push",
            Self::NewBranch => "new branch",
            Self::Forced => "forced push",
            Self::PullRequest => "pull request",
            Self::Closed => "closed pull request",
        }
    }
}

/// Which files are listed. OLD and NEW are the commits that the branch pointed to before and points to now; of a pull request, base and
/// head. The files of a commit are those that differ from its first parent; of a first commit, all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// The difference that git shows for what was asked: no forge at all.
    Git,
    /// The files of each of the newest commits, put together.
    Commits {
        /// The commits of which the newest are taken.
        of: Commits,
        /// How many are taken.
        newest: u32,
    },
    /// The files of NEW.
    Tip,
    /// What NEW changed since it parted from OLD.
    SinceMergeBase,
    /// What OLD changed since it parted from NEW: the wrong way round.
    BackToMergeBase,
    /// The difference from OLD to NEW.
    Difference,
    /// The difference from the default branch to NEW.
    DifferenceToDefault,
    /// No file at all.
    Nothing,
    /// No pipeline is made: the driver fails.
    NoPipeline,
}

/// The phrase of the tables.
impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Commits { of, newest } = *self else {
            return f.write_str(match self {
                Self::Git => "what git shows for it",
                Self::Tip => "the files of NEW",
                Self::SinceMergeBase => "what NEW changed since it parted from OLD",
                Self::BackToMergeBase => "what OLD changed since it parted from NEW; nothing, if NEW descends from it",
                Self::Difference => "the difference from OLD to NEW",
                Self::DifferenceToDefault => "the difference from the default branch to NEW",
                Self::Nothing => "none",
                Self::NoPipeline | Self::Commits { .. } => "none, and no pipeline is made",
            });
        };
        write!(f, "the files of the newest {newest} commits ")?;
        let if_none = match of {
            Commits::Pushed(if_none) => {
                f.write_str("of OLD..NEW")?;
                if_none
            }
            Commits::BeyondDefault(if_none) => {
                f.write_str("of NEW that the default branch has not")?;
                if_none
            }
            Commits::OnlyHere { among } => {
                return write!(f, "that only this branch has, among the newest {among}; and of NEW");
            }
        };
        f.write_str(match if_none {
            IfNone::Tip => "; if there is none, of NEW",
            IfNone::NoFile => "",
            IfNone::NoPipeline => "; if there is none, no pipeline is made",
        })
    }
}

/// A range of commits, in the order of `git rev-list`: by committer date, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commits {
    /// Those that NEW has and OLD has not.
    Pushed(IfNone),
    /// Those that NEW has and the default branch has not; if the default branch itself is pushed, all that it has.
    BeyondDefault(IfNone),
    /// Of the newest that NEW has, those before the first that is in another branch too; and NEW.
    OnlyHere {
        /// How many are looked at.
        among: u32,
    },
}

/// What happens if a range holds no commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfNone {
    /// NEW stands in. (It is among the commits of any other range.)
    Tip,
    /// No file is listed.
    NoFile,
    /// No pipeline is made.
    NoPipeline,
}

/// How a renamed file is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renames {
    /// By both names.
    BothNames,
    /// By its new name only, where git finds a rename: see [`Rule::likeness`].
    NewName,
}

/// Which files come first, where only the first are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the bytes of their paths, as git has them.
    Path,
    /// In each folder, its folders before its files.
    FoldersFirst,
}

/// Which message `ignore_message` and skip-CI look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageIs {
    /// That of the last commit.
    LastCommit,
    /// The title of the pull request.
    Title,
}

/// Which branch `when.branch` looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchIs {
    /// The one that was pushed.
    Pushed,
    /// The one that the pull request is to be merged into.
    Target,
    /// The one that it comes from.
    Source,
    /// The target if it was merged, else the source.
    TargetIfMerged,
}

/// How sure a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Inferred, or from memory.
    Low,
    /// Documented by the forge, or known in part from its code.
    Medium,
    /// Read in the code of the forge and of Woodpecker's driver.
    High,
}

impl Confidence {
    /// The word in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One row of [`RULES`](super::RULES): what the server gets to know of a change.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Whose rule it is.
    pub forge: Forge,
    /// For which kinds of change.
    pub situations: &'static [Situation],
    /// The first Woodpecker version whose driver does it so; `None`: all before `until`.
    pub since: Option<Version>,
    /// The first that no longer does.
    pub until: Option<Version>,
    /// Which files.
    pub list: List,
    /// How renames show. It matters for [`Self::files`] too: a rename counts once, by its new name.
    pub renames: Renames,
    /// How alike two files must be to be one that was renamed, in percent.
    pub likeness: u8,
    /// Whether a file is listed that became a symlink or a submodule, or was one.
    pub type_changes: bool,
    /// How many files are listed at most.
    pub files: Option<u32>,
    /// Which ones, if there are more.
    pub order: Order,
    /// Which message.
    pub message: MessageIs,
    /// Which branch.
    pub branch: BranchIs,
    /// How sure all this is.
    pub confidence: Confidence,
}

impl Rule {
    /// Whether the message is the title of a pull request, which git does not have.
    pub fn needs_title(&self) -> bool {
        self.message == MessageIs::Title
    }

    /// Whether `server` has it.
    pub fn applies_to(&self, server: Version) -> bool {
        self.since.is_none_or(|since| server >= since) && self.until.is_none_or(|until| server < until)
    }

    /// The rule of a forge with these limits.
    #[must_use]
    pub fn limited(mut self, limits: ForgeLimits) -> Self {
        if let (List::Commits { newest, .. }, Some(limit)) = (&mut self.list, limits.push_commits) {
            *newest = limit;
        }
        if self.forge != Forge::Git {
            self.files = limits.files.or(self.files);
        }
        self
    }
}
