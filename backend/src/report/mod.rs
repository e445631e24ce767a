//! From a run's folder to numbers, tables and pictures of them: files, and pages for a server. Knows runs and metrics;
//! neither models nor HTTP.

pub mod bench_c;
mod clean;
mod command;
pub mod compare;
pub mod export;
mod family;
pub mod family_page;
pub mod html;
mod inside;
pub mod lab_link;
pub mod library;
pub mod links;
pub mod markdown;
pub mod pictures;
mod summary;
mod table;
pub mod template;
mod worst;

pub use command::command;
pub use library::{Library, OpenRun};
pub use summary::{Settings, data_words, summarise};
