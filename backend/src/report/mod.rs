//! From a run's folder to numbers, tables and pictures of them. Knows runs and metrics; neither models nor HTTP.

mod clean;
pub mod compare;
pub mod export;
mod family;
pub mod html;
mod summary;
mod table;
mod worst;

pub use summary::{Settings, summarise};
