//! The prompt regimes as the command line names them.

use clap::ValueEnum;
use flipside_shared::api::RegimeName;

/// The prompt regimes, by their names on the wire.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Regime {
    /// The question alone: what the embedded model was trained on
    Plain,
    /// A concise free answer
    Open,
    /// Lettered options to choose from
    Mcq,
    /// Lettered options for reference
    OpenWithOptions,
    /// Exactly one word: Yes or No
    Pope,
}

impl From<Regime> for RegimeName {
    fn from(regime: Regime) -> Self {
        match regime {
            Regime::Plain => Self::Plain,
            Regime::Open => Self::Open,
            Regime::Mcq => Self::Mcq,
            Regime::OpenWithOptions => Self::OpenWithOptions,
            Regime::Pope => Self::Pope,
        }
    }
}
