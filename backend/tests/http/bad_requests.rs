//! Bodies, paths, methods and media types that do not belong.

use crate::lab::{Lab, form, plain_png, rendered, request, turned};
use axum::{
    body::Body,
    http::{Method, Request},
};

#[tokio::test]
async fn parts_that_do_not_belong_are_named() {
    let lab = Lab::new().await;
    let recipe = turned(1, 5.0);
    let (text, picture) = (request(&recipe, "how bright?").to_string(), rendered(&recipe));
    let (text, picture) = (text.as_bytes(), picture.as_slice());
    type Case<'a> = (&'a [(&'a str, &'a [u8])], &'a str);
    let cases: [Case; 6] = [
        (&[], "request"),
        (&[("perturbed", picture)], "request"),
        (&[("request", text)], "perturbed"),
        (&[("request", b"{ not json"), ("perturbed", picture)], "request"),
        (&[("request", text), ("request", text)], "request"),
        (&[("request", text), ("surprise", b"!")], "surprise"),
    ];
    for (parts, field) in cases {
        let body = lab.ask(form("/api/v1/verdict", parts)).await.expect_error(400, "malformed_request");
        assert_eq!(body["field"], field);
    }
    let nan = request(&recipe, "q").to_string().replace("5", "NaN");
    let broken = form("/api/v1/verdict", &[("request", nan.as_bytes()), ("perturbed", picture)]);
    lab.ask(broken).await.expect_error(400, "malformed_request");
    lab.ask(form("/api/v1/verdict", &[("request", text), ("perturbed", picture)])).await.expect_success();
}

#[tokio::test]
async fn a_form_that_breaks_off_is_told() {
    let lab = Lab::new().await;
    let request = Request::post("/api/v1/verdict").header("content-type", "multipart/form-data; boundary=x");
    let body = Body::from("--x\r\ncontent-disposition: form-data; name=\"request\"\r\n\r\n{\"rec");
    lab.ask(request.body(body).unwrap()).await.expect_error(400, "malformed_request");
    let request = Request::post("/api/v1/verdict").header("content-type", "multipart/form-data");
    lab.ask(request.body(Body::empty()).unwrap()).await.expect_error(400, "malformed_request");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let lab = Lab::with(&["--max-body-bytes", "4096"]).await;
    let recipe = turned(1, 5.0);
    let text = request(&recipe, "how bright?").to_string();
    let large = vec![0; 10_000];
    let request = form("/api/v1/verdict", &[("request", text.as_bytes()), ("perturbed", &large)]);
    lab.ask(request).await.expect_error(413, "body_too_large");
    let request = Request::post("/api/v1/images").header("content-type", "image/png");
    lab.ask(request.body(Body::from(large)).unwrap()).await.expect_error(413, "body_too_large");
}

#[tokio::test]
async fn other_media_types_are_refused() {
    let lab = Lab::new().await;
    for path in ["/api/v1/verdict", "/api/v1/curve", "/api/v1/measure", "/api/v1/images"] {
        let request = Request::post(path).header("content-type", "application/json").body(Body::from("{}"));
        lab.ask(request.unwrap()).await.expect_error(415, "unsupported_media_type");
    }
}

#[tokio::test]
async fn unknown_paths_and_wrong_methods_are_told_apart() {
    let lab = Lab::new().await;
    for path in ["/api/v1/nothing", "/api", "/api/v2/info", "/missing.js"] {
        lab.get(path).await.expect_error(404, "not_found");
    }
    let id = "a".repeat(64);
    for path in [format!("/api/v1/images/{id}"), "/api/v1/images/..%2F..%2Fetc%2Fpasswd".to_owned()] {
        lab.get(&path).await.expect_error(404, "image_not_found");
    }
    lab.get("/api/v1/verdict").await.expect_error(405, "method_not_allowed");
    for path in ["/api/v1/info", "/"] {
        let request = Request::builder().method(Method::DELETE).uri(path).body(Body::empty()).unwrap();
        lab.ask(request).await.expect_error(405, "method_not_allowed");
    }
}

#[tokio::test]
async fn another_sites_page_may_not_post() {
    let lab = Lab::new().await;
    let request = Request::post("/api/v1/images")
        .header("content-type", "image/png")
        .header("sec-fetch-site", "cross-site")
        .header("host", "127.0.0.1:7878");
    let request = request.body(Body::from(plain_png(2, 2))).unwrap();
    lab.ask(request).await.expect_error(403, "cross_origin");
}
