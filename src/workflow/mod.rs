//! Workflow files, typed: what the server's Go types make of a YAML document, with the place of every value.
//!
//! [`lower`] reads a document as the server of a given version decodes it: what the server refuses is a problem, what it ignores is
//! ignored. It never stops at the first problem. [`axes`] reads the matrix, which the server does first, on the raw text.
//!
//! | file | reads |
//! | --- | --- |
//! | `model` | the types |
//! | `file` | a file: what does not hang on a change, once for all axes |
//! | `lower` | the top of the file |
//! | `step` | steps, services, clone steps |
//! | `when` | conditions |
//! | `settings` | values that decode but that the server cannot use |
//! | `matrix` | the matrix |
//! | `legacy` | what only server 2.x knows |
//! | `content` | commands and settings, for those who ask |
//! | `problem` | decoding errors, as problems |

mod content;
mod file;
mod legacy;
mod lower;
mod matrix;
mod model;
mod problem;
mod settings;
mod step;
mod when;

#[cfg(test)]
mod tests;

pub use content::{Content, Setting, Written, contents};
pub use file::{File, Lowered};
pub use lower::lower;
pub use matrix::{Axis, axes};
pub use model::{
    AxisFilter, Defect, Dependency, Entry, Expression, Filter, Glob, PathFilter, Place, Placed, Powers, Step, When,
    Workflow,
};
pub use problem::{decode_problem, encoding_problem, syntax_problem};

/// The name of the workflow in the file at `path`: its base name without `.yml`, then without `.yaml`, then without a leading dot.
pub fn name_of(path: &str) -> &str {
    let base = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let base = base.strip_suffix(".yml").unwrap_or(base);
    let base = base.strip_suffix(".yaml").unwrap_or(base);
    base.strip_prefix('.').unwrap_or(base)
}

#[cfg(test)]
mod names {
    use super::name_of;

    #[test]
    fn a_workflow_is_named_after_its_file() {
        for (path, name) in [
            (".woodpecker/publish.yml", "publish"),
            (".woodpecker/a.b.yaml", "a.b"),
            (".woodpecker.yml", "woodpecker"),
            (".woodpecker/.hidden.yaml", "hidden"),
            ("x.yaml.yml", "x"),
            ("x.yml.yaml", "x.yml"),
        ] {
            assert_eq!(name_of(path), name, "{path}");
        }
    }
}
