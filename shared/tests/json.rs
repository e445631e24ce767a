//! The page's short JSON declarations and serde's derived ones agree on every wire type, and the text is JSON.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use flipside_shared::api::{
    ApiLimits, ControlDrift, CurveEvent, CurvePoint, CurveRequest, Drift, DriftChannels, ErrorBody,
    ErrorCode, FlipPoint, MeasureEvent, MeasureRequest, ModelSummary, OptionScore, Prediction, QuestionBody,
    RegimeName, ServerInfo, Smoothness, StoredImage, TimingsMs, TokenMaps, Verdict, VerdictRequest,
};
use flipside_shared::json::{FromJson, Json, ToJson, parse, read};
use flipside_shared::lab::{LabQuestion, LabState};
use flipside_shared::metrics::at_hand::Measured;
use flipside_shared::raster::ImageId;
use flipside_shared::recipe::{Operation, Recipe, Source};
use flipside_shared::scene::{Attributes, Axis, Colour, Material, QuestionSpec, Shape, Size};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// What serde writes is read as the same value, and what is written serde reads as the same value.
fn agree<T: Serialize + DeserializeOwned + ToJson + FromJson + PartialEq + Debug>(value: T) {
    let by_serde = serde_json::to_string(&value).unwrap();
    assert_eq!(read::<T>(&by_serde).as_ref(), Ok(&value), "{by_serde}");
    let ours = value.to_json().to_text();
    assert_eq!(serde_json::from_str::<T>(&ours).unwrap(), value, "{ours}");
}

fn recipe() -> Recipe {
    let mut recipe = Recipe { seed: u64::MAX, ..Recipe::new(Source::Scene { seed: u64::MAX - 1 }) };
    recipe.operations =
        Operation::SCHEMAS.iter().map(|s| Operation::with_defaults(s.id).unwrap().into()).collect();
    recipe.operations[1].enabled = false;
    recipe
}

fn image() -> Source {
    Source::Image { id: ImageId("ab".repeat(32)), width_px: 640, height_px: 480 }
}

fn question() -> QuestionBody {
    QuestionBody {
        text: "Is \"it\" \\ red?\n\u{1}\u{1f600}中".to_owned(),
        options: vec!["yes".to_owned(), "no".to_owned()],
        regime: RegimeName::OpenWithOptions,
    }
}

fn error() -> ErrorBody {
    ErrorBody {
        code: ErrorCode::QueueFull,
        reason: Some("full".to_owned()),
        message: "wait".to_owned(),
        field: None,
        retry_after_s: Some(2),
        request_id: "7".to_owned(),
    }
}

#[test]
fn requests() {
    let (recipe, question, model) = (recipe(), question(), Some("tiny".to_owned()));
    agree(recipe.clone());
    agree(Recipe::new(image()));
    let verdict = VerdictRequest {
        recipe: recipe.clone(),
        canvas_px: 448,
        question: question.clone(),
        model,
        client: None,
    };
    agree(VerdictRequest { model: None, client: Some("tab".to_owned()), ..verdict.clone() });
    agree(verdict);
    agree(MeasureRequest {
        recipe: recipe.clone(),
        canvas_px: 448,
        question: question.clone(),
        model: None,
        truth: Some(1),
        frequencies: true,
    });
    agree(CurveRequest {
        recipe,
        canvas_px: 448,
        question,
        model: None,
        operation: 4,
        param: "angle_deg".to_owned(),
        from: -180.0,
        to: 0.05,
        points: 25,
    });
}

#[test]
fn answers() {
    let option = OptionScore {
        text: "red".to_owned(),
        log_likelihood: -1.25,
        log_likelihood_per_token: -0.625,
        probability: 0.5,
    };
    let smoothness = Smoothness {
        dirichlet_energy: 1.5,
        scale_free_energy: 0.25,
        rows: 1,
        columns: 2,
        token_energy: vec![0.5, 2.0],
    };
    let prediction = Prediction { options: vec![option], answer: 0, margin: 3.0, entropy: 0.0, smoothness };
    let drift = Drift { cosine_distance: 0.125, l2: 12.5 };
    let verdict = Verdict {
        model: "tiny".to_owned(),
        limits: String::new(),
        recipe_hash: "0f".to_owned(),
        pixels_match_recipe: Some(true),
        clean: prediction.clone(),
        perturbed: prediction,
        flipped: true,
        margin_of_clean_answer: -2.5,
        drift: DriftChannels { context: drift, answer: drift, vision: drift },
        control: ControlDrift { pictures: 25, context_cosine_distance: 0.5, relative_drift_percent: 20.0 },
        dirichlet_delta: -0.5,
        clean_from_cache: false,
        timings: TimingsMs { decode_ms: 1.0, queue_ms: 0.0, inference_ms: 20.5, total_ms: 22.0 },
    };
    agree(Verdict { pixels_match_recipe: None, ..verdict.clone() });
    agree(verdict);
    agree(StoredImage { id: ImageId("ab".to_owned()), width_px: 3, height_px: 4 });
    agree(error());
    let model = ModelSummary {
        name: "tiny".to_owned(),
        family: "qwen2_5_vl".to_owned(),
        parameter_count: 1 << 40,
        dtype: "f32".to_owned(),
        device: "cpu".to_owned(),
        weights_sha256: "ab".to_owned(),
        limits: "scenes".to_owned(),
    };
    let limits = ApiLimits {
        max_body_bytes: u64::MAX,
        max_image_pixels: 1,
        max_side_px: 2,
        max_canvas_px: 3,
        max_question_bytes: 4,
        max_options: 5,
        max_operations: 6,
        max_curve_points: 7,
    };
    agree(ServerInfo { version: "1".to_owned(), models: vec![model], limits });
}

