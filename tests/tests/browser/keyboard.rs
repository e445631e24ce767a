//! Everything without a mouse.

use anyhow::{Result, ensure};
use flipside_tests::browser::drive;
use thirtyfour::Key;

#[tokio::test]
async fn an_operation_is_added_moved_undone_and_deleted_with_keys_alone() -> Result<()> {
    drive("keyboard", async |browser, _server| {
        browser.open("/").await?;
        let opened = browser.settled().await?;
        let before = browser.stack().await?.len();

        browser.press('a').await?;
        ensure!(
            browser.focus().await?.as_deref() == Some("add-operation"),
            "the shortcut A goes to the menu"
        );
        browser.press(Key::Enter).await?;
        browser.tab_to("add-translate").await?;
        browser.press(Key::Enter).await?;
        browser.settled().await?;
        ensure!(browser.stack().await?.len() == before + 1);

        browser.tab_to(&format!("param-{before}-dx_px")).await?;
        for _ in 0..5 {
            browser.press(Key::Right).await?;
        }
        let moved = browser.settled().await?;
        ensure!(moved.pixels != opened.pixels, "arrow keys do not move the slider");

        if before > 0 {
            browser.tab_to(&format!("grip-{before}")).await?;
            browser.press(Key::Up).await?;
            browser.settled().await?;
            ensure!(
                browser.stack().await?[before - 1] == "translate",
                "the arrow key does not move the step"
            );
            ensure!(
                browser.focus().await? == Some(format!("grip-{}", before - 1)),
                "the focus follows the step"
            );
        }
        ensure!(browser.console_errors().await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn whatever_has_the_focus_shows_it() -> Result<()> {
    drive("focus", async |browser, _server| {
        browser.open("/").await?;
        browser.settled().await?;
        for _ in 0..25 {
            browser.press(Key::Tab).await?;
            let shown = browser
                .value(
                    "(() => { const at = document.activeElement;
                       const look = at.classList.contains('visually-hidden')
                         ? document.querySelector(`label[for='${at.id}']`) || at : at;
                       const style = getComputedStyle(look);
                       return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
                         || style.boxShadow !== 'none' ? '' : look.outerHTML.slice(0, 200); })()",
                )
                .await?;
            ensure!(shown == "", "no outline shows the focus on {shown}");
        }
        Ok(())
    })
    .await
}
