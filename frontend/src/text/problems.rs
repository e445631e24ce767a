//! Every problem in words: what happened, and what the visitor can do.

use super::{Language, fill};
use crate::state::{Problem, QuestionProblem};
use flipside_shared::api::{ErrorBody, ErrorCode};
use flipside_shared::recipe::RecipeError;

/// A problem in words, and a detail in the words of whoever found it (in English), where that adds something.
pub fn problem_text(language: Language, problem: &Problem) -> (String, Option<String>) {
    let (text, detail) = match problem {
        Problem::Server(body) => (code_text(body.code), detail(body)),
        Problem::Unreachable => (
            (
                "The server does not answer. The page asks again by itself.",
                "服务器没有响应。页面会自动重试。",
            ),
            None,
        ),
        Problem::BadAnswer(reason) => (
            (
                "The server's answer could not be understood. Page and server may be of different versions: reload the page.",
                "无法理解服务器的回答。页面与服务器版本可能不同:请重新加载页面。",
            ),
            Some(reason.clone()),
        ),
        Problem::Link(error) => (link_text(error), Some(error.to_string())),
        Problem::Worker { code, message } => (worker_text(code), Some(message.clone())),
        Problem::WorkerLost(reason) => (
            (
                "The part of the page that draws pictures broke down. It was started again; if this repeats, reload the page.",
                "页面中负责绘图的部分出错了,已重新启动;如果反复出现,请重新加载页面。",
            ),
            Some(reason.clone()),
        ),
        Problem::NoPicture => (
            ("That was not a picture. PNG, JPEG and WebP work.", "这不是图片。支持 PNG、JPEG 和 WebP。"),
            None,
        ),
        Problem::FileTooLarge { bytes } => {
            let message = language.of((
                "The file has {size} MB, too much for any picture that fits here.",
                "文件有 {size} MB,超过了可接受的大小。",
            ));
            return (fill(message, &[("size", &(bytes >> 20).to_string())]), None);
        }
        Problem::PictureGone => (
            (
                "The link names a picture that this server does not hold. Whoever made the link must share it from here.",
                "链接所指的图片不在本服务器上。请制作链接的人从这里重新分享。",
            ),
            None,
        ),
        Problem::Clipboard => (
            (
                "The browser does not let the page copy. The address bar holds the same link.",
                "浏览器不允许页面复制。地址栏中就是同一个链接。",
            ),
            None,
        ),
    };
    (language.of(text).to_owned(), detail)
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

fn code_text(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::MalformedRequest => (
            "The server could not read the request. Page and server may be of different versions: reload the page.",
            "服务器无法读取请求。页面与服务器版本可能不同:请重新加载页面。",
        ),
        ErrorCode::InvalidRecipe => {
            ("The server refuses this stack of operations.", "服务器拒绝了这组操作。")
        }
        ErrorCode::NewerRecipe => (
            "This was made with a newer Flipside than this server's.",
            "这是用比本服务器更新的 Flipside 制作的。",
        ),
        ErrorCode::InvalidQuestion => ("The question cannot be asked like this.", "这个问题不能这样提问。"),
        ErrorCode::InvalidImage => ("The server cannot read the picture.", "服务器无法读取图片。"),
        ErrorCode::ImageTooLarge => {
            ("The picture has too many pixels for this server.", "图片像素过多,服务器不接受。")
        }
        ErrorCode::BodyTooLarge => {
            ("That is more data than this server takes.", "数据量超过了服务器的上限。")
        }
        ErrorCode::UnsupportedMediaType => (
            "The server does not take this kind of file. PNG, JPEG and WebP work.",
            "服务器不接受这种文件。支持 PNG、JPEG 和 WebP。",
        ),
        ErrorCode::ImageNotFound => ("This server does not hold that picture.", "本服务器没有这张图片。"),
        ErrorCode::CleanImageNeeded => (
            "The server no longer holds the clean picture. Choose it again.",
            "服务器已不再保存原图。请重新选择。",
        ),
        ErrorCode::ModelNotFound => ("This server has no such model loaded.", "本服务器没有加载该模型。"),
        ErrorCode::NotFound | ErrorCode::MethodNotAllowed => (
            "The server does not know this request. Page and server may be of different versions: reload the page.",
            "服务器不认识该请求。页面与服务器版本可能不同:请重新加载页面。",
        ),
        ErrorCode::QueueFull => {
            ("The server is busy. The page asks again in a moment.", "服务器正忙,页面稍后会自动重试。")
        }
        ErrorCode::TimedOut => ("The model took too long.", "模型用时过长。"),
        ErrorCode::Superseded => ("A newer request took its place.", "已被更新的请求取代。"),
        ErrorCode::ShuttingDown => ("The server is stopping.", "服务器正在停止。"),
        ErrorCode::NotReady => (
            "The model is being loaded. The page asks again in a moment.",
            "模型正在加载,页面稍后会自动重试。",
        ),
        ErrorCode::StoreFull => {
            ("The server has no room left for shared pictures.", "服务器已没有存放共享图片的空间。")
        }
        ErrorCode::ModelFailed => {
            ("The model failed on this picture and question.", "模型在这张图片和问题上出错了。")
        }
        ErrorCode::InvalidSweep => {
            ("This parameter cannot be swept over that range.", "该参数不能在此范围内扫描。")
        }
        ErrorCode::CrossOrigin => (
            "The server answers only its own page. Open the page at the server's own address.",
            "服务器只响应它自己的页面。请从服务器自身的地址打开。",
        ),
        ErrorCode::Internal => ("Something went wrong inside the server.", "服务器内部出错了。"),
    }
}

