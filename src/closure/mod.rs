//! What a step's build reads: the files that have to rebuild an image when they change.
//!
//! A step's [`Content`](crate::workflow::Content) and the files that git tracks ([`Tree`]) in, [`Inputs`] out: for each line that makes the
//! build read something, the set of paths that it reads ([`Selection`](crate::glob::Selection)), files that are yet to come among them, and
//! what leads from the step to the line. What is not understood is said, and nothing is guessed.
//!
//! ```text
//! step        commands and settings -> builds: context, Dockerfile, target, arguments   (shell: a script's words)
//! dockerfile  Dockerfile and target -> what its stages copy, mount and run
//! ignore      .dockerignore                                                (filepath: Go's patterns, as globs)
//! untracked   .gitignore, folders: what git never comes to track
//! workspace   package.json, Cargo.toml, go.work -> packages and what they need
//! narrow      RUN -> the packages that are built
//! narrowed    a workspace and what is built of it -> which of its files count
//! cover       one source of a Dockerfile -> sets of paths                      (habit: README and its like)
//! inputs      all of it, line by line
//! tree        the files, each read once, and what all builds of them have in common
//! ```
//!
//! # Where the behaviour comes from
//!
//! `BuildKit`'s Dockerfile frontend, moby's `patternmatcher`, kaniko's and buildah's command lines, the plugins' documented settings, and the
//! manifests' own documentation; facts only.
//!
//! # What it does not see
//!
//! Scripts that call a builder (`make image`), what compose and bake files, `ko`, `pack`, `buildctl` and `depot` build (that it is not
//! known is said), `ONBUILD` of images from elsewhere, code that reaches into other packages past its manifest, and files that an earlier
//! step made: git does not track those. Where a source names nothing that is tracked, that is said.
//!
//! When a build copies a workspace as a whole, it is taken to be about the packages that its `RUN`s build and what they need, plus
//! the files at the workspace's root that builds go by. That is claimed only if every command is known that has packages in its stage; see
//! [`Reads::firm`] for what is less certain, and [`Reads::used`] for what is hardly ever meant.
//!
//! # Bounds
//!
//! A file is read up to [`MAX_FILE`], all for one workflow file up to 64 MiB, and as much for each workspace; a Dockerfile has at most 2000 instructions and 256 stages, a
//! workspace 2000 packages, a script 4096 commands. No symlink is followed.

mod cover;
mod dockerfile;
mod filepath;
mod habit;
mod ignore;
mod inputs;
mod narrow;
mod narrowed;
mod shell;
mod step;
mod tree;
mod untracked;
mod workspace;

#[cfg(test)]
mod tests;

pub use habit::not_aside;
pub use inputs::{Because, Extent, Inputs, Reads, inputs};
pub use tree::{Common, Library, MAX_FILE, MemoryTree, Tree};
pub use untracked::without_folders;
