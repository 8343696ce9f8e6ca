//! Types whose `UnmarshalYAML` takes a node and looks at its kind: `When`, `ContainerList`, `List`, `Path`, `Concurrency`.

use super::{Data, Decode, DecodeErrorKind, Decoder, NodeId};

/// The kind of a node, aliases followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Text.
    Scalar,
    /// A list.
    Sequence,
    /// A map.
    Mapping,
}

impl Decoder<'_, '_> {
    /// Calls `read` as the server calls an `UnmarshalYAML` with a node: not for null (then `None`), with aliases followed, and with
    /// its own `Decode` calls. `read` gets the node and its kind. `None` also when `read` found an error, which is recorded.
    pub fn by_kind<R>(
        &mut self,
        id: NodeId,
        read: impl FnOnce(&mut Self, NodeId, Shape) -> Decode<R>,
    ) -> Decode<Option<R>> {
        self.unmarshal(id, |decoder, id| {
            let kind = match decoder.node(id).data {
                Data::Sequence { .. } => Shape::Sequence,
                Data::Mapping { .. } => Shape::Mapping,
                Data::Scalar { .. } | Data::Alias(_) => Shape::Scalar,
            };
            decoder.separate(|decoder| read(decoder, id, kind))
        })
    }

    /// Records that `id` is not what is `wanted` there.
    ///
    /// # Errors
    /// With go-yaml v3, which gives up the file at such an error.
    pub fn refuse_kind(&mut self, id: NodeId, wanted: &'static str) -> Decode<()> {
        let found = match self.node(self.follow(id)).data {
            Data::Sequence { .. } => "a list",
            Data::Mapping { .. } => "a map",
            Data::Scalar { .. } | Data::Alias(_) => "text",
        };
        self.refuse::<()>(id, DecodeErrorKind::Mismatch { found, wanted })?;
        Ok(())
    }
}
