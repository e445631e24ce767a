//! The boundary of the HTTP side: every way a request can fail, as one enum, with one status and one code each.
//!
//! Knows the wire's error body and no framework; `http` turns it into a response.

use crate::{engine::EngineError, store::StoreError};
use flipside_shared::{
    api::{ErrorBody, ErrorCode},
    image_file::ImageFileError,
    perturb::PerturbError,
    raster::ImageId,
    recipe::RecipeError,
};

/// Why a request was not answered with a success.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The body or a part of it is not what the path takes.
    #[error("{reason}")]
    Malformed {
        /// The part or field at fault.
        field: String,
        /// Why, for a person.
        reason: String,
    },
    /// The recipe is invalid.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// A picture cannot be used.
    #[error("{error}")]
    Image {
        /// The part it came in.
        field: &'static str,
        /// What is wrong with it.
        error: ImageFileError,
    },
    /// The body is beyond the limit.
    #[error("the request is larger than the {limit_bytes} bytes allowed")]
    BodyTooLarge {
        /// Bytes allowed.
        limit_bytes: u64,
    },
    /// The media type is not taken here.
    #[error("this path takes {expected}, not {found}")]
    UnsupportedMediaType {
        /// What came, shortened.
        found: String,
        /// What would do.
        expected: &'static str,
    },
    /// No picture is stored under that id.
    #[error("no picture is stored under this id")]
    ImageNotFound,
    /// The server does not hold the clean picture.
    #[error("the server does not hold the picture {}; send it along as part \"clean\"", .id.0)]
    CleanImageNeeded {
        /// The picture.
        id: ImageId,
    },
    /// No such model is loaded.
    #[error("no model called {name:?} is loaded")]
    ModelNotFound {
        /// What was asked for, shortened.
        name: String,
    },
    /// No such path.
    #[error("there is nothing at this path; the API is described at /api/docs")]
    NotFound,
    /// The path takes another method.
    #[error("this path does not take the method {method}")]
    MethodNotAllowed {
        /// What was tried.
        method: String,
    },
    /// A page of another site sent the request.
    #[error("requests from other sites' pages are not taken")]
    CrossOrigin,
    /// The request waited or ran too long.
    #[error("the request took longer than the {limit_s} seconds allowed")]
    TimedOut {
        /// Seconds allowed.
        limit_s: u64,
    },
    /// The server is stopping.
    #[error("the server is stopping")]
    ShuttingDown,
    /// The model is not loaded at the moment.
    #[error("the model is being loaded")]
    NotReady,
    /// The engine gave no result.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The picture store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A bug: the log has it.
    #[error("{0}")]
    Internal(String),
}

/// When to try again while the model is being loaded, in seconds.
const RELOAD_RETRY_S: u32 = 2;

impl Error {
    /// A part or field that is not what it should be.
    pub fn malformed(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Malformed { field: field.into(), reason: reason.into() }
    }

