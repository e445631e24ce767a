//! The parts of the page, one per file. They read the state and send actions; none of them talks to anyone.

mod add_menu;
mod app;
mod banner;
mod bars;
mod bitmap;
mod curve_chart;
mod curve_panel;
mod curve_table;
mod download_menu;
mod drawing;
mod energy_map;
mod gallery;
mod gauge;
mod headline;
mod help;
mod icon;
mod masthead;
mod metrics_panel;
mod numbers;
mod option_list;
mod param_control;
mod picture_caption;
mod picture_panel;
mod presets;
mod question_menu;
mod question_panel;
mod source_panel;
mod split;
mod stack_panel;
mod step_card;
mod toasts;
mod truth;
mod verdict_panel;

pub use app::{App, Props};
