//! What a visitor sees first.

use anyhow::Result;
use flipside_tests::browser::drive;

#[tokio::test]
async fn the_page_opens_without_a_complaint() -> Result<()> {
    drive("opens", async |browser, _server| {
        browser.open("/").await?;
        assert_eq!(browser.driver.title().await?, "Flipside");
        assert_eq!(browser.console_errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}
