//! What a pattern's tokens mean together: which `**` are whole segments, where a path may end, and whether the pattern is odd.

use super::error::PatternError;
use super::token::{DoubleStar, Token, TokenKind};
use crate::source::Span;

/// Something in a pattern that keeps it from being a plain description of paths: the server's answer then depends on the order in which
/// its matcher tries things. Matching is exact all the same; there is no [`Nfa`](super::Nfa) for the pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Oddity {
    /// What is odd.
    pub kind: OddityKind,
    /// The bytes of the pattern's text that are odd.
    pub span: Span,
}

/// The kinds of [`Oddity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OddityKind {
    /// The pattern is malformed.
    Malformed,
    /// A class holds one of `[]{},` unescaped, where the server may not read it as part of the class.
    SyntaxInClass,
    /// Stars meet across a brace: `{*,a}*`. They are read as two the first time and as `**` when the matcher comes back.
    StarsMeet,
    /// Whether a `**` is a whole segment depends on the alternative taken, or on how the matcher came there: `a{**,b}`.
    UnclearDoubleStar,
    /// Whether the pattern may end here depends on whether the matcher has been further on before: `a/{**,b}` for `a`.
    UnclearEnd,
    /// A `**/` at the end, inside a segment or after another `**`: `a**/`, `**/a/**/`. The path may end before it or after it, and the
    /// matcher does not try both.
    FinalDoubleStarSlash,
    /// A class between stars that can match `/`, such as `*[!a]*`: the matcher does not go back far enough to find all matches.
    SlashInClass,
}

impl OddityKind {
    /// Whether the union of the pattern's expansions, each matched for itself, is still the server's answer.
    fn expands(self) -> bool {
        matches!(self, Self::FinalDoubleStarSlash | Self::SlashInClass)
    }
}

/// What [`analyse`] finds out.
pub(super) struct Shape {
    /// The first oddity of the gravest sort.
    pub(super) oddity: Option<Oddity>,
    /// For each token, and for the end: the token that follows in its place, past the end of the alternative if it is one.
    pub(super) resume: Vec<usize>,
    /// For each token, and for the end: whether a path may end before it.
    pub(super) may_end: Vec<bool>,
    /// How many patterns without braces the pattern expands to; saturating.
    pub(super) expansions: usize,
}

impl Shape {
    /// Whether the union of the pattern's expansions is the server's answer.
    pub(super) fn expands(&self) -> bool {
        self.oddity.is_none_or(|oddity| oddity.kind.expands())
    }
}

/// Settles what each `**` is, and finds out the rest.
pub(super) fn analyse(tokens: &mut [Token], error: Option<&PatternError>) -> Shape {
    let resume = resume(tokens);
    let mut oddities = Vec::new();
    oddities.extend(error.map(|error| Oddity { kind: OddityKind::Malformed, span: error.span }));
    oddities.extend(syntax_in_class(tokens));
    oddities.extend(settle_double_stars(tokens, &resume));
    let (may_end, unclear_end) = ends(tokens, &resume);
    oddities.extend(unclear_end);
    oddities.extend(final_double_star_slash(tokens, &resume, &may_end));
    oddities.extend(slash_in_class(tokens, &resume));
    let oddity = oddities.iter().find(|oddity| !oddity.kind.expands()).or(oddities.first()).copied();
    let expansions = expansions(tokens, &resume);
    Shape { oddity, resume, may_end, expansions }
}

/// For each token, itself, or what follows the group if the token ends an alternative.
fn resume(tokens: &[Token]) -> Vec<usize> {
    let mut resume: Vec<usize> = (0..=tokens.len()).collect();
    for (index, token) in tokens.iter().enumerate().rev() {
        let close = match token.kind {
            TokenKind::Close { .. } => Some(index),
            TokenKind::Comma { open } => close_of(tokens, open),
            _ => None,
        };
        if let Some(close) = close {
            resume[index] = resume[close + 1];
        }
    }
    resume
}

fn close_of(tokens: &[Token], open: usize) -> Option<usize> {
    match tokens.get(open)?.kind {
        TokenKind::Open { close, .. } => close,
        _ => None,
    }
}

/// Where the alternatives of the group at `open` start.
pub(super) fn alternatives(open: usize, commas: &[usize]) -> impl DoubleEndedIterator<Item = usize> + '_ {
    std::iter::once(open).chain(commas.iter().copied()).map(|before| before + 1)
}

fn syntax_in_class(tokens: &[Token]) -> Option<Oddity> {
    let braces = tokens.iter().any(|token| matches!(token.kind, TokenKind::Open { .. }));
    tokens.iter().find_map(|token| match &token.kind {
        // Outside braces only the failure of a negated class makes the server look at the rest of a class for itself.
        TokenKind::Class(class) if class.holds_syntax() && (braces || class.is_negated()) => {
            Some(Oddity { kind: OddityKind::SyntaxInClass, span: token.span })
        }
        _ => None,
    })
}

