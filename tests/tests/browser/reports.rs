//! From the lab to the reports and back: a run on the server, a family of it, a point, and the lab on that recipe.

use anyhow::{Context, Result, ensure};
use flipside_tests::browser::drive;
use flipside_tests::server::flipside;
use std::fs;

#[tokio::test]
async fn a_point_of_a_report_lands_in_the_lab_on_its_recipe() -> Result<()> {
    drive("reports", async |browser, server| {
        // What an earlier build left may be of other weights.
        let _ = fs::remove_dir_all(&server.runs_dir);
        browser.open("/").await?;
        browser.click("reports").await?;
        browser.until("document.body.innerText.includes('No runs yet')").await?;

        let made = flipside()?
            .args(["evaluate", "--world", "2", "--seed", "5", "--families", "translation,rotation", "--out"])
            .arg(server.runs_dir.join("first"))
            .output()?;
        ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        browser.driver.refresh().await?;
        follow(browser, "a.card").await?;
        browser.until("document.querySelectorAll('figure svg').length >= 3").await?;
        follow(browser, "tbody th a[href*='/family/rotation']").await?;
        browser.until("document.querySelectorAll('circle.point').length > 10").await?;
        browser
            .until(
                "[...document.images].slice(0, 2).every(image => image.complete && image.naturalWidth > 0)",
            )
            .await?;
        let errors = browser.console_errors().await?;
        ensure!(errors.is_empty(), "the pages break the policy or miss a file: {errors:?}");
        browser.keep_picture("reports").await?;

        let asked = browser.value("document.querySelector('.predictions tbody td.words').innerText").await?;
        follow(browser, ".predictions tbody a[href*='/open?']").await?;
        browser.until("document.querySelector('[data-testid=lab]')").await?;
        ensure!(browser.stack().await? == ["rotate"], "the stack is {:?}", browser.stack().await?);
        let shown = browser.value("document.querySelector('[data-testid=lab]').innerText").await?;
        let asked = asked.as_str().context("a question")?;
        let inputs = browser
            .value("[...document.querySelectorAll('input, textarea')].map(i => i.value).join('|')")
            .await?;
        let seen = format!("{shown}{inputs}");
        ensure!(seen.contains(asked), "{asked:?} is not asked in {seen}");
        browser.settled().await?;
        Ok(())
    })
    .await
}

/// Follows the first link of this kind.
async fn follow(browser: &flipside_tests::browser::Browser, css: &str) -> Result<()> {
    browser.until(&format!("document.querySelector(\"{css}\")")).await?;
    browser.driver.execute(format!("document.querySelector(\"{css}\").click()"), Vec::new()).await?;
    Ok(())
}
