//! Progress bars, on standard error, only where somebody watches.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `length` steps that says what they are and how long they will still take.
pub fn bar(length: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let template = "{prefix:>10} {bar:40} {pos}/{len} {elapsed} gone, {eta} left {msg}";
    // The template is a constant; should it not parse, the default one is shown.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    bar.set_prefix(what);
    bar
}
