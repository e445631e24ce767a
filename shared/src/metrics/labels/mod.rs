//! Metrics of labels alone: which answer was given, clean and perturbed, and which one was right.

pub mod accuracy;
pub mod flips;
pub mod hallusion_bench;
pub mod hr_bench;
pub mod transitions;
pub mod visual_entropy;
pub mod yes_no;

/// A predicted or true answer: the index of the option.
pub type Label = u32;

/// The label of an answer that names no option, when answers are generated and not scored.
pub const NO_ANSWER: Label = Label::MAX;
