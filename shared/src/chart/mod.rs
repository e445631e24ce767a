//! Charts: plain data in, SVG text out, the same text on both targets.
//!
//! Our own rather than a plotting crate: the page restyles every mark through its class (light, dark, print), marks
//! carry data attributes that the page reacts to, and no plotting crate builds for wasm without browser bindings,
//! which `shared` must not have. Colours are presentation attributes, so a chart saved to a file looks right without
//! a style sheet and needs no inline style under a strict content policy.

mod axis;
mod band_bars;
mod colour;
mod heat_map;
mod interval_bars;
mod learning_curve;
mod marks;
mod plot;
mod probability_bars;
mod response_curve;
mod svg;

pub use band_bars::{BandBar, band_bars};
pub use colour::{Rgb, magma};
pub use heat_map::{HeatMap, heat_map};
pub use interval_bars::{IntervalBar, interval_bars};
pub use learning_curve::{Series, learning_curve};
pub use marks::{ChartLabels, Mark, MarkSeries};
pub use plot::{line_chart, scatter};
pub use probability_bars::{ProbabilityBars, probability_bars};
pub use response_curve::{CurveMark, ResponseCurve, response_curve};
pub use svg::escape;
