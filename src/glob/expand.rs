//! Alternatives, multiplied out.

use super::shape::{Shape, alternatives};
use super::token::{Token, TokenKind};

/// The pattern's expansions in the order of its text: each the indices of its tokens, none of them a brace or a comma.
/// There are [`Shape::expansions`] of them; the caller has looked that there are not too many.
pub(super) fn expand(tokens: &[Token], shape: &Shape) -> Vec<Vec<usize>> {
    let mut done = Vec::new();
    let mut open = vec![(Vec::new(), 0)];
    while let Some((mut flat, mut at)) = open.pop() {
        loop {
            at = shape.resume[at];
            match tokens.get(at).map(|token| &token.kind) {
                Some(TokenKind::Open { close: Some(_), commas }) => {
                    // The first alternative goes on top.
                    open.extend(alternatives(at, commas).rev().map(|start| (flat.clone(), start)));
                    break;
                }
                Some(_) => {
                    flat.push(at);
                    at += 1;
                }
                None => {
                    done.push(flat);
                    break;
                }
            }
        }
    }
    done
}
