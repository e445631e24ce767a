//! The state in the address: the same link shows the same pixels and the same verdict to somebody else.

use anyhow::{Context, Result, ensure};
use flipside_tests::browser::{drive, drive_at};

#[tokio::test]
async fn a_link_shows_the_same_pixels_and_verdict_in_another_browser() -> Result<()> {
    drive("share", async |browser, _server| {
        let fresh = browser.open_clean().await?;
        browser.add("rotate").await?;
        browser.enter("param-0-angle_deg-value", "-33.25").await?;
        browser.add("text_overlay").await?;
        let made = browser.settled().await?;
        ensure!(made.pixels != fresh.pixels);
        browser.click("share").await?;
        browser.text("notice").await?;
        let address = browser.driver.current_url().await?;
        let link = address.fragment().context("the address holds the state")?.to_owned();

        let server = browser.address.clone();
        drive_at("share_second", &server, async |second| {
            second.open(&format!("/#{link}")).await?;
            let seen = second.settled().await?;
            ensure!(seen == made, "the second browser sees {seen:?}, the first saw {made:?}");
            ensure!(second.stack().await? == ["rotate", "text_overlay"]);
            Ok(())
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_broken_link_is_explained_and_the_lab_still_opens() -> Result<()> {
    drive("broken_link", async |browser, _server| {
        browser.open("/#not-a-link").await?;
        ensure!(!browser.text("notice").await?.is_empty());
        browser.settled().await?;
        Ok(())
    })
    .await
}
