//! What a visitor sees first.

use anyhow::{Result, ensure};
use flipside_tests::browser::drive;

#[tokio::test]
async fn the_page_opens_on_a_picture_a_question_and_a_verdict() -> Result<()> {
    drive("opens", async |browser, _server| {
        browser.open("/").await?;
        browser.settled().await?;
        ensure!(
            !browser.value("document.querySelector('[data-testid=question-text]').value").await?.is_null()
        );
        for shown in
            ["answer-clean", "answer-perturbed", "badge", "probability-0", "probability-1", "margin", "drift"]
        {
            browser.text(shown).await?;
        }
        ensure!(browser.text("energy").await?.contains('.'), "the Dirichlet energy is a number");
        browser.click("view-energy").await?;
        let cells =
            browser.value("document.querySelectorAll('[data-testid=energy-map] rect').length").await?;
        ensure!(
            cells.as_u64() >= Some(49),
            "the energy map has a cell for each of 7 x 7 tokens, not {cells}"
        );
        let errors = browser.console_errors().await?;
        ensure!(errors.is_empty(), "the console complains: {errors:#?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_picture_is_the_one_that_the_recipe_renders_natively() -> Result<()> {
    use flipside_shared::perturb::perturb;
    use flipside_shared::recipe::DEFAULT_CANVAS_PX;
    use sha2::{Digest, Sha256};

    drive("native_pixels", async |browser, _server| {
        browser.open("/").await?;
        let seen = browser.settled().await?;
        let link = browser.until("location.hash.length > 1 && location.hash.slice(1)").await?;
        let lab = flipside_shared::lab::LabState::from_link(link.as_str().unwrap_or_default())?;
        let native = perturb(&lab.recipe, None, DEFAULT_CANVAS_PX)?.perturbed;
        let digest: String = Sha256::digest(&native.rgba).iter().map(|byte| format!("{byte:02x}")).collect();
        ensure!(
            seen.pixels == digest,
            "the page shows {}, the same recipe natively is {digest}",
            seen.pixels
        );
        Ok(())
    })
    .await
}
