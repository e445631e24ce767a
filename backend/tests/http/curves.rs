//! Response curves as streams.

use crate::lab::{CANVAS_PX, Lab, form, next_event, turned};
use crate::stand_in::FAIL;
use flipside_shared::{
    api::{CurveEvent, CurvePoint},
    recipe::Recipe,
};
use serde_json::{Value, json};

fn request(recipe: &Recipe, points: u32, question: &str) -> Value {
    json!({
        "recipe": recipe, "canvas_px": CANVAS_PX, "operation": 0, "param": "angle_deg",
        "from": -40.0, "to": 40.0, "points": points,
        "question": { "text": question, "options": ["dark", "b", "c", "d", "e", "f", "g", "bright"] },
    })
}

async fn events(lab: &Lab, request: &Value) -> Vec<CurveEvent> {
    let response = lab.send(form("/api/v1/curve", &[("request", request.to_string().as_bytes())])).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body().into_data_stream();
    let mut events = Vec::new();
    while let Some(event) = next_event(&mut body).await {
        events.push(serde_json::from_value(event).unwrap());
    }
    events
}

#[tokio::test]
async fn a_curve_streams_every_point_once_coarse_first_and_ends() {
    let lab = Lab::new().await;
    let events = events(&lab, &request(&turned(3, 10.0), 17, "how bright?")).await;
    let points: Vec<CurvePoint> = events
        .iter()
        .filter_map(|event| if let CurveEvent::Point(point) = event { Some(*point) } else { None })
        .collect();
    let order: Vec<u32> = points.iter().map(|point| point.index).collect();
    assert_eq!(order[..5], [0, 16, 8, 4, 12], "the range is covered coarsely first");
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..17).collect::<Vec<_>>());
    for point in &points {
        assert_eq!(point.value, -40.0 + 5.0 * f64::from(point.index));
        assert_eq!(point.flipped, point.margin < 0.0, "{point:?}");
    }
    let middle = points.iter().find(|point| point.index == 8).unwrap();
    assert!(!middle.flipped && middle.drift == 0.0, "no turn, no drift: {middle:?}");
    // A turned scene has white corners, so the picture gets brighter and some turn must flip the answer.
    let flips: Vec<_> = events
        .iter()
        .filter_map(|event| if let CurveEvent::Flip(flip) = event { Some(*flip) } else { None })
        .collect();
    assert!(!flips.is_empty() && flips.len() <= 2, "{flips:?}");
    for flip in flips {
        assert!(flip.value.abs() > flip.unflipped_value.abs(), "{flip:?}");
        assert!((flip.value - flip.unflipped_value).abs() < 1.0, "bisected well below the spacing: {flip:?}");
    }
    assert!(matches!(events.last(), Some(CurveEvent::Done { points: 17, .. })));
}

#[tokio::test]
async fn impossible_sweeps_are_refused_before_anything_streams() {
    let lab = Lab::new().await;
    let sound = request(&turned(3, 10.0), 9, "how bright?");
    let changes: [(&str, Value); 6] = [
        ("operation", json!(7)),
        ("param", json!("colour")),
        ("points", json!(1)),
        ("points", json!(100_000)),
        ("from", json!(-1e9)),
        ("to", json!(-40.0)),
    ];
    for (field, value) in changes {
        let mut changed = sound.clone();
        changed[field] = value;
        let answer = lab.ask(form("/api/v1/curve", &[("request", changed.to_string().as_bytes())])).await;
        assert_eq!(answer.expect_error(422, "invalid_sweep")["field"], field);
    }
}

#[tokio::test]
async fn a_failure_on_the_way_is_an_event_without_details() {
    let lab = Lab::new().await;
    let events = events(&lab, &request(&turned(3, 10.0), 9, FAIL)).await;
    let Some(CurveEvent::Failed(body)) = events.last() else { panic!("{events:?}") };
    assert!(!body.message.contains("secret") && !body.request_id.is_empty());
}

#[tokio::test]
async fn hanging_up_ends_the_computation() {
    let lab = Lab::with(&["--queue-capacity", "1"]).await;
    let long = request(&turned(3, 10.0), 201, "how bright?").to_string();
    let response = lab.send(form("/api/v1/curve", &[("request", long.as_bytes())])).await;
    let mut body = response.into_body().into_data_stream();
    assert!(next_event(&mut body).await.is_some());
    drop(body);
    // The curve's place in the queue is free once it has ended.
    while lab.services.admission.admit().is_err() {
        tokio::task::yield_now().await;
    }
    let scored = lab.strings.scored("how bright?");
    assert!(scored < 150, "{scored} of 201 points were computed for nobody");
}
