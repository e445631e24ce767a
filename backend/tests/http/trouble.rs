//! A model that is busy, superseded, abandoned, failing or panicking.

use crate::lab::{Lab, rendered, request, turned, verdict_request};
use crate::stand_in::{Event, FAIL, HOLD, PANIC, stand_in};
use flipside_backend::{
    config::{EngineConfig, LimitsConfig},
    engine::{Engine, Look, Picture, Question},
};
use flipside_shared::{
    api::{QuestionBody, RegimeName},
    raster::Raster,
};
use futures::poll;
use serde_json::json;

#[tokio::test]
async fn a_full_queue_refuses_at_once_and_says_when_to_come_back() {
    let mut lab = Lab::with(&["--queue-capacity", "1"]).await;
    let recipe = turned(1, 5.0);
    let picture = rendered(&recipe);
    let first = tokio::spawn(lab.ask(verdict_request(&request(&recipe, HOLD), &picture)));
    assert_eq!(lab.strings.events.recv().await, Some(Event::Held));
    let refused = lab.verdict(&request(&recipe, "how bright?"), &picture).await;
    let body = refused.expect_error(503, "queue_full");
    assert_eq!(refused.headers["retry-after"].to_str().unwrap(), body["retry_after_s"].to_string());
    assert_eq!(lab.get("/healthz").await.status, 200, "the server answers while the model works");
    // Clean, perturbed and three control pictures are held one after the other.
    (0..5).for_each(|_| lab.strings.release.send(()).unwrap());
    first.await.unwrap().expect_success();
    lab.verdict(&request(&recipe, "how bright?"), &picture).await.expect_success();
}

#[tokio::test]
async fn a_newer_request_of_the_same_client_takes_the_place_of_the_older() {
    let mut lab = Lab::new().await;
    let recipe = turned(1, 5.0);
    let picture = rendered(&recipe);
    let from = |client: &str, question: &str| {
        let mut request = request(&recipe, question);
        request["client"] = json!(client);
        verdict_request(&request, &picture)
    };
    let older = tokio::spawn(lab.ask(from("tab", HOLD)));
    assert_eq!(lab.strings.events.recv().await, Some(Event::Held));
    let newer = tokio::spawn(lab.ask(from("tab", "how bright?")));
    // While the model is still held by the older one:
    older.await.unwrap().expect_error(409, "superseded");
    (0..5).for_each(|_| lab.strings.release.send(()).unwrap());
    newer.await.unwrap().expect_success();
    let others = (lab.ask(from("a", "how bright?")), lab.ask(from("b", "how bright?")));
    let (a, b) = futures::join!(others.0, others.1);
    a.expect_success();
    b.expect_success();
    let long = from(&"x".repeat(1000), "how bright?");
    assert_eq!(lab.ask(long).await.expect_error(400, "malformed_request")["field"], "client");
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let mut lab = Lab::with(&["--request-timeout-s", "0"]).await;
    let recipe = turned(1, 5.0);
    let late = lab.verdict(&request(&recipe, HOLD), &rendered(&recipe)).await;
    late.expect_error(504, "timed_out");
    lab.strings.events.close();
}

#[tokio::test]
async fn a_failing_model_fails_one_request_and_keeps_its_words_to_the_log() {
    let lab = Lab::new().await;
    let recipe = turned(1, 5.0);
    let picture = rendered(&recipe);
    let body = lab.verdict(&request(&recipe, FAIL), &picture).await.expect_error(500, "model_failed");
    assert!(!body.to_string().contains("secret"), "{body}");
    lab.verdict(&request(&recipe, "how bright?"), &picture).await.expect_success();
}

#[tokio::test]
async fn a_panicking_model_turns_readiness_red_and_comes_back() {
    let mut lab = Lab::with_slow_reload().await;
    let recipe = turned(1, 5.0);
    let picture = rendered(&recipe);
    assert_eq!(lab.get("/readyz").await.status, 200);
    let body = lab.verdict(&request(&recipe, PANIC), &picture).await.expect_error(500, "model_failed");
    assert!(!body.to_string().contains("secret"), "{body}");
    assert_eq!(lab.strings.events.recv().await, Some(Event::Reloading));
    lab.get("/readyz").await.expect_error(503, "not_ready");
    assert_eq!(lab.get("/healthz").await.status, 200, "alive, though not ready");
    lab.strings.release.send(()).unwrap();
    lab.verdict(&request(&recipe, "how bright?"), &picture).await.expect_success();
    assert_eq!(lab.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn jobs_of_clients_that_left_never_reach_the_model() {
    let (loader, mut strings) = stand_in(false);
    let engine = Engine::start(loader, &EngineConfig::default()).await.unwrap();
    let mut busy = Box::pin(engine.look(vec![look(10, HOLD)]));
    assert!(poll!(&mut busy).is_pending());
    assert_eq!(strings.events.recv().await, Some(Event::Held));
    // Queued behind the held one by the first poll, then abandoned, as when a client hangs up.
    let mut abandoned = Box::pin(engine.look(vec![look(20, "abandoned")]));
    assert!(poll!(&mut abandoned).is_pending());
    drop(abandoned);
    let mut patient = Box::pin(engine.look(vec![look(30, "patient")]));
    assert!(poll!(&mut patient).is_pending());
    strings.release.send(()).unwrap();
    busy.await.unwrap();
    patient.await.unwrap();
    assert_eq!((strings.scored("patient"), strings.scored("abandoned")), (1, 0));
}

#[tokio::test]
async fn what_waited_together_goes_through_the_model_together_and_once() {
    let (loader, mut strings) = stand_in(false);
    let engine = Engine::start(loader, &EngineConfig::default()).await.unwrap();
    let mut busy = Box::pin(engine.look(vec![look(10, HOLD)]));
    assert!(poll!(&mut busy).is_pending());
    assert_eq!(strings.events.recv().await, Some(Event::Held));
    // Three requests, two of them alike, one at fault.
    let mut waiting =
        [look(20, "alike"), look(20, "alike"), look(20, FAIL)].map(|look| Box::pin(engine.look(vec![look])));
    for request in &mut waiting {
        assert!(poll!(request).is_pending());
    }
    strings.release.send(()).unwrap();
    busy.await.unwrap();
    let outcomes = futures::future::join_all(waiting).await;
    assert!(outcomes[0].is_ok() && outcomes[1].is_ok() && outcomes[2].is_err());
    assert_eq!(strings.encoded(), 2, "the shared picture went through the vision tower once");
    assert!(strings.scored("alike") <= 2, "once in the batch that failed, once alone");
}

fn look(shade: u8, text: &str) -> Look {
    let body = QuestionBody {
        text: text.to_owned(),
        options: vec!["dark".to_owned(), "bright".to_owned()],
        regime: RegimeName::Plain,
    };
    let question = Question::check(&body, &LimitsConfig::default()).unwrap();
    Look { picture: Picture::new(Raster::filled(4, 4, [shade, 0, 0, 255])), question }
}
