use std::borrow::Cow;

use super::function::{self, Work};
use super::output::Output;
use super::template::{Argument, Expansion, Operation, Piece};
use super::{Env, Lookup, SubstError, SubstErrorKind as Kind, Template, trim, unicode};
use crate::source::{MAX_LEN, OffsetMap, Span};

/// A text with its variables substituted.
#[derive(Clone, Debug)]
pub struct Substituted<'t> {
    /// What the server hands to YAML. Borrowed if nothing had to change.
    pub text: Cow<'t, str>,
    /// From bytes of `text` to bytes of the raw text. Copied text and the literal text of a default map byte for byte; an escape
    /// maps to both its bytes; the value of a `${…}` maps to all of it.
    pub map: OffsetMap,
    /// The variables that were read, in the order of their `$`. A default that does not step in is not read.
    pub reads: Vec<Read<'t>>,
    /// The `${…}` in the raw text, if any, whose offset cut a character in half, so that the server's text is not UTF-8 and its YAML
    /// parser refuses it where it gets that far. `text` has a U+FFFD for each such byte.
    pub broken: Option<Span>,
}

/// One reading of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<'t> {
    /// The variable.
    pub name: &'t str,
    /// Its name in the raw text.
    pub name_span: Span,
    /// The whole `${…}` in the raw text.
    pub expansion: Span,
    /// The bytes of the substituted text that the value decided, perhaps none. Whatever touches them hangs on the variable.
    pub output: Span,
    /// What the environment knew.
    pub state: ReadState,
}

/// What an environment knew of a variable: [`Lookup`] without the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadState {
    /// It has a value.
    Known,
    /// It is not there, and read as the empty string.
    Missing,
    /// It has a value on the server, and a stand-in here.
    Unknown,
}

impl<'t> Template<'t> {
    /// Substitutes the variables from `env`.
    ///
    /// # Errors
    ///
    /// A length that crashes the server ([`LengthBeforeOffset`](Kind::LengthBeforeOffset)), or a result beyond the
    /// [bounds](super#bounds).
    pub fn render(&self, env: &(impl Env + ?Sized)) -> Result<Substituted<'t>, SubstError> {
        if self.is_plain() {
            let map = OffsetMap::identity(self.len());
            return Ok(Substituted { text: Cow::Borrowed(self.text), map, reads: Vec::new(), broken: None });
        }
        let output = Output::with_capacity(self.text.len());
        let mut renderer = Renderer { template: self, env, output, reads: Vec::new(), work: Work::new() };
        for &piece in &self.pieces {
            renderer.piece(piece)?;
        }
        renderer.finish()
    }
}

struct Renderer<'r, 't, E: ?Sized> {
    template: &'r Template<'t>,
    env: &'r E,
    output: Output,
    /// Their outputs are offsets of the grown bytes until the end.
    reads: Vec<Read<'t>>,
    work: Work,
}

impl<'r, 't, E: Env + ?Sized> Renderer<'r, 't, E> {
    fn piece(&mut self, piece: Piece) -> Result<(), SubstError> {
        let template = self.template;
        match piece {
            Piece::Text(span) => self.output.copy(template.slice(span), span).map_err(|kind| error(kind, span)),
            Piece::Escape(span) => {
                let kept = template.slice(span).as_bytes().get(1..).unwrap_or_default();
                self.output.replace(kept, span).map_err(|kind| error(kind, span))
            }
            Piece::Expansion(id) => self.emit(template.expansion(id)),
        }
    }

    /// Appends what `expansion` stands for.
    fn emit(&mut self, expansion: &'r Expansion) -> Result<(), SubstError> {
        let first_read = self.reads.len();
        let start = self.output.len();
        if let Operation::Default(arguments) = &expansion.operation {
            let value = self.read(expansion);
            self.spend(value.len(), expansion)?;
            if value.is_empty() {
                self.emit_default(arguments, expansion)?;
            } else {
                self.discard(expansion)?;
                self.output.replace(&value, expansion.span).map_err(|kind| error(kind, expansion.span))?;
            }
            // The arguments have set their own.
            let output = Span::new(start, self.output.len());
            if let Some(read) = self.reads.get_mut(first_read) {
                read.output = output;
            }
            return Ok(());
        }
        let value = self.value(expansion)?;
        self.output.replace(&value, expansion.span).map_err(|kind| error(kind, expansion.span))?;
        let output = Span::new(start, self.output.len());
        for read in self.reads.iter_mut().skip(first_read) {
            read.output = output;
        }
        Ok(())
    }

    /// Appends the arguments of a default, so that their literal text maps to its own bytes.
    fn emit_default(&mut self, arguments: &'r [Argument], expansion: &Expansion) -> Result<(), SubstError> {
        if arguments.is_empty() {
            return self.output.replace(b"", expansion.span).map_err(|kind| error(kind, expansion.span));
        }
        for &argument in arguments {
            match argument {
                Argument::Text(span) => self.piece(Piece::Text(span))?,
                Argument::Expansion(id) => self.piece(Piece::Expansion(id))?,
            }
        }
        Ok(())
    }

