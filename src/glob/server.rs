//! The server's matcher, step by step: the reference for every pattern, and the engine for the odd ones.
//!
//! It walks the pattern's text and the path together, and remembers one `*` and one `**/` to go back to. At a `{` it puts the first
//! alternative into the text in the group's place and goes on from there; if that fails, the next. Three things make this more than
//! "the union of the alternatives", and are why it must be played and not just described:
//!
//! - the first character of an alternative that was just put in counts as the start of a segment, when it is first reached;
//! - text that is put in can make new tokens with its neighbours (`{*,a}*`), but only for the next time it is read;
//! - an error ends everything, also the alternatives not yet tried.
//!
//! The work for one text is polynomial. The texts that alternatives make are counted, and limited by [`MAX_EXPANSIONS`].

use std::borrow::Cow;

use super::error::MatchError;
use super::rune::decode;

/// How many combinations of alternatives one match tries, for the patterns that need them tried one by one. Only a pattern with at least
/// a dozen groups of `{…}`, and an oddity such as `a{**,b}` besides, gets there.
pub const MAX_EXPANSIONS: usize = 1 << 13;

/// How many bytes of text those combinations may have together.
const MAX_EXPANDED_BYTES: usize = 1 << 24;

/// What is left of the two limits.
struct Budget {
    expansions: usize,
    bytes: usize,
}

impl Budget {
    const FULL: Self = Self { expansions: MAX_EXPANSIONS, bytes: MAX_EXPANDED_BYTES };

    /// Pays for one more text of `len` bytes.
    fn pay(&mut self, len: usize) -> Result<(), MatchError> {
        match (self.expansions.checked_sub(1), self.bytes.checked_sub(len)) {
            (Some(expansions), Some(bytes)) => *self = Self { expansions, bytes },
            _ => return Err(MatchError::TooManyAlternatives),
        }
        Ok(())
    }
}

/// Where the walk is.
#[derive(Clone, Copy, Default)]
struct Position {
    /// The next byte of the pattern's text.
    at: usize,
    /// The next byte of the path.
    seen: usize,
    /// After the last `*`: where the pattern goes on, and how far into the path the `*` reaches.
    star: Option<(usize, usize)>,
    /// The same for the last `**/`.
    segments: Option<(usize, usize)>,
}

/// How the walk over one text ends.
enum Walk {
    Decided(Result<bool, MatchError>),
    /// At a `{` whose alternatives are still in the text.
    Group(Position),
}

/// A group whose alternatives are being tried.
struct Choice<'t> {
    text: Cow<'t, [u8]>,
    /// The group's `{`, and its `}`.
    group: (usize, usize),
    /// Where the next alternative starts.
    next: usize,
    position: Position,
}

/// What the server's matcher answers for `pattern` and `path`.
pub(super) fn run(pattern: &str, path: &[u8]) -> Result<bool, MatchError> {
    let mut choices: Vec<Choice<'_>> = Vec::new();
    let mut budget = Budget::FULL;
    let mut text = Cow::Borrowed(pattern.as_bytes());
    let mut position = Position::default();
    loop {
        match walk(&text, path, position, &mut budget) {
            Walk::Decided(Ok(false)) => {}
            Walk::Decided(answer) => return answer,
            Walk::Group(reached) => {
                let Some(close) = closing_brace(&text, reached.at + 1) else { return Err(MatchError::BadPattern) };
                let group = (reached.at, close);
                choices.push(Choice { text, group, next: reached.at + 1, position: reached });
            }
        }
        while choices.last().is_some_and(|choice| choice.next > choice.group.1) {
            choices.pop();
        }
        let Some(choice) = choices.last_mut() else { return Ok(false) };
        budget.pay(choice.text.len())?;
        text = Cow::Owned(take_alternative(&choice.text, choice.group, &mut choice.next));
        position = choice.position;
    }
}

/// The text with the group replaced by its alternative that starts at `next`; `next` goes to the one after, or past the group.
fn take_alternative(text: &[u8], (open, close): (usize, usize), next: &mut usize) -> Vec<u8> {
    let end = next_comma(text, *next, close).unwrap_or(close);
    let alternative = [&text[..open], &text[*next..end], &text[close + 1..]].concat();
    *next = end + 1;
    alternative
}

