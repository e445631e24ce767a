//! Light and dark, desk and phone.

use anyhow::{Context, Result, ensure};
use flipside_tests::browser::{Browser, drive};

/// The narrow window of a phone, CSS pixels.
const PHONE_PX: (u32, u32) = (390, 844);

/// Relative luminance (WCAG 2) of the page's text and of its ground.
const LUMINANCES: &str = "(() => {
  const channel = value => { const c = value / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const canvas = new OffscreenCanvas(1, 1).getContext('2d');
  const luminance = colour => {
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  };
  const styles = [document.body, document.documentElement].map(element => getComputedStyle(element));
  const ground = styles.map(style => style.backgroundColor).find(colour => colour !== 'rgba(0, 0, 0, 0)');
  return [luminance(styles[0].color), luminance(ground)];
})()";

async fn luminances(browser: &Browser) -> Result<(f64, f64)> {
    let seen = browser.value(LUMINANCES).await?;
    Ok((seen[0].as_f64().context("a luminance")?, seen[1].as_f64().context("a luminance")?))
}

#[tokio::test]
async fn the_page_follows_light_and_dark_and_is_legible_in_both() -> Result<()> {
    drive("schemes", async |browser, _server| {
        for (scheme, is_dark) in [("light", false), ("dark", true)] {
            browser.prefer(scheme).await?;
            browser.open("/").await?;
            browser.settled().await?;
            let (text, ground) = luminances(browser).await?;
            ensure!((ground < text) == is_dark, "{scheme}: text {text}, ground {ground}");
            let contrast = (text.max(ground) + 0.05) / (text.min(ground) + 0.05);
            ensure!(contrast >= 7.0, "{scheme}: a contrast of {contrast:.1}");
            browser.keep_picture(&format!("lab_{scheme}")).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_phone_shows_everything_without_scrolling_sideways() -> Result<()> {
    drive("phone", async |browser, _server| {
        browser.resize(PHONE_PX).await?;
        browser.open("/").await?;
        browser.settled().await?;
        browser.ensure_no_sideways_scroll().await?;
        for operation in ["text_overlay", "rotate", "object_pose"] {
            browser.add(operation).await?;
        }
        browser.settled().await?;
        browser.ensure_no_sideways_scroll().await?;
        browser.click("curve-run").await?;
        browser.until("document.querySelector('[data-testid=curve-chart] svg')").await?;
        browser.ensure_no_sideways_scroll().await?;
        browser.keep_picture("lab_phone").await?;
        Ok(())
    })
    .await
}
