//! All metrics of one picture, as a stream.

use crate::lab::{Lab, form, next_event, plain_png, rendered, request, turned};
use crate::stand_in::FAIL;
use flipside_shared::{
    api::{MeasureEvent, TokenMaps, Verdict},
    metrics::{
        at_hand::{FLIPPED, KEPT, Measured, NEEDS_TRUTH},
        catalogue::{self, Family, Scope},
    },
    raster::Raster,
    recipe::{Recipe, Source},
};
use serde_json::{Value, json};

fn asked(recipe: &Recipe, question: &str, more: &Value) -> Value {
    let mut request = request(recipe, question);
    request["frequencies"] = json!(false);
    for (key, value) in more.as_object().into_iter().flatten() {
        request[key] = value.clone();
    }
    request
}

async fn events(lab: &Lab, request: &Value) -> Vec<MeasureEvent> {
    let response = lab.send(form("/api/v1/measure", &[("request", request.to_string().as_bytes())])).await;
    assert_eq!(response.status(), 200);
    let mut body = response.into_body().into_data_stream();
    let mut events = Vec::new();
    while let Some(event) = next_event(&mut body).await {
        events.push(serde_json::from_value(event).unwrap());
    }
    events
}

/// The values and the maps of a stream that came to its end.
fn read(events: Vec<MeasureEvent>) -> (Vec<Measured>, TokenMaps) {
    assert!(matches!(events.last(), Some(MeasureEvent::Done { .. })), "{events:?}");
    let (mut values, mut maps) = (Vec::new(), None);
    for event in events {
        match event {
            MeasureEvent::Values { values: more } => values.extend(more),
            MeasureEvent::Maps(found) => maps = Some(found),
            MeasureEvent::Done { .. } | MeasureEvent::Failed(_) => {}
        }
    }
    (values, maps.unwrap())
}

fn of<'a>(values: &'a [Measured], id: &str) -> &'a Measured {
    values.iter().find(|value| value.id == id).unwrap_or_else(|| panic!("{id} is missing"))
}

#[tokio::test]
async fn the_values_are_those_of_the_verdict_and_of_hand_sums_on_it() {
    let lab = Lab::new().await;
    let recipe = turned(3, 25.0);
    let verdict = lab.verdict(&request(&recipe, "how bright?"), &rendered(&recipe)).await.expect_success();
    let verdict: Verdict = serde_json::from_value(verdict).unwrap();
    let (values, maps) = read(events(&lab, &asked(&recipe, "how bright?", &json!({ "truth": 2 }))).await);

    let near = |value: Option<f64>, expected: f64| value.is_some_and(|value| (value - expected).abs() < 1e-9);
    let pair = |id: &str, clean: f64, perturbed: f64| {
        let found = of(&values, id);
        assert!(near(found.clean, clean) && near(found.value, perturbed), "{found:?}: {clean}, {perturbed}");
    };
    let (clean, perturbed) = (&verdict.clean, &verdict.perturbed);
    pair("margin", clean.margin, verdict.margin_of_clean_answer);
    pair("entropy", clean.entropy, perturbed.entropy);
    pair("dirichlet_energy", clean.smoothness.dirichlet_energy, perturbed.smoothness.dirichlet_energy);
    let number =
        |id: &str, expected: f64| assert!(near(of(&values, id).value, expected), "{:?}", of(&values, id));
    number("relative_drift", verdict.control.relative_drift_percent);
    number("control_drift", verdict.control.context_cosine_distance);
    number("dirichlet_change", verdict.dirichlet_delta);
    let alignment = perturbed.options[2].probability - clean.options[2].probability;
    let uncertainty = (perturbed.entropy - clean.entropy) / 3.0f64.ln();
    number("alignment_shift", alignment);
    number("ras", alignment - uncertainty.abs());
    let expected = if verdict.flipped { FLIPPED } else { KEPT };
    assert_eq!(of(&values, "flip").word.as_deref(), Some(expected));

    let channels: Vec<&str> =
        values.iter().filter(|value| value.id == "cosine_similarity").map(|value| &*value.part).collect();
    assert_eq!(channels, ["ctx_open", "ctx_mcq", "ans_open", "ans_mcq", "ans_mcq_free"]);
    assert_eq!(maps.energy, perturbed.smoothness.token_energy);
    assert_eq!(maps.drift.len(), maps.energy.len());
}

