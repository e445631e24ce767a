//! The stack of operations, and how picture and verdict follow it.

use anyhow::{Result, ensure};
use flipside_tests::browser::drive;
use thirtyfour::Key;

#[tokio::test]
async fn an_operation_and_its_slider_change_picture_and_verdict() -> Result<()> {
    drive("slider", async |browser, _server| {
        let clean = browser.open_clean().await?;
        ensure!(!clean.flipped, "an unperturbed picture cannot flip");

        browser.add("rotate").await?;
        let added = browser.settled().await?;
        browser.nudge("param-0-angle_deg", Key::Right, 3).await?;
        let moved = browser.settled().await?;
        ensure!(moved.pixels != added.pixels, "the picture does not follow the slider");
        ensure!(moved.verdict != added.verdict, "the verdict does not follow the slider");

        browser.enter("param-0-angle_deg-value", "37.5").await?;
        let entered = browser.settled().await?;
        ensure!(entered.pixels != moved.pixels, "the picture does not follow the typed number");
        let field = "document.querySelector('[data-testid=param-0-angle_deg-value]').value";
        ensure!(browser.value(field).await? == "37.5", "the field shows {}", browser.value(field).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn steps_are_reordered_switched_off_deleted_and_brought_back() -> Result<()> {
    drive("stack", async |browser, _server| {
        let clean = browser.open_clean().await?;
        browser.add("rotate").await?;
        browser.enter("param-0-angle_deg-value", "20").await?;
        browser.add("translate").await?;
        browser.enter("param-1-dx_px-value", "60").await?;
        let both = browser.settled().await?;
        ensure!(browser.stack().await? == ["rotate", "translate"]);

        browser.click_in_step(1, "move-up").await?;
        let swapped = browser.settled().await?;
        ensure!(browser.stack().await? == ["translate", "rotate"]);
        ensure!(swapped.pixels != both.pixels, "the order makes no difference");

        browser.click("toggle-0").await?;
        browser.click("toggle-1").await?;
        let off = browser.settled().await?;
        ensure!(off.pixels == clean.pixels, "steps that are off still change the picture");

        browser.click_in_step(0, "delete").await?;
        ensure!(browser.stack().await? == ["rotate"]);
        browser.settled().await?;

        for _ in 0..3 {
            browser.click("undo").await?;
        }
        let undone = browser.settled().await?;
        ensure!(undone == swapped, "undo: {undone:?}, before: {swapped:?}");
        browser.click("redo").await?;
        browser.settled().await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_scene_edit_that_changes_the_true_answer_is_told() -> Result<()> {
    drive("truth", async |browser, _server| {
        let clean = browser.open_clean().await?;
        browser.click("question-menu").await?;
        browser.click("ask-count").await?;
        browser.settled().await?;
        browser.add("add_object").await?;
        let added = browser.settled().await?;
        ensure!(added.pixels != clean.pixels, "the new object is not drawn");
        ensure!(!browser.text("truth").await?.is_empty());
        Ok(())
    })
    .await
}