    /// What `expansion` stands for, as bytes.
    fn value(&mut self, expansion: &'r Expansion) -> Result<Cow<'r, [u8]>, SubstError> {
        let value = self.read(expansion);
        self.spend(value.len(), expansion)?;
        let result = match &expansion.operation {
            Operation::Value => Ok(value),
            Operation::Length => Ok(Cow::Owned(value.len().to_string().into_bytes())),
            Operation::Case { case, first_only } => Ok(Cow::Owned(function::change_case(&value, *case, *first_only))),
            Operation::Default(arguments) => {
                if !value.is_empty() {
                    self.discard(expansion)?;
                    return Ok(value);
                }
                let mut joined = Vec::new();
                for &argument in arguments {
                    let argument = self.argument(argument, false)?;
                    self.spend(argument.len(), expansion)?;
                    joined.extend_from_slice(&argument);
                    if joined.len() > MAX_LEN {
                        return Err(error(Kind::ResultTooLong, expansion.span));
                    }
                }
                Ok(Cow::Owned(joined))
            }
            Operation::Substring { offset, length } => {
                let offset = self.argument(*offset, false)?;
                let length = length.map(|length| self.argument(length, false)).transpose()?;
                function::substring(value, &offset, length.as_deref())
            }
            Operation::Trim { side, longest, pattern } => {
                let pattern = self.argument(*pattern, false)?;
                trim::trim(value, *side, *longest, &pattern, &mut self.work)
            }
            Operation::Replace { scope, pattern, with } => {
                let pattern = self.argument(*pattern, true)?;
                let with = with.map(|with| self.argument(with, true)).transpose()?;
                function::replace(value, *scope, &pattern, with.as_deref(), &mut self.work)
            }
        };
        result.map_err(|kind| error(kind, expansion.span))
    }

    /// What an argument stands for. `escapes`: whether its text may hold escapes.
    fn argument(&mut self, argument: Argument, escapes: bool) -> Result<Cow<'r, [u8]>, SubstError> {
        let template = self.template;
        match argument {
            Argument::Text(span) if escapes => Ok(unescaped(template.slice(span).as_bytes())),
            Argument::Text(span) => Ok(Cow::Borrowed(template.slice(span).as_bytes())),
            Argument::Expansion(id) => self.value(template.expansion(id)),
        }
    }

    /// Evaluates the default that `expansion` does not need, if it could fail: the library does, and would crash.
    fn discard(&mut self, expansion: &'r Expansion) -> Result<(), SubstError> {
        if let Operation::Default(arguments) = &expansion.operation
            && expansion.may_fail
        {
            let reads = self.reads.len();
            for &argument in arguments {
                self.argument(argument, false)?;
            }
            self.reads.truncate(reads);
        }
        Ok(())
    }

    /// The value of the variable.
    fn read(&mut self, expansion: &Expansion) -> Cow<'r, [u8]> {
        let name = self.template.slice(expansion.name);
        let (value, state) = match self.env.lookup(name) {
            Lookup::Known(value) => (value, ReadState::Known),
            Lookup::Missing => (Cow::Borrowed(""), ReadState::Missing),
            Lookup::Unknown(stand_in) => (Cow::Borrowed(stand_in), ReadState::Unknown),
        };
        self.reads.push(Read {
            name,
            name_span: expansion.name,
            expansion: expansion.span,
            output: Span::default(),
            state,
        });
        if value.contains('\n') {
            return Cow::Owned(unicode::quote(&value).into_bytes());
        }
        match value {
            Cow::Borrowed(value) => Cow::Borrowed(value.as_bytes()),
            Cow::Owned(value) => Cow::Owned(value.into_bytes()),
        }
    }

    fn spend(&mut self, steps: usize, expansion: &Expansion) -> Result<(), SubstError> {
        self.work.spend(steps).map_err(|kind| error(kind, expansion.span))
    }

    fn finish(self) -> Result<Substituted<'t>, SubstError> {
        let Self { template, output, mut reads, .. } = self;
        let finished = output.finish().map_err(|kind| error(kind, Span::at(0)))?;
        for read in &mut reads {
            read.output = finished.place(read.output);
        }
        let mut map = finished.map;
        if let Some(tail) = template.dropped_tail() {
            map.replace(tail, 0);
        }
        Ok(Substituted { text: Cow::Owned(finished.text), map, reads, broken: finished.broken })
    }
}

fn error(kind: Kind, expansion: Span) -> SubstError {
    SubstError { kind, span: expansion, expansion }
}

/// The text of an argument without the first byte of each escape.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(b'\\', b'$', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut kept = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if unicode::escape(Some(byte), bytes.peek().copied()) {
            kept.extend(bytes.next());
        } else {
            kept.push(byte);
        }
    }
    Cow::Owned(kept)
}
