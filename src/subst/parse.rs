use super::template::{Argument, Case, Expansion, ExpansionId, Operation, Piece, Scope, Side};
use super::{MAX_DEPTH, MAX_EXPANSIONS, SubstError, SubstErrorKind as Kind, unicode};
use crate::source::{MAX_LEN, Span};

/// Reads a template from the front. Behaves as the library's scanner and parser do together, which the comments call the library.
pub(super) struct Parser<'t> {
    /// The text as far as the library reads it: a NUL is its sign for the end.
    text: &'t str,
    /// The whole length, for the bound.
    len: usize,
    at: usize,
    /// The `$` of the expansion that is being read, for errors.
    opener: usize,
    expansions: Vec<Expansion>,
}

/// How the text of an argument ends, and what it may hold.
#[derive(Clone, Copy)]
struct Bounds {
    /// The bytes before which it ends. It also ends before `${`.
    stops: &'static [u8],
    /// Whether `\\`, `\/` and `$$` stand for their second byte, which then stops nothing.
    escapes: bool,
}

const TO_CLOSE: Bounds = Bounds { stops: b"}", escapes: false };
const OFFSET: Bounds = Bounds { stops: b":}", escapes: false };
const PATTERN: Bounds = Bounds { stops: b"/", escapes: true };
const REPLACEMENT: Bounds = Bounds { stops: b"}", escapes: true };

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let end = memchr::memchr(0, text.as_bytes()).unwrap_or(text.len());
        let read = text.get(..end).expect("internal: a NUL is a character");
        Self { text: read, len: text.len(), at: 0, opener: 0, expansions: Vec::new() }
    }

    /// The whole template.
    pub(super) fn template(mut self) -> Result<(Vec<Piece>, Vec<Expansion>), SubstError> {
        if self.len > MAX_LEN {
            return Err(SubstError { kind: Kind::TextTooLong, span: Span::at(0), expansion: Span::at(0) });
        }
        let bytes = self.text.as_bytes();
        let mut pieces = Vec::new();
        // Where the text that is not yet a piece starts.
        let mut start = 0;
        while let Some(rest) = bytes.get(self.at..)
            && let Some(found) = memchr::memchr2(b'$', b'\\', rest)
        {
            self.at += found;
            let opens = self.opens();
            let escapes = self.escapes();
            if !opens && !escapes {
                self.at += 1;
                continue;
            }
            if start < self.at {
                pieces.push(Piece::Text((start..self.at).into()));
            }
            if opens {
                pieces.push(Piece::Expansion(self.expansion(0)?));
            } else {
                pieces.push(Piece::Escape((self.at..self.at + 2).into()));
                self.at += 2;
            }
            start = self.at;
        }
        if start < bytes.len() {
            pieces.push(Piece::Text((start..bytes.len()).into()));
        }
        Ok((pieces, self.expansions))
    }

    /// The `${…}` that starts here, inside `depth` others.
    fn expansion(&mut self, depth: usize) -> Result<ExpansionId, SubstError> {
        let outer = std::mem::replace(&mut self.opener, self.at);
        let start = self.at;
        self.at += 2;
        if depth == MAX_DEPTH {
            return Err(self.error(Kind::TooDeep));
        }
        if self.expansions.len() == MAX_EXPANSIONS {
            return Err(self.error(Kind::TooMany));
        }
        // The place is taken now, so that outer ones come before their arguments.
        let id = ExpansionId(self.expansions.len() as u32);
        self.expansions.push(Expansion {
            span: Span::at(start as u32),
            name: Span::at(start as u32),
            operator: Span::at(start as u32),
            operation: Operation::Value,
            nested: depth > 0,
            may_fail: false,
        });
        let (name, operator, operation) = if self.peek() == Some(b'#') {
            let operator = self.take(1);
            (self.name()?, operator, Operation::Length)
        } else {
            let name = self.name()?;
            let (operator, operation) = self.operation(depth)?;
            (name, operator, operation)
        };
        self.close(operator, &operation)?;
        let may_fail = self.may_fail(&operation);
        let nested = depth > 0;
        let span = Span::from(start..self.at);
        if let Some(place) = self.expansions.get_mut(id.0 as usize) {
            *place = Expansion { span, name, operator, operation, nested, may_fail };
        }
        self.opener = outer;
        Ok(id)
    }

    fn name(&mut self) -> Result<Span, SubstError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let len = rest.find(|found| !unicode::is_name(found)).unwrap_or(rest.len());
        match rest.chars().next() {
            None => Err(self.error(Kind::Unclosed)),
            Some(_) if len == 0 => Err(self.error(Kind::NoName)),
            Some(_) => Ok(self.take(len)),
        }
    }

    /// The operator after the name and its arguments, without the `}`.
    fn operation(&mut self, depth: usize) -> Result<(Span, Operation), SubstError> {
        let operator = match (self.peek(), self.peek_at(1)) {
            (Some(b':'), Some(b'=' | b'-' | b'?' | b'+')) => self.take(2),
            (Some(b':' | b'='), _) => self.take(1),
            (Some(b',' | b'^'), _) => self.operator(&[b",^", b",^"]),
            (Some(b'#'), _) => self.operator(&[b"#", b"#"]),
            (Some(b'%'), _) => self.operator(&[b"%", b"%"]),
            (Some(b'/'), _) => self.operator(&[b"/", b"/#%"]),
            _ => self.take(0),
        };
        let operation = match self.slice(operator) {
            // `,^` and `^,` pass the library's scanner, name no function of it, and so do nothing.
            "" | ",^" | "^," => Operation::Value,
            "^" => Operation::Case { case: Case::Upper, first_only: true },
            "^^" => Operation::Case { case: Case::Upper, first_only: false },
            "," => Operation::Case { case: Case::Lower, first_only: true },
            ",," => Operation::Case { case: Case::Lower, first_only: false },
            ":" => self.substring(depth)?,
            "#" => self.trim(Side::Prefix, false, depth)?,
            "##" => self.trim(Side::Prefix, true, depth)?,
            "%" => self.trim(Side::Suffix, false, depth)?,
            "%%" => self.trim(Side::Suffix, true, depth)?,
            "/" => self.replace(Scope::First, depth)?,
            "//" => self.replace(Scope::All, depth)?,
            "/#" => self.replace(Scope::Prefix, depth)?,
            "/%" => self.replace(Scope::Suffix, depth)?,
            _ => self.default(depth)?,
        };
        Ok((operator, operation))
    }

    fn default(&mut self, depth: usize) -> Result<Operation, SubstError> {
        let mut arguments = Vec::new();
        while self.peek() != Some(b'}') {
            arguments.push(self.argument(TO_CLOSE, depth)?);
        }
        Ok(Operation::Default(arguments))
    }

    fn substring(&mut self, depth: usize) -> Result<Operation, SubstError> {
        // The library looks one character ahead and goes back by that character's length, which is not that of `:`.
        if self.peek().is_some_and(|found| !found.is_ascii()) {
            return Err(self.error(Kind::NotAsciiOffset));
        }
        let offset = self.argument(OFFSET, depth)?;
        let length = if self.take_while(b':') { Some(self.argument(TO_CLOSE, depth)?) } else { None };
        Ok(Operation::Substring { offset, length })
    }

    fn trim(&mut self, side: Side, longest: bool, depth: usize) -> Result<Operation, SubstError> {
        Ok(Operation::Trim { side, longest, pattern: self.argument(TO_CLOSE, depth)? })
    }

    fn replace(&mut self, scope: Scope, depth: usize) -> Result<Operation, SubstError> {
        let pattern = self.argument(PATTERN, depth)?;
        if !self.take_while(b'/') {
            return Err(self.error(Kind::NoReplacement));
        }
        let with = if self.peek() == Some(b'}') { None } else { Some(self.argument(REPLACEMENT, depth)?) };
        Ok(Operation::Replace { scope, pattern, with })
    }

    /// One `${…}`, or text of at least one character.
    fn argument(&mut self, bounds: Bounds, depth: usize) -> Result<Argument, SubstError> {
        if self.opens() {
            return Ok(Argument::Expansion(self.expansion(depth + 1)?));
        }
        let start = self.at;
        while let Some(byte) = self.peek()
            && !self.opens()
        {
            if bounds.escapes && self.escapes() {
                self.at += 2;
            } else if bounds.stops.contains(&byte) {
                break;
            } else {
                self.at += 1;
            }
        }
        match self.peek() {
            _ if start < self.at => Ok(Argument::Text((start..self.at).into())),
            None => Err(self.error(Kind::Unclosed)),
            Some(_) => Err(self.error(Kind::NoArgument)),
        }
    }

    /// Takes the `}`.
    fn close(&mut self, operator: Span, operation: &Operation) -> Result<(), SubstError> {
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                Ok(())
            }
            None => Err(self.error(Kind::Unclosed)),
            Some(_) if operator.is_empty() => {
                let found = self.text.get(self.at..).and_then(|rest| rest.chars().next());
                Err(self.error(Kind::UnknownOperator(found.unwrap_or_default())))
            }
            Some(_) => match operation {
                Operation::Substring { .. } | Operation::Trim { .. } | Operation::Replace { .. } => {
                    Err(self.error(Kind::MixedArgument))
                }
                _ => Err(self.error(Kind::NotClosed)),
            },
        }
    }

    /// Whether a value can make this an error: only a length can, here or in an argument.
    fn may_fail(&self, operation: &Operation) -> bool {
        let argument = |argument: &Argument| match *argument {
            Argument::Text(_) => false,
            Argument::Expansion(id) => self.expansions.get(id.0 as usize).is_some_and(|inner| inner.may_fail),
        };
        match operation {
            Operation::Value | Operation::Length | Operation::Case { .. } => false,
            Operation::Default(arguments) => arguments.iter().any(argument),
            Operation::Substring { offset, length } => length.is_some() || argument(offset),
            Operation::Trim { pattern, .. } => argument(pattern),
            Operation::Replace { pattern, with, .. } => argument(pattern) || with.as_ref().is_some_and(argument),
        }
    }

    /// Takes the operator whose first byte is one of `places[0]`, its second one of `places[1]`, as far as they are there.
    fn operator(&mut self, places: &[&[u8]]) -> Span {
        let matching =
            |&(place, bytes): &(usize, &&[u8])| self.peek_at(place).is_some_and(|byte| bytes.contains(&byte));
        let len = places.iter().enumerate().take_while(matching).count();
        self.take(len)
    }

    fn take(&mut self, len: usize) -> Span {
        let span = Span::from(self.at..self.at + len);
        self.at += len;
        span
    }

    /// Takes as many of `byte` as there are: the library reads `::` as `:`, and `///` as `/`, between two arguments.
    fn take_while(&mut self, byte: u8) -> bool {
        let start = self.at;
        while self.peek() == Some(byte) {
            self.at += 1;
        }
        start < self.at
    }

    fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    fn peek_at(&self, distance: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + distance).copied()
    }

    /// Whether `${` starts here.
    fn opens(&self) -> bool {
        self.peek() == Some(b'$') && self.peek_at(1) == Some(b'{')
    }

    /// Whether an escape starts here.
    fn escapes(&self) -> bool {
        unicode::escape(self.peek(), self.peek_at(1))
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// `kind` at the character here. Errors of the text's end blame the `${` that it leaves open.
    fn error(&self, kind: Kind) -> SubstError {
        let here = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let expansion = Span::from(self.opener..self.at + here);
        let span = match kind {
            Kind::Unclosed => Span::from(self.opener..self.opener + 2),
            Kind::TooDeep | Kind::TooMany => Span::from(self.opener..self.at),
            _ => Span::from(self.at..self.at + here),
        };
        SubstError { kind, span, expansion }
    }
}
