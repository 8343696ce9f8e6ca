//! Everything that is small, decided twice: by proof, and by trying all of it in the matcher or the planner. No exception.
//!
//! What "everything" is, layer by layer; each rests on the one before it.
//!
//! 1. `globs`. All patterns of up to four of [`TOKENS`](globs::TOKENS), 4,680 of them, and all paths of up to seven characters of `a`, `b`, `x`
//!    and `/`. Each pattern's automaton matches what the matcher does. Of all pairs of patterns, whether some path is in both, in the one
//!    only, or in neither is what trying the paths says, and a path that is found is one of the shortest. `x` stands for every character that
//!    no pattern names: none tells one of them from another.
//! 2. `filters`. One step with one path filter: all pairs of patterns of up to two tokens as `include`, as `exclude` and as both, each with
//!    and without `on_empty: false`, under all policies whose `only` and `any` are one of the two patterns or none. Of each kind of file that
//!    the two tell apart one is taken, and all sets of these are tried: more a change cannot be.
//! 3. `pipelines`. A world of three folders, so that all sets of kinds of files are sets of up to three files, and each list of globs is one of
//!    nine: the sets of folders, or no list. All entries of a `when` by their `include`, `exclude`, `on_empty` and `event`; all lists of up to
//!    three entries; entries shared out among a workflow and its step, a step and one that needs it, a workflow and one that needs it; under all
//!    policies `always` and `never`, of steps and workflows, by `only` and `any`. And all pairs of such pipelines, compared.
//! 4. `versions`. Every version of the server answers all of these entries as the one that stands for it.
//!
//! Where there would be billions, what behaves alike is tried once. Of globs: those that match the same paths, when the proof says, too,
//! that neither matches a path that the other one does not; what is found is found on automata, which then accept the same. Of entries: those
//! that the planner answers alike in that world, after each has been tried alone. A pipeline sees no more of an entry than its answer.
//!
//! `WP_GATE_LAWS=all cargo test --release exhaustive` tries all of it: two to three minutes of one processor, most of them for the pairs of
//! globs. Without it every law is held to a share, always the same: shorter patterns and paths, and of what there is of each layer every so
//! manieth. The strides are such that a debug build takes less than fifteen seconds of one processor for all of it together.

mod compared;
mod filters;
mod globs;
mod pipelines;
mod versions;
mod world;

/// Whether all is tried, not a share.
fn is_whole() -> bool {
    std::env::var("WP_GATE_LAWS").is_ok_and(|value| value == "all")
}

/// All of `items`, or every `step`th.
fn share<T>(items: Vec<T>, step: usize) -> Vec<T> {
    if is_whole() { items } else { items.into_iter().step_by(step).collect() }
}

/// Panics with the first of `failures`, if there is one.
fn assert_none(failures: &[String], of: usize) {
    assert!(failures.is_empty(), "{} of {of} disagree; the first:\n{}", failures.len(), failures[0]);
}

/// Says how much was tried, for those who ask with `--nocapture`.
#[expect(clippy::print_stdout, reason = "a test says what it counted")]
fn tell(what: &str) {
    println!("{what}");
}
