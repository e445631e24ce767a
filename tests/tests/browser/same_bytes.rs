//! The same bytes natively and in the browser's wasm: the central promise behind links and verdicts.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flipside_tests::browser::drive_at;
use flipside_tests::server::build_dir;

/// Runs the module, which imports nothing, and reads its text from its memory.
const RUN_MODULE: &str = "
const done = arguments[arguments.length - 1];
(async () => {
  const file = Uint8Array.from(atob(arguments[0]), character => character.charCodeAt(0));
  const { text_start, text_length, memory } = (await WebAssembly.instantiate(file)).instance.exports;
  const start = text_start(), length = text_length();
  return new TextDecoder().decode(new Uint8Array(memory.buffer, start, length));
})().then(done, error => done('failed: ' + error));
";

#[tokio::test]
async fn every_case_has_the_same_bytes_natively_and_in_wasm() -> Result<()> {
    let target_dir = build_dir()?.parent().context("no target folder")?.to_path_buf();
    let module = target_dir.join("wasm32-unknown-unknown/worker/flipside_same_bytes.wasm");
    let module = std::fs::read(&module)
        .with_context(|| format!("no module at {}; `cargo xtask test` builds it", module.display()))?;
    drive_at("same_bytes", "", async |browser| {
        let script = browser.driver.execute_async(RUN_MODULE, vec![STANDARD.encode(&module).into()]).await?;
        let in_browser = script.json().as_str().context("the module returned no text")?.to_owned();
        let native = flipside_same_bytes::lines();
        ensure!(in_browser.lines().count() > 100, "too few cases: {in_browser}");
        let differing: Vec<_> = native.lines().zip(in_browser.lines()).filter(|(a, b)| a != b).collect();
        ensure!(differing.is_empty() && native == in_browser, "native, in wasm: {differing:#?}");
        Ok(())
    })
    .await
}
