use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::glob::Pattern;

/// How long steps take, by globs on their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Costs(Vec<(Pattern, Duration)>);

impl Costs {
    /// How long the step `name` takes, if something is said of it. Of several globs that match, the longest counts; of equally long
    /// ones, the first in the order of their text.
    pub fn of(&self, name: &str) -> Option<Duration> {
        self.0.iter().find(|(glob, _)| glob.is_match(name.as_bytes())).map(|&(_, cost)| cost)
    }

    /// Whether nothing is said of any step.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Costs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let written = std::collections::BTreeMap::<String, String>::deserialize(deserializer)?;
        let mut costs = Vec::with_capacity(written.len());
        for (glob, text) in written {
            let glob = Pattern::parse(&glob);
            if let Some(error) = glob.error() {
                return Err(D::Error::custom(format!("`{}`: {error}", glob.text())));
            }
            let cost = humantime::parse_duration(&text)
                .map_err(|_| D::Error::custom(format!("`{text}` is no duration, such as `90s`, `25m` or `1h 30m`")))?;
            costs.push((glob, cost));
        }
        costs.sort_by_key(|(glob, _)| std::cmp::Reverse(glob.text().len()));
        Ok(Self(costs))
    }
}

impl Serialize for Costs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer
            .collect_map(self.0.iter().map(|(glob, cost)| (glob.text(), humantime::format_duration(*cost).to_string())))
    }
}
