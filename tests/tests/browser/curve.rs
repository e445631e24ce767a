//! The response curve along one parameter.

use anyhow::{Result, ensure};
use flipside_tests::browser::drive;

#[tokio::test]
async fn a_curve_streams_its_points_and_marks_the_flip() -> Result<()> {
    drive("curve", async |browser, _server| {
        browser.open_clean().await?;
        browser.add("rotate").await?;
        browser.settled().await?;
        browser.click("curve-run").await?;
        let drawn = "document.querySelector('[data-testid=curve-chart] svg')";
        browser.until(drawn).await?;
        let done = "document.querySelector('[data-testid=curve-status]').dataset.state === 'done'";
        browser.until(done).await?;
        let points =
            browser.value("document.querySelectorAll('[data-testid=curve-table] tbody tr').length").await?;
        ensure!(points.as_u64() >= Some(10), "the curve has {points} points");
        // A flip is a finding about the model, not about the page: either it is marked, or its absence is said.
        let said = browser.text("curve-status").await?;
        let marked =
            "[...document.querySelectorAll('[data-testid=curve-flip]')].map(flip => +flip.dataset.value)";
        for value in browser.value(marked).await?.as_array().into_iter().flatten() {
            let value = value.as_f64().unwrap_or(f64::NAN);
            ensure!((-180.0..=180.0).contains(&value), "a flip at {value} degrees");
        }
        ensure!(!said.is_empty(), "the curve says neither where the answer flips nor that it does not");
        Ok(())
    })
    .await
}
