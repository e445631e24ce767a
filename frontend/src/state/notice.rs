//! Short messages that come and go in a corner.

use super::problem::Problem;

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum NoticeKind {
    /// The link is on the clipboard.
    LinkCopied,
    /// Sharing stored the visitor's picture on the server.
    PictureShared,
    /// Scene edits were dropped because the source is a picture now.
    SceneStepsDropped,
    /// Something went wrong.
    Problem(Problem),
}

/// A message on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Tells it from others.
    pub id: u32,
    /// What it says.
    pub kind: NoticeKind,
}