/// What may stand before a token, over all ways there: a set of bits.
mod before {
    /// The start of a segment.
    pub(super) const SEGMENT_START: u8 = 1;
    /// Something else.
    pub(super) const OTHER: u8 = 2;
    /// The edge of an alternative that the matcher puts in there.
    pub(super) const ALTERNATIVE: u8 = 4;
    /// A star, in the same alternative.
    pub(super) const STAR: u8 = 8;
    /// A star, across the edge of an alternative.
    pub(super) const STAR_ACROSS: u8 = 16;
}

/// Settles what each `**` is.
fn settle_double_stars(tokens: &mut [Token], resume: &[usize]) -> Option<Oddity> {
    let mut before = vec![0_u8; tokens.len() + 1];
    before[0] = before::SEGMENT_START;
    let mut oddity = None;
    for index in 0..tokens.len() {
        let here = before[index];
        let across = if here & before::STAR == 0 { here } else { here & !before::STAR | before::STAR_ACROSS };
        let (span, mut found) = (tokens[index].span, None);
        let star = matches!(tokens[index].kind, TokenKind::Star | TokenKind::DoubleStar(_));
        if star && here & before::STAR_ACROSS != 0 {
            found = Some(OddityKind::StarsMeet);
        }
        let role = double_star(here, tokens.get(resume[index + 1]));
        match &mut tokens[index].kind {
            TokenKind::DoubleStar(kind) => {
                *kind = role;
                if role == DoubleStar::Unclear {
                    found = found.or(Some(OddityKind::UnclearDoubleStar));
                }
                before[index + 1] |= before::OTHER | before::STAR;
            }
            TokenKind::Star => before[index + 1] |= before::OTHER | before::STAR,
            TokenKind::Separator | TokenKind::Literal('/') | TokenKind::Escaped('/') => {
                before[index + 1] |= before::SEGMENT_START;
            }
            TokenKind::Open { close: Some(_), commas } => {
                for start in alternatives(index, commas) {
                    before[start] |= across | before::ALTERNATIVE;
                }
            }
            TokenKind::Close { .. } | TokenKind::Comma { .. } if resume[index] != index => {
                before[resume[index]] |= across;
            }
            _ => before[index + 1] |= before::OTHER,
        }
        oddity = oddity.or(found.map(|kind| Oddity { kind, span }));
    }
    oddity
}

/// What a `**` is, from what is before it and the token after it.
fn double_star(before: u8, after: Option<&Token>) -> DoubleStar {
    let may_be_whole = match after.map(|token| &token.kind) {
        None | Some(TokenKind::Separator) => true,
        // What the first alternative brings is only seen when the matcher comes back.
        Some(TokenKind::Open { .. }) if before & (before::SEGMENT_START | before::ALTERNATIVE) != 0 => {
            return DoubleStar::Unclear;
        }
        _ => false,
    };
    let (start, other) = (before & before::SEGMENT_START != 0, before & before::OTHER != 0);
    match (may_be_whole, start, other, before & before::ALTERNATIVE != 0) {
        (false, ..) | (true, false, _, false) => DoubleStar::Star,
        (true, true, false, _) => DoubleStar::Segments,
        _ => DoubleStar::Unclear,
    }
}

/// The texts that stand for nothing at the end of a path, and the ends of those texts: a set of bits.
mod rest {
    pub(super) const EMPTY: u8 = 1;
    pub(super) const STAR: u8 = 2;
    pub(super) const STARS: u8 = 4;
    pub(super) const SLASH: u8 = 8;
    pub(super) const SLASH_STARS: u8 = 16;
    pub(super) const STARS_SLASH: u8 = 32;
    pub(super) const SLASH_STARS_SLASH: u8 = 64;

    /// `kind` in front of each text of `rest`.
    pub(super) fn prepend(kind: &super::TokenKind, rest: u8) -> u8 {
        let when = |text: u8, longer: u8| if rest & text == 0 { 0 } else { longer };
        match kind {
            super::TokenKind::Star => when(EMPTY, STAR),
            super::TokenKind::DoubleStar(_) => when(EMPTY, STARS) | when(SLASH, STARS_SLASH),
            super::TokenKind::Separator => {
                when(EMPTY, SLASH) | when(STARS, SLASH_STARS) | when(STARS_SLASH, SLASH_STARS_SLASH)
            }
            _ => 0,
        }
    }

    /// Whether one of the texts stands for nothing.
    pub(super) fn may_end(rest: u8) -> bool {
        rest & !SLASH != 0
    }
}

