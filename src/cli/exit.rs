/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// The job is done, and nothing is wrong. A reader that went away (a broken pipe) counts as this.
    Clean,
    /// The job is done, and something is wrong: a pipeline in error, an expectation that does not hold.
    Findings,
    /// The job could not be done: no repository, an unreadable file, bad usage.
    Failed,
}

impl ExitStatus {
    /// The process's exit code: 0, 1 or 2.
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failed => 2,
        }
    }
}
