//! The few line drawings on buttons.

use crate::markup::html;
use web_sys::Event;
use yew::{Callback, Html};

/// What a drawing shows.
#[derive(Clone, Copy, PartialEq)]
pub enum Icon {
    Undo,
    Redo,
    Up,
    Down,
    Copy,
    Bin,
    Grip,
    Reset,
    Add,
    Close,
    Sun,
    Moon,
    System,
}

impl Icon {
    /// The drawing; it says nothing to screen readers, its button does.
    pub fn draw(self) -> Html {
        let path = match self {
            Self::Undo => "M8 5 4 9l4 4M4 9h7a5 5 0 0 1 0 10H8",
            Self::Redo => "m12 5 4 4-4 4M16 9H9a5 5 0 0 0 0 10h3",
            Self::Up => "m5 12 5-5 5 5",
            Self::Down => "m5 8 5 5 5-5",
            Self::Copy => "M8 8h8v8H8zM12 8V4H4v8h4",
            Self::Bin => "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6",
            Self::Grip => "M8 5v.01M12 5v.01M8 10v.01M12 10v.01M8 15v.01M12 15v.01",
            Self::Reset => "M5 8a6 6 0 1 1-.6 4M5 4v4h4",
            Self::Add => "M10 4v12M4 10h12",
            Self::Close => "m5 5 10 10M15 5 5 15",
            Self::Sun => {
                "M10 6.5a3.5 3.5 0 1 0 .01 0M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1"
            }
            Self::Moon => "M16 12.5A6.5 6.5 0 0 1 7.5 4a6.5 6.5 0 1 0 8.5 8.5",
            Self::System => "M10 3a7 7 0 1 0 .01 0M10 3v14M10 6l4 0M10 9l6 0M10 12l6 0M10 15l4 0",
        };
        html! { <svg class="line" viewBox="0 0 20 20" aria-hidden="true"><path d={path} /></svg> }
    }
}

/// A button that is only a drawing: its label is read out and shown as a tooltip.
pub fn icon_button(
    icon: Icon,
    label: String,
    test_id: &'static str,
    disabled: bool,
    onclick: Callback<Event>,
) -> Html {
    html! {
        <button type="button" class="icon quiet" title={label.clone()} aria-label={label} data-testid={test_id} {disabled} {onclick}>
            { icon.draw() }
        </button>
    }
}
