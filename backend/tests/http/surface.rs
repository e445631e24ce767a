//! What the server says of itself: limits, document, health, metrics, headers, and the page.

use crate::lab::{Lab, rendered, request, turned};
use axum::{body::Body, http::Request};

#[tokio::test]
async fn the_server_tells_its_models_and_limits() {
    let info = Lab::with(&["--max-options", "5"]).await.get("/api/v1/info").await.expect_success();
    assert_eq!(info["models"][0]["name"], "stand-in");
    assert_eq!(info["models"][0]["limits"], "knows only mean colours");
    assert_eq!(info["limits"]["max_options"], 5);
    assert_eq!(info["limits"]["max_side_px"], 1024);
}

#[tokio::test]
async fn the_document_describes_every_path_and_error() {
    let lab = Lab::new().await;
    let document = lab.get("/api/v1/openapi.json").await.expect_success();
    for path in [
        "/api/v1/info",
        "/api/v1/verdict",
        "/api/v1/curve",
        "/api/v1/measure",
        "/api/v1/images",
        "/api/v1/images/{id}",
        "/api/v1/runs",
        "/api/v1/runs/{name}",
        "/readyz",
    ] {
        assert!(document["paths"].get(path).is_some(), "{path}");
    }
    for schema in ["Verdict", "CurveEvent", "ErrorBody", "StoredImage", "ServerInfo", "RunCard", "Report"] {
        assert!(document["components"]["schemas"].get(schema).is_some(), "{schema}");
    }
}

#[tokio::test]
async fn the_browsable_document_loads_nothing_from_elsewhere() {
    let lab = Lab::new().await;
    let page = lab.get("/api/docs/").await;
    assert_eq!(page.status, 200);
    let html = String::from_utf8(page.body).unwrap();
    assert!(!html.contains("http://") && !html.contains("https://"), "{html}");
    assert!(
        !html.contains("<script>") && !html.contains("<style>"),
        "the policy forbids inline code: {html}"
    );
    let names = html.split(['"', '\'']).filter(|text| text.ends_with(".js") || text.ends_with(".css"));
    let names: Vec<String> = names.map(|name| name.trim_start_matches("./").to_owned()).collect();
    assert!(names.len() >= 2, "{html}");
    for name in names {
        assert_eq!(lab.get(&format!("/api/docs/{name}")).await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn every_answer_is_guarded_and_carries_its_id() {
    let lab = Lab::new().await;
    for path in ["/", "/api/v1/info", "/api/nothing", "/api/docs/"] {
        let answer = lab.get(path).await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-eval';") || !policy.contains(" 'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-request-id").len(), 36, "{path}");
    }
}

#[tokio::test]
async fn the_metrics_count_what_happened() {
    let lab = Lab::new().await;
    let recipe = turned(1, 5.0);
    lab.verdict(&request(&recipe, "how bright?"), &rendered(&recipe)).await.expect_success();
    let text = String::from_utf8(lab.get("/metrics").await.body).unwrap();
    let verdicts = r#"flipside_http_requests_total{route="/api/v1/verdict",method="POST",status="200"}"#;
    for name in [verdicts, "flipside_engine_batch_pictures_bucket", "flipside_engine_cache_lookups_total"] {
        assert!(text.contains(name), "{name} is not in\n{text}");
    }
}

#[tokio::test]
async fn a_stopping_server_is_not_ready() {
    let lab = Lab::new().await;
    lab.services.stopping.cancel();
    lab.get("/readyz").await.expect_error(503, "shutting_down");
}

#[tokio::test]
async fn the_page_is_served_with_its_compressed_form_and_a_tag() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("index.html", b"<!doctype html>lab");
    write("shell-0123456789ab.js", b"let long = 1;");
    write("shell-0123456789ab.js.br", b"packed");
    let lab = Lab::with(&["--page-dir", folder.path().to_str().unwrap()]).await;
    for path in ["/", "/lab", "/a/b"] {
        let page = lab.get(path).await;
        assert_eq!(page.body, b"<!doctype html>lab", "{path}");
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    }
    let script = |name: &'static str, value: String| {
        let request = Request::get("/shell-0123456789ab.js").header(name, value);
        lab.ask(request.body(Body::empty()).unwrap())
    };
    let packed = script("accept-encoding", "gzip, br".to_owned()).await;
    assert_eq!(
        (packed.body.as_slice(), &packed.headers["content-encoding"]),
        (b"packed".as_slice(), &"br".parse().unwrap())
    );
    let plain = script("accept-encoding", "identity".to_owned()).await;
    assert_eq!(plain.body, b"let long = 1;");
    let tag = plain.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(script("if-none-match", tag).await.status, 304);
    lab.get("/..%2Fsecret.txt").await.expect_error(404, "not_found");
}
