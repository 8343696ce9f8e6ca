use std::collections::BTreeMap;

use serde::Deserialize;

use crate::change::Metadata;

/// Any request: which of the fields are there tells its kind. Others are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Request {
    pub pattern: Option<String>,
    pub path: Option<String>,
    pub template: Option<String>,
    pub expr: Option<String>,
    pub env: BTreeMap<String, String>,
    pub files: Option<BTreeMap<String, String>>,
    pub metadata: Option<Metadata>,
    pub envs: BTreeMap<String, String>,
    pub privileged_plugins: Option<Vec<String>>,
}
