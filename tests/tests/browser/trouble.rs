//! What the page says when something is wrong.

use anyhow::{Result, ensure};
use flipside_tests::browser::drive;

#[tokio::test]
async fn a_server_that_is_gone_is_told_and_the_picture_still_follows() -> Result<()> {
    drive("server_gone", async |browser, server| {
        let clean = browser.open_clean().await?;
        server.kill()?;
        browser.add("rotate").await?;
        browser.enter("param-0-angle_deg-value", "45").await?;
        let said = browser.text("server-lost").await?;
        ensure!(said.contains("server"), "{said:?} does not name the server");
        let follows = format!(
            "(() => {{ const picture = document.querySelector('[data-testid=picture]').dataset;
               return picture.drawn === 'true' && picture.pixelsSha256 && picture.pixelsSha256 !== '{}'; }})()",
            clean.pixels
        );
        browser.until(&follows).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_question_without_sense_is_told_where_it_is_typed() -> Result<()> {
    drive("question", async |browser, _server| {
        browser.open_clean().await?;
        browser.enter("question-text", " ").await?;
        let said = browser.text("question-problem").await?;
        ensure!(!said.is_empty());
        browser.enter("question-text", "Is there a cube?").await?;
        browser.settled().await?;
        Ok(())
    })
    .await
}
