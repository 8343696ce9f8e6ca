//! A folder of systemd units, such as `~/.config/systemd/user`: which agents it starts at boot.
//!
//! A unit comes back at boot when a symlink of its name lies in a folder `X.wants` (or `X.requires`, `X.upholds`) of a unit `X` that is
//! started. As systemd 252 reads such a folder (`load-dropin.c`; `systemd-analyze verify` shows it):
//!
//! | in the folder | systemd |
//! | --- | --- |
//! | a symlink | starts the unit of the link's *name*; what the link points at does not count |
//! | a symlink to `/dev/null` or to an empty file | passes it over: masked |
//! | a file or a folder | passes it over: not a symlink |
//! | a name that is no unit's | passes it over |
//! | the template `mosaic-agent@.service` | starts the instance that is named after `X`: `default` in `default.target.wants` |

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::systemd::{instance_fault, instance_of, unit_name};
use crate::text::escape;

/// The endings of folders whose links start units at boot.
const FOLDERS: [&str; 3] = [".wants", ".requires", ".upholds"];

/// What a folder of units says about agents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// The instances that are linked or look like it, by name.
    pub instances: BTreeMap<String, Enabled>,
}

/// An instance in a folder such as `default.target.wants`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enabled {
    /// The path of the link below the folder of units: `default.target.wants/mosaic-agent@coder0.service`.
    pub link: String,
    /// What systemd makes of it.
    pub state: State,
}

/// What systemd makes of an entry of a folder such as `default.target.wants`. What starts an agent comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It starts the agent.
    Started,
    /// It is the template, which starts the agent that is named after the wanting unit.
    Template,
    /// It would start the agent, but neither what it points at nor the template is there.
    Broken,
    /// It is masked, by a link to `/dev/null` or an empty file.
    Masked,
    /// It is a file or a folder where a link must be.
    NoLink,
}

impl State {
    /// Whether the agent comes up at boot.
    pub const fn starts(self) -> bool {
        matches!(self, Self::Started | Self::Template)
    }
}

/// The folder of units cannot be read. The user's fault, or that of permissions.
#[derive(Debug)]
pub struct UnitsError {
    /// The folder or file.
    pub path: PathBuf,
    /// The system's answer.
    pub source: io::Error,
}

impl std::fmt::Display for UnitsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot read the units in `{}`: {}", escape(self.path.as_os_str().as_encoded_bytes()), self.source)
    }
}

impl std::error::Error for UnitsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl Units {
    /// Reads the folder `dir`.
    ///
    /// # Errors
    /// A folder that is not there, or that cannot be read.
    pub fn load(dir: &Path) -> Result<Self, UnitsError> {
        let mut units = Self::default();
        for (wanting, folder) in entries(dir)? {
            let wanted = FOLDERS.iter().find_map(|ending| wanting.strip_suffix(ending));
            let Some(unit) = wanted.filter(|_| folder.is_dir()) else { continue };
            for (name, path) in entries(&folder)? {
                let Some(instance) = instance_of(&name) else { continue };
                let (instance, template) = match instance {
                    "" => (unit.rsplit_once('.').map_or(unit, |(prefix, _)| prefix), true),
                    instance => (instance, false),
                };
                if instance_fault(instance).is_none() {
                    let state = state(dir, instance, &path, template)?;
                    units.add(instance, Enabled { link: format!("{wanting}/{name}"), state });
                }
            }
        }
        Ok(units)
    }

    /// Adds what one folder says about an instance; of several, the first in the order of [`State`] counts.
    fn add(&mut self, instance: &str, enabled: Enabled) {
        match self.instances.get_mut(instance) {
            Some(known) if known.state <= enabled.state => {}
            Some(known) => *known = enabled,
            None => drop(self.instances.insert(instance.to_owned(), enabled)),
        }
    }
}

/// The names and paths in the folder `dir`, sorted. A name that is no UTF-8 is no unit's.
fn entries(dir: &Path) -> Result<Vec<(String, PathBuf)>, UnitsError> {
    let fail = |source| UnitsError { path: dir.to_owned(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(dir).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        entries.extend(entry.file_name().into_string().ok().map(|name| (name, entry.path())));
    }
    entries.sort_unstable();
    Ok(entries)
}

/// What systemd makes of `link`, which stands for `instance`, with the units of `dir`.
fn state(dir: &Path, instance: &str, link: &Path, template: bool) -> Result<State, UnitsError> {
    let fail = |source| UnitsError { path: link.to_owned(), source };
    let is_link = fs::symlink_metadata(link).map_err(fail)?.is_symlink();
    let unit = dir.join(unit_name(instance));
    if is_masked(link) || is_masked(&unit) {
        return Ok(State::Masked);
    }
    if !is_link {
        return Ok(State::NoLink);
    }
    let loads = |path: &Path| fs::metadata(path).is_ok_and(|data| data.is_file());
    Ok(if !loads(link) && !loads(&unit) && !loads(&dir.join(unit_name(""))) {
        State::Broken
    } else if template {
        State::Template
    } else {
        State::Started
    })
}

/// Whether systemd takes the unit file at `path` for a mask: it is empty, or `/dev/null`.
fn is_masked(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|data| (data.is_file() && data.len() == 0) || is_null(path))
}

/// Whether `path` leads to `/dev/null`.
fn is_null(path: &Path) -> bool {
    path.canonicalize().is_ok_and(|target| target == Path::new("/dev/null"))
}
