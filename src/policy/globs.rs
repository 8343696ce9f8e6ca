use std::ops::Deref;

use serde::{Deserialize, Deserializer};

use crate::glob::Pattern;

/// Globs, OR'd. In the configuration a list, or just one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Globs(Vec<Pattern>);

impl Globs {
    /// Whether one of them matches `text`.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.0.iter().any(|glob| glob.is_match(text))
    }
}

impl Deref for Globs {
    type Target = [Pattern];

    fn deref(&self) -> &[Pattern] {
        &self.0
    }
}

impl<T: AsRef<str>> FromIterator<T> for Globs {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        Self(texts.into_iter().map(|text| Pattern::parse(text.as_ref())).collect())
    }
}

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        OneOrMany::<String>::deserialize(deserializer).map(|texts| texts.0.into_iter().collect())
    }
}

/// A list, or one value that stands for a list of itself.
pub(super) struct OneOrMany<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a text or a list of texts")]
        enum Written<T> {
            One(T),
            Many(Vec<T>),
        }
        Ok(Self(match Written::deserialize(deserializer)? {
            Written::One(one) => vec![one],
            Written::Many(many) => many,
        }))
    }
}
