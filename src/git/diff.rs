//! Which paths differ between two trees.
//!
//! libgit2's own diff builds a delta for each file with both sides' metadata, and looks at attributes; we need names only, as
//! `git diff-tree -r --no-renames --name-only` lists them. Two trees are walked side by side in git's order and equal ids are never
//! opened, so the cost is that of the folders that differ.

use std::cmp::Ordering;

use bstr::BString;
use git2::Oid;

use super::{
    Error,
    objects::Objects,
    tree::{Mode, Tree},
};

/// Folders nested deeper than this are refused: git's own `core.maxTreeDepth`.
const MAX_DEPTH: usize = 2048;
/// Most trees that one comparison opens. A hostile repository can name 10^12 files in a dozen small trees.
const MAX_TREES: usize = 1 << 22;
/// Most bytes of changed paths in one comparison.
const MAX_BYTES: usize = 1 << 28;

/// Two trees of the same path, and where that path ends in the shared buffer.
struct Frame<'o> {
    old: Tree<'o>,
    new: Tree<'o>,
    prefix: usize,
}

/// The paths of all files, symlinks and submodules that differ between the trees `old` and `new` in content, kind or executable bit.
/// `None` is the empty tree. In git's order, which is that of the paths' bytes unless a tree is malformed.
pub(super) fn changed_paths(objects: &Objects<'_>, old: Option<Oid>, new: Option<Oid>) -> Result<Vec<BString>, Error> {
    let mut changed = Vec::new();
    if old == new {
        return Ok(changed);
    }
    let odb = objects.odb()?;
    let mut path = Vec::new();
    let (mut trees, mut bytes) = (0, 0);
    let open = |old, new, prefix| -> Result<Frame<'_>, Error> {
        Ok(Frame { old: Tree::open(objects, &odb, old)?, new: Tree::open(objects, &odb, new)?, prefix })
    };
    let mut stack = vec![open(old, new, 0)?];
    while let Some(frame) = stack.last_mut() {
        path.truncate(frame.prefix);
        let Some(step) = frame.step(&mut path)? else {
            stack.pop();
            continue;
        };
        match step {
            Step::Same => {}
            Step::Changed => {
                bytes += path.len();
                if bytes > MAX_BYTES {
                    return Err(too_large("paths of changed files", format!("{} MiB", MAX_BYTES >> 20)));
                }
                changed.push(BString::from(path.as_slice()));
            }
            Step::Into(old, new) => {
                path.push(b'/');
                trees += 1;
                if trees > MAX_TREES {
                    return Err(too_large("changed folders", MAX_TREES.to_string()));
                }
                if stack.len() >= MAX_DEPTH {
                    return Err(too_large("nested folders", MAX_DEPTH.to_string()));
                }
                let frame = open(old, new, path.len())?;
                stack.push(frame);
            }
        }
    }
    Ok(changed)
}

fn too_large(what: &str, limit: String) -> Error {
    Error::TooLarge { what: format!("too many {what}"), limit }
}

/// What one step over a pair of trees found; the path buffer holds which.
enum Step {
    Same,
    Changed,
    /// Two subtrees to compare, either of which may be absent.
    Into(Option<Oid>, Option<Oid>),
}

impl Frame<'_> {
    /// Takes the next entry of either tree, or of both if they are of one name and kind, and appends its name to `path`. `None` at
    /// the end of both.
    fn step(&mut self, path: &mut Vec<u8>) -> Result<Option<Step>, Error> {
        let (old, new) = (self.old.peek()?, self.new.peek()?);
        let order = match (&old, &new) {
            (None, None) => return Ok(None),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => old.order(new),
        };
        let old = old.filter(|_| order.is_le());
        let new = new.filter(|_| order.is_ge());
        let Some(either) = old.or(new) else { return Ok(None) };
        path.extend_from_slice(either.name);
        let (old, new) = (old.map(|entry| (entry.mode, entry.id)), new.map(|entry| (entry.mode, entry.id)));
        let step = if old == new {
            Step::Same
        } else if either.mode == Mode::Tree {
            Step::Into(old.map(|(_, id)| id), new.map(|(_, id)| id))
        } else {
            Step::Changed
        };
        if order.is_le() {
            self.old.advance()?;
        }
        if order.is_ge() {
            self.new.advance()?;
        }
        Ok(Some(step))
    }
}