fn link_text(error: &RecipeError) -> (&'static str, &'static str) {
    match error {
        RecipeError::NewerVersion { .. } => (
            "This link was made with a newer Flipside. The page shows its start instead.",
            "此链接由更新版本的 Flipside 制作。页面改为显示初始状态。",
        ),
        RecipeError::BadLink { .. } => (
            "This link is damaged or incomplete. The page shows its start instead.",
            "此链接已损坏或不完整。页面改为显示初始状态。",
        ),
        _ => (
            "This link asks for something that this page cannot do. The page shows its start instead.",
            "此链接要求的内容本页无法完成。页面改为显示初始状态。",
        ),
    }
}

/// The codes are those of picture files, recipes and operations in `shared`.
fn worker_text(code: &str) -> (&'static str, &'static str) {
    match code {
        "not_an_image" | "image_unsupported" => (
            "That is no picture that can be opened here. PNG, JPEG and WebP work.",
            "这不是可以打开的图片。支持 PNG、JPEG 和 WebP。",
        ),
        "image_too_large" => ("That picture has too many pixels.", "这张图片的像素太多。"),
        code if code.starts_with("image_") => {
            ("The picture file is damaged or empty.", "图片文件已损坏或为空。")
        }
        "no_such_object" => {
            ("A step names an object that is not in the scene.", "某一步所指的物体不在场景中。")
        }
        "too_small" => (
            "The picture is too small for a corruption, which takes at least 32 pixels on both sides.",
            "图片太小,无法施加损坏效果:两边都至少要有 32 像素。",
        ),
        "nothing_left" => ("A step leaves nothing of the picture.", "某一步使图片什么都不剩。"),
        "too_large" => ("A step makes the picture too large.", "某一步使图片过大。"),
        "recipe_too_many_operations" => ("There are too many steps.", "步骤太多。"),
        _ => ("The picture could not be drawn.", "无法绘制图片。"),
    }
}

/// What is wrong with a question, in words.
pub fn question_problem_text(language: Language, problem: QuestionProblem) -> &'static str {
    language.of(match problem {
        QuestionProblem::Empty => ("Write a question.", "请写一个问题。"),
        QuestionProblem::TooLong => ("The question or an option is too long.", "问题或某个选项太长。"),
        QuestionProblem::TooFewOptions => ("Give at least two options.", "请至少给出两个选项。"),
        QuestionProblem::TooManyOptions => {
            ("These are more options than the server takes.", "选项数量超过了服务器的上限。")
        }
        QuestionProblem::EmptyOption => ("An option is empty.", "有一个选项是空的。"),
        QuestionProblem::DuplicateOption => ("Two options are the same.", "有两个选项相同。"),
    })
}