/// Before which tokens a path may end, as the matcher sees it when it gets there for the first time; and the first place where it would
/// see it differently with the alternatives put in.
fn ends(tokens: &[Token], resume: &[usize]) -> (Vec<bool>, Option<Oddity>) {
    let mut written = vec![rest::EMPTY; tokens.len() + 1];
    let mut expanded = written.clone();
    let mut may_end = vec![true; tokens.len() + 1];
    let mut oddity = None;
    for (index, token) in tokens.iter().enumerate().rev() {
        let next = if resume[index] == index { resume[index + 1] } else { resume[index] };
        match &token.kind {
            TokenKind::Open { close: Some(_), commas } => {
                let starts = || alternatives(index, commas).map(|start| resume[start]);
                written[index] = 0;
                expanded[index] = starts().fold(0, |texts, start| texts | expanded[start]);
                may_end[index] = starts().any(|start| may_end[start]);
            }
            TokenKind::Close { .. } | TokenKind::Comma { .. } => {
                written[index] = written[next];
                expanded[index] = expanded[next];
                may_end[index] = may_end[next];
            }
            kind => {
                written[index] = rest::prepend(kind, written[next]);
                expanded[index] = rest::prepend(kind, expanded[next]);
                may_end[index] = rest::may_end(written[index]);
            }
        }
        if may_end[index] != rest::may_end(expanded[index]) {
            oddity = Some(Oddity { kind: OddityKind::UnclearEnd, span: token.span });
        }
    }
    (may_end, oddity)
}

/// Before which tokens of `flat`, the indices of the tokens of an expansion, a path may end; and after the last.
pub(super) fn ends_of_expansion(tokens: &[Token], flat: &[usize]) -> Vec<bool> {
    let mut may_end = vec![true; flat.len() + 1];
    let mut texts = rest::EMPTY;
    for (place, token) in flat.iter().enumerate().rev() {
        texts = tokens.get(*token).map_or(0, |token| rest::prepend(&token.kind, texts));
        may_end[place] = rest::may_end(texts);
    }
    may_end
}

fn final_double_star_slash(tokens: &[Token], resume: &[usize], may_end: &[bool]) -> Option<Oddity> {
    // What may have made the matcher choose between ways to get to the end.
    let mut chosen = false;
    let found = tokens.iter().enumerate().find(|(index, token)| {
        let slash = resume[index + 1];
        match &token.kind {
            TokenKind::DoubleStar(DoubleStar::Star) => may_end[*index] && !may_end[slash],
            TokenKind::DoubleStar(DoubleStar::Segments) => {
                let last = slash < tokens.len() && resume[slash + 1] == tokens.len();
                std::mem::replace(&mut chosen, true) && last
            }
            TokenKind::Class(class) => {
                chosen |= class.matches('/');
                false
            }
            _ => false,
        }
    });
    found.map(|(_, token)| Oddity { kind: OddityKind::FinalDoubleStarSlash, span: token.span })
}

fn slash_in_class(tokens: &[Token], resume: &[usize]) -> Option<Oddity> {
    let is_star = |token: &Token| matches!(token.kind, TokenKind::Star | TokenKind::DoubleStar(DoubleStar::Star));
    // A `**` at the end takes any rest, and needs no going back.
    let is_segments = |(index, token): (usize, &Token)| {
        matches!(token.kind, TokenKind::DoubleStar(DoubleStar::Segments)) && resume[index + 1] < tokens.len()
    };
    let first_star = tokens.iter().position(is_star).unwrap_or(tokens.len());
    let first_segments = tokens.iter().enumerate().position(is_segments).unwrap_or(tokens.len());
    let last_star = tokens.iter().rposition(is_star).unwrap_or(0);
    let last_segments = (0..tokens.len()).rev().find(|&at| is_segments((at, &tokens[at]))).unwrap_or(0);
    let found = tokens.iter().enumerate().find(|(index, token)| {
        let index = *index;
        let starred = |first: usize| first < index;
        matches!(&token.kind, TokenKind::Class(class) if class.matches('/'))
            && (starred(first_star) || starred(first_segments))
            && (last_star > index || last_segments > index)
            && (starred(first_star) || last_segments > index)
    });
    found.map(|(_, token)| Oddity { kind: OddityKind::SlashInClass, span: token.span })
}

fn expansions(tokens: &[Token], resume: &[usize]) -> usize {
    let mut ways = vec![1_usize; tokens.len() + 1];
    for (index, token) in tokens.iter().enumerate().rev() {
        ways[index] = match &token.kind {
            TokenKind::Open { close: Some(_), commas } => {
                alternatives(index, commas).fold(0, |sum: usize, start| sum.saturating_add(ways[resume[start]]))
            }
            _ if resume[index] != index => ways[resume[index]],
            _ => ways[resume[index + 1]],
        };
    }
    ways[0]
}
