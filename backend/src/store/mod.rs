//! What the server keeps on disk. Knows files; nothing of HTTP or models.

mod images;

pub use images::{ImageStore, StoreError, kept_picture};
