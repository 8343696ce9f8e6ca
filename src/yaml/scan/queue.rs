//! The tokens that are read and not yet taken.

use super::token::{Settled, Token, TokenKind};

/// A queue that numbers its tokens from the start of the text. It is empty most of the time, which is when its memory is reused.
#[derive(Default)]
pub(super) struct Queue {
    tokens: Vec<Token>,
    /// The next token's index in `tokens`.
    head: usize,
    /// The number of `tokens`' first.
    first: usize,
}

impl Queue {
    #[inline]
    pub(super) fn front(&self) -> Option<&Token> {
        self.tokens.get(self.head)
    }

    #[inline]
    pub(super) fn front_mut(&mut self) -> Option<&mut Token> {
        self.tokens.get_mut(self.head)
    }

    #[inline]
    pub(super) fn push(&mut self, token: Token) {
        self.tokens.push(token);
    }

    #[inline]
    pub(super) fn pop(&mut self) {
        self.head += 1;
        if self.head >= self.tokens.len() {
            self.first += self.tokens.len();
            self.tokens.clear();
            self.head = 0;
        }
    }

    /// The number of the token that is pushed next.
    #[inline]
    pub(super) fn next_number(&self) -> usize {
        self.first + self.tokens.len()
    }

    /// Makes another token of the one that was numbered `number`. `false` when it has been taken.
    pub(super) fn change(&mut self, number: usize, kind: TokenKind) -> bool {
        let index = number.wrapping_sub(self.first);
        let waiting = self.tokens.get_mut(index).filter(|_| index >= self.head);
        waiting.map(|token| token.kind = kind).is_some()
    }

    /// Whether more than `count` tokens wait, places where a key may start not counted.
    pub(super) fn has_more_than(&self, count: usize) -> bool {
        let mut left = count;
        self.tokens.iter().skip(self.head).any(|token| {
            let tokens = match token.kind {
                TokenKind::Candidate(Settled::FirstKey) => 2,
                TokenKind::Candidate(_) => 0,
                _ => 1,
            };
            let more = tokens > left;
            left = left.saturating_sub(tokens);
            more
        })
    }

    /// How much memory the waiting tokens take, in tokens.
    pub(super) fn size(&self) -> usize {
        self.tokens.len()
    }
}