    /// The code on the wire; the status follows from it alone.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Malformed { .. } => ErrorCode::MalformedRequest,
            Self::Recipe(error) => recipe_code(error),
            Self::Image { error: ImageFileError::TooManyPixels { .. }, .. } => ErrorCode::ImageTooLarge,
            Self::Image { .. } => ErrorCode::InvalidImage,
            Self::BodyTooLarge { .. } => ErrorCode::BodyTooLarge,
            Self::UnsupportedMediaType { .. } => ErrorCode::UnsupportedMediaType,
            Self::ImageNotFound => ErrorCode::ImageNotFound,
            Self::CleanImageNeeded { .. } => ErrorCode::CleanImageNeeded,
            Self::ModelNotFound { .. } => ErrorCode::ModelNotFound,
            Self::NotFound => ErrorCode::NotFound,
            Self::MethodNotAllowed { .. } => ErrorCode::MethodNotAllowed,
            Self::CrossOrigin => ErrorCode::CrossOrigin,
            Self::TimedOut { .. } => ErrorCode::TimedOut,
            Self::ShuttingDown => ErrorCode::ShuttingDown,
            Self::NotReady => ErrorCode::NotReady,
            Self::Engine(error) => match error {
                EngineError::QueueFull { .. } => ErrorCode::QueueFull,
                EngineError::Question(_) | EngineError::QuestionRefused { .. } => ErrorCode::InvalidQuestion,
                EngineError::PictureRefused { .. } => ErrorCode::InvalidImage,
                EngineError::Perturb(PerturbError::Recipe(error)) => recipe_code(error),
                EngineError::Perturb(_) => ErrorCode::InvalidRecipe,
                EngineError::Sweep { .. } => ErrorCode::InvalidSweep,
                EngineError::Superseded => ErrorCode::Superseded,
                EngineError::ModelFailed { .. } => ErrorCode::ModelFailed,
                EngineError::Stopped => ErrorCode::ShuttingDown,
            },
            Self::Store(StoreError::Full { .. }) => ErrorCode::StoreFull,
            Self::Store(StoreError::Io { .. }) | Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// The finer name within the code, where there is one.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Recipe(error) => Some(error.code()),
            Self::Image { error, .. } => Some(error.code()),
            Self::Engine(EngineError::Question(error)) => Some(error.code()),
            Self::Engine(EngineError::Perturb(error)) => Some(error.code()),
            _ => None,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Malformed { field, .. } => Some(field.clone()),
            Self::Recipe(_) | Self::Engine(EngineError::Perturb(_)) => Some("recipe".to_owned()),
            Self::Image { field, .. } => Some((*field).to_owned()),
            Self::CleanImageNeeded { .. } => Some("clean".to_owned()),
            Self::ModelNotFound { .. } => Some("model".to_owned()),
            Self::Engine(EngineError::Question(error)) => Some(error.field().to_owned()),
            Self::Engine(EngineError::Sweep { field, .. }) => Some((*field).to_owned()),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Engine(EngineError::QueueFull { retry_after_s }) => Some(*retry_after_s),
            Self::NotReady => Some(RELOAD_RETRY_S),
            _ => None,
        }
    }

    /// The body of the answer. What failed on the server's side stays in the log.
    pub fn body(&self, request_id: &str) -> ErrorBody {
        let code = self.code();
        let message = match code {
            ErrorCode::Internal => "something went wrong in the server; its log has the details".to_owned(),
            ErrorCode::ModelFailed => {
                "the model failed on this request; the server's log has the details".to_owned()
            }
            _ => self.to_string(),
        };
        ErrorBody {
            code,
            reason: self.reason().map(str::to_owned),
            message,
            field: self.field(),
            retry_after_s: self.retry_after_s(),
            request_id: request_id.to_owned(),
        }
    }
}

fn recipe_code(error: &RecipeError) -> ErrorCode {
    match error {
        RecipeError::NewerVersion { .. } => ErrorCode::NewerRecipe,
        _ => ErrorCode::InvalidRecipe,
    }
}

/// The HTTP status of a code.
pub fn status(code: ErrorCode) -> u16 {
    match code {
        ErrorCode::MalformedRequest => 400,
        ErrorCode::CrossOrigin => 403,
        ErrorCode::ImageNotFound | ErrorCode::ModelNotFound | ErrorCode::NotFound => 404,
        ErrorCode::MethodNotAllowed => 405,
        ErrorCode::CleanImageNeeded | ErrorCode::Superseded => 409,
        ErrorCode::ImageTooLarge | ErrorCode::BodyTooLarge => 413,
        ErrorCode::UnsupportedMediaType => 415,
        ErrorCode::InvalidRecipe
        | ErrorCode::NewerRecipe
        | ErrorCode::InvalidQuestion
        | ErrorCode::InvalidSweep
        | ErrorCode::InvalidImage => 422,
        ErrorCode::ModelFailed | ErrorCode::Internal => 500,
        ErrorCode::QueueFull | ErrorCode::ShuttingDown | ErrorCode::NotReady => 503,
        ErrorCode::TimedOut => 504,
        ErrorCode::StoreFull => 507,
    }
}
