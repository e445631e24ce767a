//! What a client may send. The same numbers are told to the page by `GET /api/v1/info`.

use flipside_shared::api::ApiLimits;

/// Limits on requests; beyond them a request is refused with a typed error before any work.
#[derive(Clone, Debug, PartialEq, clap::Args)]
pub struct LimitsConfig {
    /// Largest request body, in bytes
    #[arg(long, env = "FLIPSIDE_MAX_BODY_BYTES", default_value_t = 33_554_432, value_name = "BYTES")]
    pub max_body_bytes: u64,
    /// Most pixels of a picture before it is reduced
    #[arg(long, env = "FLIPSIDE_MAX_IMAGE_PIXELS", default_value_t = 40_000_000, value_name = "PIXELS")]
    pub max_image_pixels: u64,
    /// Longest side of a picture after it is reduced, in pixels
    #[arg(long, env = "FLIPSIDE_MAX_SIDE_PX", default_value_t = 1024, value_name = "PX")]
    pub max_side_px: u32,
    /// Largest side of the canvas that a scene is rendered on, in pixels
    #[arg(long, env = "FLIPSIDE_MAX_CANVAS_PX", default_value_t = 1024, value_name = "PX")]
    pub max_canvas_px: u32,
    /// Longest question or option, in bytes of UTF-8
    #[arg(long, env = "FLIPSIDE_MAX_QUESTION_BYTES", default_value_t = 2_000, value_name = "BYTES")]
    pub max_question_bytes: u32,
    /// Most options of a question
    #[arg(long, env = "FLIPSIDE_MAX_OPTIONS", default_value_t = 16, value_name = "N")]
    pub max_options: u32,
    /// Most operations of a recipe; no recipe format goes beyond 64
    #[arg(long, env = "FLIPSIDE_MAX_OPERATIONS", default_value_t = 64, value_name = "N",
          value_parser = clap::value_parser!(u32).range(..=64))]
    pub max_operations: u32,
    /// Most points of a response curve
    #[arg(long, env = "FLIPSIDE_MAX_CURVE_POINTS", default_value_t = 201, value_name = "N")]
    pub max_curve_points: u32,
}

impl Default for LimitsConfig {
    /// The documented defaults, for commands without these flags.
    fn default() -> Self {
        Self {
            max_body_bytes: 33_554_432,
            max_image_pixels: 40_000_000,
            max_side_px: 1024,
            max_canvas_px: 1024,
            max_question_bytes: 2_000,
            max_options: 16,
            max_operations: 64,
            max_curve_points: 201,
        }
    }
}

impl LimitsConfig {
    /// The limits as the wire tells them.
    pub fn to_api(&self) -> ApiLimits {
        ApiLimits {
            max_body_bytes: self.max_body_bytes,
            max_image_pixels: self.max_image_pixels,
            max_side_px: self.max_side_px,
            max_canvas_px: self.max_canvas_px,
            max_question_bytes: self.max_question_bytes,
            max_options: self.max_options,
            max_operations: self.max_operations,
            max_curve_points: self.max_curve_points,
        }
    }
}
