//! Everything that can go wrong in the page, as data. The words for it are in [`crate::text`].

use flipside_shared::api::ErrorBody;
use flipside_shared::recipe::RecipeError;

/// What went wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// The server said no, with a typed reason.
    Server(ErrorBody),
    /// No answer from the server.
    Unreachable,
    /// An answer that is not what the API promises.
    BadAnswer(String),
    /// The link in the address.
    Link(RecipeError),
    /// The recipe cannot be carried out, or the picture cannot be read.
    Worker {
        /// The stable name of the reason.
        code: String,
        /// One sentence, in English.
        message: String,
    },
    /// The worker did not start or broke down.
    WorkerLost(String),
    /// Nothing pasted or dropped was a picture.
    NoPicture,
    /// The file is larger than any picture that is taken.
    FileTooLarge {
        /// Its length.
        bytes: u64,
    },
    /// The picture of the link is neither here nor on the server.
    PictureGone,
    /// The browser does not let the page write to the clipboard.
    Clipboard,
}

impl Problem {
    /// Seconds after which the same request may work.
    pub fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Server(body) => body.retry_after_s,
            _ => None,
        }
    }
}

/// Largest file that is read at all, bytes: 40 megapixels of 16-bit RGBA and some room.
pub const MAX_FILE_BYTES: u64 = 400 << 20;
