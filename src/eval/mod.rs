//! The engine as a filter: one JSON request a line in, one JSON answer a line out, in the same order.
//!
//! A request's keys tell its kind:
//!
//! | request | answer |
//! | --- | --- |
//! | `{"pattern", "path"}` | `{"match", "valid"}`, and `"bad": true` when the server's matcher fails before it has an answer |
//! | `{"template", "env"}` | `{"out"}` or `{"error"}` |
//! | `{"expr", "env"}` | `{"result"}` or `{"error": "compile" \| "run" \| "limit", "detail"}` |
//! | `{"files", "metadata", "envs"?, "privileged_plugins"?}` | `{"workflows", "lint"?, "skip_ci"?, "error"?}` |
//!
//! What is scheduled is listed stage by stage; a workflow that is filtered is not in the list. A line that is no request gets
//! `{"error"}`, and the next one its own answer.

mod answer;
mod request;
mod stream;

pub use answer::answer;
pub use stream::{MAX_LINE, StreamError, stream};
