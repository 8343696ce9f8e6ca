use super::args::EvalArgs;
use super::failure::Failure;
use super::{ExitStatus, Streams};
use crate::eval::{self, StreamError};

pub(super) fn run(args: &EvalArgs, streams: &mut Streams<'_>) -> Result<ExitStatus, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads).build();
    let pool = pool.map_err(|error| Failure::new(format!("cannot start threads: {error}")))?;
    match eval::stream(streams.input, streams.out, args.woodpecker, &pool) {
        Ok(()) => Ok(ExitStatus::Clean),
        Err(StreamError::Input(error)) => Err(Failure::new(format!("cannot read standard input: {error}"))),
        Err(StreamError::Output(error)) => Err(Failure::Output(error)),
    }
}