/// Walks on from `position` until the answer is known or a group is reached.
fn walk(text: &[u8], path: &[u8], position: Position, budget: &mut Budget) -> Walk {
    let mut here = position;
    let mut segment_start = true;
    while here.seen < path.len() {
        match step(text, path, &mut here, &mut segment_start) {
            Step::Walked => {}
            Step::Group => return Walk::Group(here),
            Step::Rest => return Walk::Decided(Ok(true)),
            Step::Bad => return Walk::Decided(Err(MatchError::BadPattern)),
            Step::Differs => {
                if back_to_star(path, &mut here) {
                    segment_start = false;
                } else if back_to_segments(path, &mut here) {
                    segment_start = true;
                } else if is_well_formed(&text[here.at..]) {
                    return Walk::Decided(Ok(false));
                } else {
                    return Walk::Decided(Err(MatchError::BadPattern));
                }
            }
        }
    }
    Walk::Decided(matches_nothing(&text[here.at..], budget))
}

/// What one token of the text and the path's next character come to.
enum Step {
    /// They agree; the position is after both.
    Walked,
    /// They differ, or the text is at its end. `at` is where the server would go on checking that the text is well formed.
    Differs,
    /// The token is a `{`.
    Group,
    /// A `**` at the end takes the rest of the path.
    Rest,
    /// The text is malformed here.
    Bad,
}

fn step(text: &[u8], path: &[u8], here: &mut Position, segment_start: &mut bool) -> Step {
    let Some(&token) = text.get(here.at) else { return Step::Differs };
    match token {
        b'*' => step_star(text, here, segment_start),
        b'{' => Step::Group,
        b'[' => {
            *segment_start = false;
            let (rune, len) = decode(&path[here.seen..]);
            let (outcome, at) = read_class(text, here.at + 1, rune);
            here.at = at;
            if matches!(outcome, Step::Walked) {
                here.seen += len;
            }
            outcome
        }
        b'?' => {
            *segment_start = false;
            if path[here.seen] == b'/' {
                return Step::Differs;
            }
            here.at += 1;
            here.seen += decode(&path[here.seen..]).1;
            Step::Walked
        }
        _ => {
            let at = here.at + usize::from(token == b'\\');
            if at >= text.len() {
                return Step::Bad;
            }
            let (wanted, wanted_len) = decode(&text[at..]);
            let (rune, len) = decode(&path[here.seen..]);
            if wanted != rune {
                // The server takes any `\` before the character for its escape, also one that is itself escaped.
                here.at = if at > 0 && text[at - 1] == b'\\' { at - 1 } else { at };
                return Step::Differs;
            }
            here.at = at + wanted_len;
            here.seen += len;
            *segment_start = wanted == '/';
            Step::Walked
        }
    }
}

fn step_star(text: &[u8], here: &mut Position, segment_start: &mut bool) -> Step {
    here.at += 1;
    if text.get(here.at) == Some(&b'*') {
        here.at += 1;
        match text.get(here.at) {
            None if *segment_start => return Step::Rest,
            Some(b'/') if *segment_start => {
                here.at += 1;
                here.segments = Some((here.at, here.seen));
                here.star = None;
                return Step::Walked;
            }
            _ => {}
        }
    }
    *segment_start = false;
    here.star = Some((here.at, here.seen));
    Step::Walked
}

/// Lets the last `*` take one more character, unless that is a `/`.
fn back_to_star(path: &[u8], here: &mut Position) -> bool {
    let Some((at, reach)) = here.star else { return false };
    if path.get(reach) == Some(&b'/') {
        return false;
    }
    let reach = reach + decode(&path[reach..]).1;
    here.star = Some((at, reach));
    (here.at, here.seen) = (at, reach);
    true
}

/// Lets the last `**/` take one more segment.
fn back_to_segments(path: &[u8], here: &mut Position) -> bool {
    let Some((at, reach)) = here.segments else { return false };
    let Some(slash) = memchr::memchr(b'/', &path[reach..]) else { return false };
    let reach = reach + slash + 1;
    here.segments = Some((at, reach));
    (here.at, here.seen) = (at, reach);
    true
}