#[tokio::test]
async fn every_metric_of_the_model_has_a_value_and_the_frequencies_come_on_demand() {
    let lab = Lab::new().await;
    let recipe = turned(3, 25.0);
    let (few, _) = read(events(&lab, &asked(&recipe, "how bright?", &json!({}))).await);
    assert!(few.iter().all(|value| !value.id.contains("_pass_") && value.id != "band_noise_flips"));
    assert_eq!(of(&few, "ras").word.as_deref(), Some(NEEDS_TRUTH));
    let (values, _) =
        read(events(&lab, &asked(&recipe, "how bright?", &json!({ "frequencies": true }))).await);
    let count = |id: &str| values.iter().filter(|value| value.id == id).count();
    assert_eq!(
        (count("low_pass_margin"), count("high_pass_margin"), count("band_noise_flips")),
        (10, 10, 10)
    );
    // The whole picture is the first point of one curve and the last of the other.
    let margins = |id: &str| -> Vec<f64> {
        values.iter().filter(|value| value.id == id).map(|value| value.value.unwrap()).collect()
    };
    let (low, high) = (margins("low_pass_margin"), margins("high_pass_margin"));
    assert!((low[9] - high[0]).abs() < 0.2 && high[0] >= 0.0, "{low:?} {high:?}");

    // From pixels, from the response curve, or as a map.
    let elsewhere = ["visual_entropy", "token_energy", "token_drift"];
    for metric in catalogue::metrics().filter(|metric| metric.scope == Scope::Picture) {
        let from_pixels = metric.family == Family::Pictures
            || metric.id.starts_with("band_")
            || metric.id == "coherence_loss";
        if !elsewhere.contains(&metric.id) && (!from_pixels || metric.id == "band_noise_flips") {
            of(&values, metric.id);
        }
    }
    assert!(values.iter().all(|value| catalogue::metric(&value.id).is_some()));
}

#[tokio::test]
async fn without_an_operation_nothing_moves() {
    let lab = Lab::new().await;
    let recipe = Recipe::new(Source::Scene { seed: 5 });
    let (values, maps) = read(events(&lab, &asked(&recipe, "how bright?", &json!({ "truth": 0 }))).await);
    for id in
        ["ras", "perturbation_drift", "relative_drift", "dirichlet_change", "margin_to_prior", "embedding_l2"]
    {
        assert_eq!(of(&values, id).value.map(f64::abs), Some(0.0), "{id}");
    }
    assert_eq!(of(&values, "cosine_similarity").value, Some(1.0));
    assert_eq!(of(&values, "distance_to_prior").value, Some(1.0));
    assert!(maps.drift.iter().all(|drift| *drift == 0.0));
}

#[tokio::test]
async fn a_visitors_picture_is_asked_for_and_bad_requests_are_refused() {
    let lab = Lab::new().await;
    let id = Raster::filled(20, 10, [90, 60, 30, 255]).id();
    let recipe = Recipe::new(Source::Image { id, width_px: 20, height_px: 10 });
    let text = asked(&recipe, "how bright?", &json!({})).to_string();
    let bare = lab.ask(form("/api/v1/measure", &[("request", text.as_bytes())])).await;
    bare.expect_error(409, "clean_image_needed");
    let png = plain_png(20, 10);
    let sent = lab.ask(form("/api/v1/measure", &[("request", text.as_bytes()), ("clean", &png)])).await;
    assert!(sent.status.is_success());
    let no_option = asked(&turned(3, 10.0), "how bright?", &json!({ "truth": 3 })).to_string();
    let refused = lab.ask(form("/api/v1/measure", &[("request", no_option.as_bytes())])).await;
    assert_eq!(refused.expect_error(400, "malformed_request")["field"], "truth");
}

#[tokio::test]
async fn a_failure_is_an_event_without_details() {
    let lab = Lab::new().await;
    let events = events(&lab, &asked(&turned(3, 10.0), FAIL, &json!({}))).await;
    let Some(MeasureEvent::Failed(body)) = events.last() else { panic!("{events:?}") };
    assert!(!body.message.contains("secret") && !body.request_id.is_empty());
}

#[tokio::test]
async fn hanging_up_ends_the_computation() {
    let lab = Lab::with(&["--queue-capacity", "1"]).await;
    let long = asked(&turned(3, 10.0), "how bright?", &json!({ "frequencies": true })).to_string();
    let response = lab.send(form("/api/v1/measure", &[("request", long.as_bytes())])).await;
    let mut body = response.into_body().into_data_stream();
    assert!(next_event(&mut body).await.is_some());
    drop(body);
    // Its place in the queue is free once it has ended.
    while lab.services.admission.admit().is_err() {
        tokio::task::yield_now().await;
    }
    let scored = lab.strings.scored("how bright?");
    assert!(scored < 70, "{scored} pictures were looked at for nobody");
}
