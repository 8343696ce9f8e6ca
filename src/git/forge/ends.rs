//! The commits that a forge's list is made from.

use bstr::ByteSlice as _;
use git2::{ErrorCode, Oid};

use super::Asked;
use crate::change::{ChangedFiles, Event};
use crate::git::diff::changed_paths;
use crate::git::{Error, Repository, Revision};

/// The two ends of a change, and which branches they belong to.
pub(super) struct Ends {
    pub(super) event: Event,
    /// Where the branch was; of a pull request, its base. `None`: nowhere.
    pub(super) old: Option<Oid>,
    /// Where it is; of a pull request, its head.
    pub(super) new: Oid,
    /// The branch that is pushed.
    pub(super) branch: Option<String>,
    /// The branches of a pull request.
    pub(super) target: Option<String>,
    pub(super) source: Option<String>,
    pub(super) new_branch: bool,
    pub(super) forced: bool,
    /// The default branch and its tip, as far as the clone knows.
    pub(super) default: Option<(String, Oid)>,
}

impl Ends {
    pub(super) fn find(repository: &Repository, revision: &Revision, asked: &Asked) -> Result<Self, Error> {
        let (from, to) = match revision {
            Revision::Commit(spec) => (None, spec),
            Revision::Push { old, new } => (Some(old), new),
            Revision::PullRequest { base, head } => (Some(base), head),
        };
        let is_request = matches!(revision, Revision::PullRequest { .. });
        let event = asked.event.clone().unwrap_or(if is_request { Event::PullRequest } else { Event::Push });
        let to = repository.resolve(to.as_bstr())?;
        let from = from.map(|from| repository.resolve(from.as_bstr())).transpose()?;
        let (new, parent) = (to.commit.id(), to.commit.parent_ids().next());
        let mut old = from.as_ref().map(|from| from.commit.id()).or(if from.is_none() { parent } else { None });
        if is_request && !event.is_of_pull_request() {
            old = old.map(|old| repository.merge_base(old, new)).transpose()?.flatten();
        }
        let moved_on = |old: Oid| old == new || repository.descends(new, old);
        let forced = asked.forced || (from.is_some() && old.is_some_and(|old| !moved_on(old)));
        let source = to.branch.clone().filter(|_| is_request);
        let named = to.branch.or(repository.current_branch()?);
        let target = if is_request { from.and_then(|from| from.branch) } else { named.clone() };
        Ok(Self {
            old,
            new,
            target,
            source,
            branch: asked.branch.clone().or(named),
            new_branch: asked.new_branch || old.is_none(),
            forced,
            default: repository.default_tip(),
            event,
        })
    }

    /// The tip of the default branch, unless that is what is pushed.
    pub(super) fn other_default(&self) -> Option<Oid> {
        let (name, tip) = self.default.as_ref()?;
        (self.branch.as_ref() != Some(name)).then_some(*tip)
    }

    /// Whether a pull request was merged, by a merge commit or a fast-forward.
    pub(super) fn merged(&self, repository: &Repository) -> bool {
        self.old.is_some_and(|base| base == self.new || repository.descends(base, self.new))
    }

    /// The commits that come with a push, newest first: those that were not there before. Of a new branch, those that the default
    /// branch has not, if it is known.
    pub(super) fn pushed(&self, repository: &Repository) -> Result<Vec<Oid>, Error> {
        let there = if self.new_branch { self.other_default() } else { self.old };
        there.map_or(Ok(Vec::new()), |there| repository.newest([there], self.new, usize::MAX))
    }

    /// All that a new branch brings: the difference from where it left the default branch. `None` if that is not known.
    pub(super) fn brought_by_branch(&self, repository: &Repository) -> Result<Option<ChangedFiles>, Error> {
        let Some(default) = self.other_default().filter(|_| self.old.is_some()) else { return Ok(None) };
        let Some(base) = repository.merge_base(default, self.new)? else { return Ok(None) };
        let objects = repository.objects();
        let tree = |id, what| objects.commit(id, what).map(|commit| commit.tree_id());
        let (old, new) = (tree(base, "the common ancestor")?, tree(self.new, "the commit")?);
        changed_paths(&objects, Some(old), Some(new)).map(|paths| Some(paths.into()))
    }
}

impl Repository {
    /// The best common ancestor of two commits: git's own choice if there are several.
    pub(in crate::git) fn merge_base(&self, one: Oid, other: Oid) -> Result<Option<Oid>, Error> {
        match self.inner.merge_bases(one, other) {
            Ok(bases) => Ok(bases.first().copied()),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(Error::Git { doing: "find the common ancestor", source: error }),
        }
    }

    /// Whether `old` is among the ancestors of `new`, as far as the history is there.
    pub(super) fn descends(&self, new: Oid, old: Oid) -> bool {
        self.inner.graph_descendant_of(new, old).unwrap_or(false)
    }

    /// The default branch and where it is: on the remote, as far as the clone knows, else here.
    pub(super) fn default_tip(&self) -> Option<(String, Oid)> {
        let name = self.default_branch()?;
        let remote = self.remote_name().map(|remote| format!("refs/remotes/{remote}/{name}"));
        let mut names = remote.into_iter().chain([format!("refs/heads/{name}")]);
        let tip = names.find_map(|name| self.inner.find_reference(&name).ok()?.peel_to_commit().ok())?;
        Some((name, tip.id()))
    }

    /// The remote that stands for the forge: `origin`, or the only one.
    pub(super) fn remote_name(&self) -> Option<String> {
        let remotes = self.inner.remotes().ok()?;
        let only =
            if remotes.len() == 1 { remotes.get(0) } else { remotes.iter().flatten().find(|it| *it == "origin") };
        only.map(str::to_owned)
    }

    /// The tips of the branches that the forge has, as far as the clone knows, but for the branch `but`: those of the remote; without
    /// one, those that are here.
    pub(super) fn branches_but(&self, but: Option<&str>) -> Result<Vec<Oid>, Error> {
        let remote = self.remote_name().map(|remote| format!("refs/remotes/{remote}/"));
        let tips = |prefix: &str| -> Result<Vec<Oid>, Error> {
            let failed = Error::git("list the branches");
            let references = self.inner.references_glob(&format!("{prefix}*")).map_err(failed)?;
            let of_others = references.filter_map(Result::ok).filter(|reference| {
                let name = reference.name_bytes().strip_prefix(prefix.as_bytes()).unwrap_or_default();
                name != b"HEAD" && Some(name) != but.map(str::as_bytes)
            });
            Ok(of_others.filter_map(|reference| Some(reference.peel_to_commit().ok()?.id())).collect())
        };
        let there = remote.map(|remote| tips(&remote)).transpose()?.unwrap_or_default();
        if there.is_empty() { tips("refs/heads/") } else { Ok(there) }
    }
}
