//! What happens outside the state when the state changes: the worker draws, the server judges, the address follows.

mod addressing;
mod connecting;
mod curving;
mod drawing;
mod judging;
mod keying;
mod scenes;
mod settling;
mod sharing;
mod taking;

pub use addressing::use_addressing;
pub use connecting::use_connecting;
pub use curving::{run_curve, use_curving};
pub use drawing::{use_difference, use_drawing};
pub use judging::{perturbed_png, use_judging};
pub use keying::use_keying;
pub use scenes::{go_to_scene, questions};
pub use settling::use_settings;
pub use sharing::share;
pub use taking::{take_file, use_taking};
