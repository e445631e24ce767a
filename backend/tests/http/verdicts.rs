//! Verdicts that are given.

use crate::lab::{Lab, form, plain_png, rendered, request, turned};
use axum::{body::Body, http::Request};
use flipside_shared::{
    api::Verdict,
    recipe::{Recipe, Source},
};
use serde_json::json;

#[tokio::test]
async fn a_scene_is_judged_and_the_clean_pass_comes_from_the_cache_next_time() {
    let lab = Lab::new().await;
    let recipe = turned(3, 25.0);
    let answer = lab.verdict(&request(&recipe, "how bright?"), &rendered(&recipe)).await;
    let verdict: Verdict = serde_json::from_value(answer.expect_success()).unwrap();
    assert_eq!(verdict.pixels_match_recipe, Some(true));
    assert_eq!(verdict.recipe_hash, recipe.hash().unwrap());
    assert_eq!((verdict.clean.options.len(), verdict.control.pictures), (3, 3));
    assert!(!verdict.clean_from_cache);
    let total: f64 = verdict.perturbed.options.iter().map(|option| option.probability).sum();
    assert!((total - 1.0).abs() < 1e-12);
    assert!(verdict.drift.context.cosine_distance > 0.0 && verdict.control.relative_drift_percent > 0.0);
    assert_eq!(verdict.flipped, verdict.margin_of_clean_answer < 0.0);

    let encoded = lab.strings.encoded();
    let other = turned(3, 40.0);
    let verdict = lab.verdict(&request(&other, "how bright?"), &rendered(&other)).await.expect_success();
    assert_eq!(verdict["clean_from_cache"], true);
    assert_eq!(
        lab.strings.encoded(),
        encoded + 1,
        "only the new perturbed picture goes through the vision tower"
    );
}

#[tokio::test]
async fn a_picture_that_does_not_fit_its_recipe_is_judged_and_told() {
    let lab = Lab::new().await;
    let answer = lab.verdict(&request(&turned(3, 25.0), "how bright?"), &rendered(&turned(3, 26.0))).await;
    assert_eq!(answer.expect_success()["pixels_match_recipe"], false);
}

#[tokio::test]
async fn no_operation_means_no_drift() {
    let lab = Lab::new().await;
    let recipe = Recipe::new(Source::Scene { seed: 5 });
    let verdict = lab.verdict(&request(&recipe, "how bright?"), &rendered(&recipe)).await.expect_success();
    assert_eq!(verdict["flipped"], false);
    assert_eq!(verdict["drift"]["context"]["l2"], 0.0);
    assert_eq!(verdict["dirichlet_delta"], 0.0);
}

#[tokio::test]
async fn a_visitors_picture_is_asked_for_once_and_then_known() {
    let lab = Lab::new().await;
    let png = plain_png(20, 10);
    let id = flipside_shared::raster::Raster::filled(20, 10, [90, 60, 30, 255]).id();
    let recipe = Recipe::new(Source::Image { id, width_px: 20, height_px: 10 });
    let request = request(&recipe, "how bright?");
    let refused = lab.verdict(&request, &png).await.expect_error(409, "clean_image_needed");
    assert_eq!(refused["field"], "clean");
    let text = request.to_string();
    let with_clean =
        form("/api/v1/verdict", &[("request", text.as_bytes()), ("perturbed", &png), ("clean", &png)]);
    lab.ask(with_clean).await.expect_success();
    lab.verdict(&request, &png).await.expect_success();
    let other = plain_png(10, 20);
    let wrong =
        form("/api/v1/verdict", &[("request", text.as_bytes()), ("perturbed", &png), ("clean", &other)]);
    lab.ask(wrong).await.expect_success();
}

#[tokio::test]
async fn a_clean_picture_of_another_content_is_refused() {
    let lab = Lab::new().await;
    let png = plain_png(20, 10);
    let id = flipside_shared::raster::ImageId("a".repeat(64));
    let recipe = Recipe::new(Source::Image { id, width_px: 20, height_px: 10 });
    let text = request(&recipe, "how bright?").to_string();
    let wrong =
        form("/api/v1/verdict", &[("request", text.as_bytes()), ("perturbed", &png), ("clean", &png)]);
    assert_eq!(lab.ask(wrong).await.expect_error(400, "malformed_request")["field"], "clean");
}

#[tokio::test]
async fn a_shared_picture_is_on_disk_and_serves_as_a_clean_one() {
    let lab = Lab::new().await;
    let png = plain_png(2050, 10);
    let post =
        Request::post("/api/v1/images").header("content-type", "image/png").body(Body::from(png)).unwrap();
    let stored = lab.ask(post).await;
    assert_eq!(stored.status, 201);
    let stored = stored.json();
    assert_eq!((stored["width_px"].as_u64(), stored["height_px"].as_u64()), (Some(1024), Some(5)));
    let id = stored["id"].as_str().unwrap();
    let file = lab.get(&format!("/api/v1/images/{id}")).await;
    assert_eq!(file.headers["content-type"], "image/png");
    let recipe = json!({ "version": 1, "seed": 0, "operations": [],
        "source": { "kind": "image", "id": id, "width_px": 1024, "height_px": 5 } });
    let request = json!({ "recipe": recipe, "canvas_px": 48,
        "question": { "text": "how bright?", "options": ["dark", "bright"] } });
    let verdict = lab.verdict(&request, &file.body).await.expect_success();
    assert_eq!(verdict["pixels_match_recipe"], true);
}

#[tokio::test]
async fn right_to_left_questions_are_questions() {
    let lab = Lab::new().await;
    let recipe = turned(3, 10.0);
    let mut request = request(&recipe, "ما لون المكعب؟");
    request["question"]["options"] = json!(["أحمر", "أزرق"]);
    let verdict = lab.verdict(&request, &rendered(&recipe)).await.expect_success();
    assert_eq!(verdict["clean"]["options"][0]["text"], "أحمر");
}
