//! Every problem in words: what happened, and what the visitor can do.

use super::{Messages, fill};
use crate::state::{Problem, QuestionProblem};
use flipside_shared::api::{ErrorBody, ErrorCode};
use flipside_shared::recipe::RecipeError;

/// A problem in words, and a detail in the words of whoever found it (in English), where that adds something.
pub fn problem_text(words: &Messages, problem: &Problem) -> (String, Option<String>) {
    let (text, detail) = match problem {
        Problem::Server(body) => (code_text(words, body.code), detail(body)),
        Problem::Unreachable => (words.problem_unreachable, None),
        Problem::BadAnswer(reason) => (words.problem_bad_answer, Some(reason.clone())),
        Problem::Link(error) => (link_text(words, error), Some(error.to_string())),
        Problem::Worker { code, message } => (worker_text(words, code), Some(message.clone())),
        Problem::WorkerLost(reason) => (words.problem_worker_lost, Some(reason.clone())),
        Problem::NoPicture => (words.problem_no_picture, None),
        Problem::FileTooLarge { bytes } => {
            let size = (bytes >> 20).to_string();
            return (fill(words.problem_file_too_large, &[("size", &size)]), None);
        }
        Problem::PictureGone => (words.problem_picture_gone, None),
        Problem::Clipboard => (words.problem_clipboard, None),
    };
    (text.to_owned(), detail)
}

/// The server's own sentence, where the code alone does not say it all.
fn detail(body: &ErrorBody) -> Option<String> {
    use ErrorCode as C;
    match body.code {
        C::QueueFull | C::Superseded | C::ShuttingDown | C::NotReady => None,
        C::Internal | C::ModelFailed => Some(format!("{} ({})", body.message, body.request_id)),
        _ => Some(body.message.clone()),
    }
}

fn code_text(words: &Messages, code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::MalformedRequest => words.server_malformed_request,
        ErrorCode::InvalidRecipe => words.server_invalid_recipe,
        ErrorCode::NewerRecipe => words.server_newer_recipe,
        ErrorCode::InvalidQuestion => words.server_invalid_question,
        ErrorCode::InvalidImage => words.server_invalid_image,
        ErrorCode::ImageTooLarge => words.server_image_too_large,
        ErrorCode::BodyTooLarge => words.server_body_too_large,
        ErrorCode::UnsupportedMediaType => words.server_unsupported_media_type,
        ErrorCode::ImageNotFound => words.server_image_not_found,
        ErrorCode::CleanImageNeeded => words.server_clean_image_needed,
        ErrorCode::ModelNotFound => words.server_model_not_found,
        ErrorCode::NotFound | ErrorCode::MethodNotAllowed => words.server_not_found,
        ErrorCode::QueueFull => words.server_queue_full,
        ErrorCode::TimedOut => words.server_timed_out,
        ErrorCode::Superseded => words.server_superseded,
        ErrorCode::ShuttingDown => words.server_shutting_down,
        ErrorCode::NotReady => words.server_not_ready,
        ErrorCode::StoreFull => words.server_store_full,
        ErrorCode::ModelFailed => words.server_model_failed,
        ErrorCode::InvalidSweep => words.server_invalid_sweep,
        ErrorCode::CrossOrigin => words.server_cross_origin,
        ErrorCode::Internal => words.server_internal,
    }
}

fn link_text(words: &Messages, error: &RecipeError) -> &'static str {
    match error {
        RecipeError::NewerVersion { .. } => words.link_newer_version,
        RecipeError::BadLink { .. } => words.link_bad_link,
        _ => words.link_other,
    }
}

/// The codes are those of picture files, recipes and operations in `shared`.
fn worker_text(words: &Messages, code: &str) -> &'static str {
    match code {
        "not_an_image" | "image_unsupported" => words.drawing_not_an_image,
        "image_too_large" => words.drawing_image_too_large,
        code if code.starts_with("image_") => words.drawing_image_damaged,
        "no_such_object" => words.drawing_no_such_object,
        "too_small" => words.drawing_too_small,
        "nothing_left" => words.drawing_nothing_left,
        "too_large" => words.drawing_too_large,
        "recipe_too_many_operations" => words.drawing_recipe_too_many_operations,
        _ => words.drawing_failed,
    }
}

/// What is wrong with a question, in words.
pub fn question_problem_text(words: &Messages, problem: QuestionProblem) -> &'static str {
    match problem {
        QuestionProblem::Empty => words.question_empty,
        QuestionProblem::TooLong => words.question_too_long,
        QuestionProblem::TooFewOptions => words.question_too_few_options,
        QuestionProblem::TooManyOptions => words.question_too_many_options,
        QuestionProblem::EmptyOption => words.question_empty_option,
        QuestionProblem::DuplicateOption => words.question_duplicate_option,
    }
}
