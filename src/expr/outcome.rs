/// What an expression answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer, which holds whatever the unknown variables are.
    Bool(bool),
    /// The answer hangs on something that only the server knows.
    Unknown {
        /// What: a variable, or a builtin that reads the server's clock or zone (`now`).
        name: String,
    },
}
