//! temporary
#![allow(missing_docs, clippy::missing_errors_doc)]
use crate::env::Env;
use crate::server::Version;
pub enum Outcome { Bool(bool), Unknown { name: String } }
pub struct ExprError { pub kind: ErrorKind, pub message: String, pub help: Option<&'static str> }
pub fn evaluate(_text: &str, _env: &dyn Env, _server: Version) -> Result<Outcome, ExprError> { Err(ExprError { kind: ErrorKind, message: "no".into(), help: None }) }
pub struct ErrorKind; impl ErrorKind { pub fn name(&self) -> &'static str { "compile" } }
