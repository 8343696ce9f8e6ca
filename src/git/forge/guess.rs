//! Which forge a repository is on.

use crate::change::Forge;
use crate::forge::{MARKERS, of_host};
use crate::git::{Error, Repository};
use crate::text::escape;

/// A forge, and what it was guessed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The forge.
    pub forge: Forge,
    /// What it was guessed from, as a phrase that is safe to print: the host of the remote `origin`, codeberg.org.
    pub from: String,
}

impl Repository {
    /// The forge that the repository is on: told by the host of its remote `origin`, or of its only one; else by what HEAD has at its root
    /// that only one forge reads (`.gitea`, `.gitlab-ci.yml`…). `None` if nothing tells.
    ///
    /// # Errors
    /// An unreadable configuration.
    pub fn guess_forge(&self) -> Result<Option<Guess>, Error> {
        let name = self.remote_name();
        let remotes = self.remotes()?;
        let remote = remotes.iter().find(|remote| Some(&remote.name) == name.as_ref());
        if let Some((remote, place)) = remote.and_then(|remote| Some((remote, remote.place.as_ref()?)))
            && let Some(forge) = of_host(&place.host, &place.owner)
        {
            let (remote, host) = (escape(&remote.name), escape(&place.host));
            return Ok(Some(Guess { forge, from: format!("the host of the remote `{remote}`, {host}") }));
        }
        // A repository without a commit has no tree; an unreadable one is told of when it matters.
        let Ok(tree) = self.inner.head().and_then(|head| head.peel_to_tree()) else { return Ok(None) };
        let found = MARKERS.iter().find(|(name, _)| tree.get_name(name).is_some());
        Ok(found.map(|&(name, forge)| Guess { forge, from: format!("`{name}` at the repository's root") }))
    }
}