#[test]
fn events_of_a_curve() {
    agree(CurveEvent::Point(CurvePoint {
        index: 1,
        value: -2.5,
        margin: 0.125,
        drift: 0.5,
        relative_drift_percent: 12.0,
        answer: 3,
        flipped: false,
    }));
    agree(CurveEvent::Flip(FlipPoint { value: 1.5, unflipped_value: 1.25, answer: 1 }));
    agree(CurveEvent::Done { points: 3, elapsed_ms: 12.5 });
    agree(CurveEvent::Failed(error()));
    agree(MeasureEvent::Values {
        values: vec![Measured::pair("margin", 1.5, -0.25), Measured::word("flip", "flipped").part("“red”")],
    });
    agree(MeasureEvent::Maps(TokenMaps { rows: 1, columns: 2, energy: vec![0.5, 2.0], drift: Vec::new() }));
    agree(MeasureEvent::Done { elapsed_ms: 12.5 });
    agree(MeasureEvent::Failed(error()));
}

#[test]
fn states_of_the_lab() {
    let what = Attributes {
        size: Some(Size::Large),
        colour: Some(Colour::Cyan),
        material: None,
        shape: Some(Shape::Cone),
    };
    let of = Attributes { material: Some(Material::Shiny), ..Attributes::default() };
    for spec in [
        QuestionSpec::Existence { what },
        QuestionSpec::Count { what },
        QuestionSpec::Colour { of },
        QuestionSpec::Shape { of },
        QuestionSpec::Material { of },
        QuestionSpec::Size { of },
        QuestionSpec::Relation { axis: Axis::Depth, subject: what, reference: of },
        QuestionSpec::Comparison { these: what, those: of },
        QuestionSpec::Column { of },
        QuestionSpec::Row { of },
    ] {
        agree(LabState { recipe: recipe(), question: LabQuestion::of(spec), model: None });
    }
    agree(LabState {
        recipe: Recipe::new(image()),
        question: LabQuestion::default(),
        model: Some("m".to_owned()),
    });
}

#[test]
fn words() {
    for (regime, name) in RegimeName::ALL {
        assert_eq!(serde_json::to_value(regime).unwrap(), name);
        agree(regime);
    }
    for kind in flipside_shared::scene::QuestionKind::ALL {
        agree(kind);
        assert_eq!(kind.to_json(), Json::Text(kind.name().to_owned()));
    }
    let mut codes = 0;
    for code in CODES {
        agree(code);
        codes += 1;
    }
    assert_eq!(codes, 23);
    assert!(read::<ErrorCode>("\"no_such_code\"").is_err());
}

use ErrorCode as C;
const CODES: [ErrorCode; 23] = [
    C::MalformedRequest,
    C::InvalidRecipe,
    C::NewerRecipe,
    C::InvalidQuestion,
    C::InvalidSweep,
    C::InvalidImage,
    C::ImageTooLarge,
    C::BodyTooLarge,
    C::UnsupportedMediaType,
    C::ImageNotFound,
    C::CleanImageNeeded,
    C::ModelNotFound,
    C::NotFound,
    C::CrossOrigin,
    C::MethodNotAllowed,
    C::QueueFull,
    C::TimedOut,
    C::Superseded,
    C::ShuttingDown,
    C::NotReady,
    C::StoreFull,
    C::ModelFailed,
    C::Internal,
];

#[test]
fn what_is_not_json_is_refused_where_it_stops() {
    for text in [
        "",
        " ",
        "tru",
        "01",
        "1.",
        ".5",
        "-",
        "1e",
        "+1",
        "[1,]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":1,}",
        "{a:1}",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\n\"",
        "1 1",
        "nul",
        "NaN",
        "-Infinity",
        "1e999",
        "[",
        "{",
        "\u{feff}1",
        "\"a\\",
    ] {
        assert!(parse(text).is_err(), "{text:?}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text:?}");
    }
    let error = parse("{\n  \"a\": [1, x]}").unwrap_err();
    assert_eq!((error.line, error.column, error.not_finite), (2, 12, false));
    assert!(parse("[NaN]").unwrap_err().not_finite);
    assert!(parse(&"[".repeat(100_000)).is_err());
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(".{0,4}", inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_document_is_the_one_that_serde_reads(value in any_json()) {
        let document = Json::from(value.clone());
        prop_assert_eq!(document.to_text(), value.to_string());
        prop_assert_eq!(document.to_indented_text(), format!("{value:#}"));
        prop_assert_eq!(parse(&value.to_string()), Ok(document.clone()));
        prop_assert_eq!(parse(&format!("{value:#}")), Ok(document));
    }

    #[test]
    fn no_text_panics(text in "[\\[\\]{}\",:\\\\u0-9a-f \\-.eE]*") {
        let ours = parse(&text).is_ok();
        prop_assert_eq!(ours, serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
    }
}
