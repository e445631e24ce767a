//! The panel of all metrics: every one of the catalogue, live.

use anyhow::{Result, ensure};
use flipside_shared::metrics::catalogue::{self, Scope};
use flipside_tests::browser::{Browser, drive};
use std::collections::BTreeSet;
use thirtyfour::Key;

/// The lines of every metric that the panel has values for, as `[id, text]`.
const VALUES: &str = "[...document.querySelectorAll('[data-testid^=metric-]')]
  .map(row => [row.dataset.testid.slice(7), row.querySelector('.values').innerText.trim(),
               row.querySelectorAll('.values svg').length, row.querySelector('dt').innerText, row.querySelector('.source').innerText])";

/// What the panel says of one metric.
#[derive(Debug)]
struct Row {
    id: String,
    values: String,
    charts: u64,
    name: String,
    source: String,
}

async fn rows(browser: &Browser) -> Result<Vec<Row>> {
    let rows = browser.value(VALUES).await?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let row = |row: &serde_json::Value| Row {
        id: text(&row[0]),
        values: text(&row[1]),
        charts: row[2].as_u64().unwrap_or(0),
        name: text(&row[3]),
        source: text(&row[4]),
    };
    Ok(rows.as_array().into_iter().flatten().map(row).collect())
}

fn values_of<'a>(rows: &'a [Row], id: &str) -> &'a str {
    rows.iter().find(|row| row.id == id).map_or("", |row| &row.values)
}

/// What a metric says once the panel has come to rest: that of the state shown.
const MARGIN: &str = "document.querySelector('[data-testid=metric-margin] .values').innerText.trim()";

#[tokio::test]
async fn every_metric_is_there_and_follows_the_slider() -> Result<()> {
    drive("metrics", async |browser, _server| {
        browser.open_clean().await?;
        browser.add("rotate").await?;
        browser.settled().await?;
        let fetched =
            "performance.getEntriesByType('resource').some(entry => entry.name.includes('/metrics'))";
        ensure!(browser.value(fetched).await? == false, "the catalogue is fetched before it is wanted");
        browser.element("metrics").await?;
        browser.value("document.querySelector('#metrics > summary').focus()").await?;
        browser.press(Key::Enter).await?;
        browser.until(MARGIN).await?;
        let before = rows(browser).await?;

        let shown: BTreeSet<&str> = before.iter().map(|row| &*row.id).collect();
        let all: BTreeSet<&str> = catalogue::metrics().map(|metric| metric.id).collect();
        ensure!(shown == all, "missing: {:?}", all.difference(&shown).collect::<Vec<_>>());
        for metric in catalogue::metrics() {
            let row = before.iter().find(|row| row.id == metric.id);
            let said = row.is_some_and(|row| row.source.contains(metric.source.citation));
            // innerText leaves out what is folded.
            ensure!(said || metric.scope == Scope::Run, "{}: no source", metric.id);
        }
        // Over the response curve, or asked for by a button.
        let later = [
            "visual_entropy",
            "low_pass_margin",
            "high_pass_margin",
            "low_pass_threshold",
            "high_pass_threshold",
            "band_noise_flips",
        ];
        for row in
            before.iter().filter(|row| catalogue::metric(&row.id).is_some_and(|m| m.scope == Scope::Picture))
        {
            let there = !row.values.is_empty() || row.charts > 0;
            ensure!(there != later.contains(&&*row.id), "{row:?}");
        }

        browser.nudge("param-0-angle_deg", Key::Right, 4).await?;
        browser.settled().await?;
        let old = serde_json::to_string(values_of(&before, "margin"))?;
        browser.until(&format!("{MARGIN} && {MARGIN} !== {old}")).await?;
        let after = rows(browser).await?;
        for id in
            ["margin", "perturbation_drift", "dirichlet_change", "ssim", "band_change", "coherence_loss"]
        {
            let (was, is) = (values_of(&before, id), values_of(&after, id));
            ensure!(!is.is_empty() && was != is, "{id} does not follow the slider: {is}");
        }

        browser.click("curve-run").await?;
        browser
            .until("document.querySelector('[data-testid=metric-visual_entropy] .values').innerText.trim()")
            .await?;
        browser.click("frequencies").await?;
        // The first of the two curves; the rest comes by the same way, and takes its time.
        browser
            .until(
                "document.querySelector('[data-testid=metric-low_pass_threshold] .values').innerText.trim()",
            )
            .await?;
        let asked = rows(browser).await?;
        let curve = asked.iter().find(|row| row.id == "low_pass_margin");
        ensure!(curve.is_some_and(|row| row.charts == 1 && row.values.lines().count() >= 10), "{curve:?}");
        browser.keep_picture("metrics").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_panel_is_there_in_chinese_and_on_a_phone() -> Result<()> {
    drive("metrics_chinese", async |browser, _server| {
        browser.resize((390, 844)).await?;
        browser.open("/").await?;
        browser.settled().await?;
        browser.click("language").await?;
        browser.value("document.querySelector('#metrics > summary').click()").await?;
        browser.until(MARGIN).await?;
        browser
            .until("document.querySelector('[data-testid=metric-flip] dt').innerText.startsWith('翻转')")
            .await?;
        let rows = rows(browser).await?;
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for metric in catalogue::metrics().filter(|metric| metric.scope == Scope::Picture) {
            let row = rows.iter().find(|row| row.id == metric.id);
            ensure!(
                row.is_some_and(|row| chinese(&row.name) && chinese(&row.source)),
                "{}: {row:?}",
                metric.id
            );
        }
        browser.ensure_no_sideways_scroll().await?;
        browser.keep_picture("metrics_phone").await?;
        Ok(())
    })
    .await
}