/// Reads the class whose inside starts at `at`, for `rune`. Where it does not match, the place comes with it where the server goes on
/// checking, which may be in the middle of the class.
fn read_class(text: &[u8], at: usize, rune: char) -> (Step, usize) {
    let negated = matches!(text.get(at), Some(b'!' | b'^'));
    let mut at = at + usize::from(negated);
    if matches!(text.get(at), None | Some(b']')) {
        return (Step::Bad, at);
    }
    let mut held = false;
    // The character before, if a `-` may make it the start of a range. The server's mark for "none" is the greatest character.
    let mut start = char::MAX;
    while !held && at < text.len() && text[at] != b']' {
        let range = start < char::MAX && text[at] == b'-' && text.get(at + 1).is_some_and(|&next| next != b']');
        at += usize::from(range);
        at += usize::from(text[at] == b'\\');
        let (item, len) = decode(text.get(at..).unwrap_or_default());
        at += len;
        held = if range { start <= rune && rune <= item } else { rune == item };
        start = if range { char::MAX } else { item };
    }
    if at >= text.len() {
        return (Step::Bad, at);
    }
    if held == negated {
        return (Step::Differs, at);
    }
    match unescaped(&text[at..], |byte| byte == b']') {
        Some(close) => (Step::Walked, at + close + 1),
        None => (Step::Bad, at),
    }
}

/// Whether what is left of the text stands for nothing, at the end of the path.
fn matches_nothing(text: &[u8], budget: &mut Budget) -> Result<bool, MatchError> {
    let mut left: Vec<Cow<'_, [u8]>> = vec![Cow::Borrowed(text)];
    while let Some(text) = left.pop() {
        if matches!(&*text, b"" | b"*" | b"**" | b"/**" | b"**/" | b"/**/") {
            return Ok(true);
        }
        if text.first() != Some(&b'{') {
            if !is_well_formed(&text) {
                return Err(MatchError::BadPattern);
            }
            continue;
        }
        let Some(close) = closing_brace(&text, 1) else { return Err(MatchError::BadPattern) };
        let mut next = 1;
        let first = left.len();
        while next <= close {
            budget.pay(text.len())?;
            left.push(Cow::Owned(take_alternative(&text, (0, close), &mut next)));
        }
        // The first alternative is tried first.
        left[first..].reverse();
    }
    Ok(false)
}

/// The `}` that closes the group whose inside starts at `at`. Classes are not seen: a `}` in one closes the group.
fn closing_brace(text: &[u8], at: usize) -> Option<usize> {
    let mut depth = 1;
    let found = unescaped(text.get(at..)?, |byte| {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        depth == 0
    })?;
    Some(at + found)
}

/// The group's next own comma in `at..close`.
fn next_comma(text: &[u8], at: usize, close: usize) -> Option<usize> {
    let mut depth = 0;
    let found = unescaped(text.get(at..close)?, |byte| {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        byte == b',' && depth == 0
    })?;
    Some(at + found)
}

/// The first byte of `text` that no `\` escapes and that `wanted` accepts.
fn unescaped(text: &[u8], mut wanted: impl FnMut(u8) -> bool) -> Option<usize> {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte == b'\\' {
            at += 1;
        } else if wanted(byte) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// The server's check of a text, or of the end of one: braces balanced, classes closed and not empty, every `\` escapes something.
pub(super) fn is_well_formed(text: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => {
                at += 1;
                if at >= text.len() {
                    return false;
                }
            }
            b'[' => {
                at += 1 + usize::from(matches!(text.get(at + 1), Some(b'!' | b'^')));
                match unescaped(text.get(at..).unwrap_or_default(), |byte| byte == b']') {
                    None | Some(0) => return false,
                    Some(close) => at += close,
                }
            }
            b'{' => depth += 1,
            b'}' => match depth.checked_sub(1) {
                Some(outer) => depth = outer,
                None => return false,
            },
            _ => {}
        }
        at += 1;
    }
    depth == 0
}
