//! A drawn chart. Its text is drawn and escaped by `shared::chart`, in the worker: the only markup made from text.

use yew::{AttrValue, Html};

/// The chart of an SVG text.
pub fn drawing(svg: impl Into<AttrValue>) -> Html {
    Html::from_html_unchecked(svg.into())
}
