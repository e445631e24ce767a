//! The page in Chinese, whose words are a file of their own.

use anyhow::{Result, ensure};
use flipside_tests::browser::drive;

/// Whether the file of Chinese words was asked for.
const ASKED: &str = "performance.getEntriesByType('resource').some(entry => entry.name.includes('/chinese'))";
/// Whether a message, an operation and a preset are said in Chinese.
const CHINESE: &str = "document.documentElement.lang === 'zh-CN'
  && document.querySelector('[data-testid=add-operation]').textContent === '添加'
  && document.querySelector('[data-testid=add-translate]').textContent.startsWith('平移')
  && document.querySelector('[data-testid=preset-rotation]').textContent === '一转就变'";
const ENGLISH: &str = "document.querySelector('[data-testid=add-operation]').textContent === 'Add'
  && document.querySelector('[data-testid=add-translate]').textContent.startsWith('Translation')
  && document.querySelector('[data-testid=preset-rotation]').textContent === 'A turn that flips'";

#[tokio::test]
async fn chinese_comes_when_it_is_asked_for_and_stays() -> Result<()> {
    drive("chinese", async |browser, _server| {
        browser.open("/").await?;
        browser.settled().await?;
        ensure!(browser.value(ENGLISH).await? == true, "the page does not begin in English");
        ensure!(browser.value(ASKED).await? == false, "Chinese is fetched for those who do not read it");
        browser.click("language").await?;
        browser.until(CHINESE).await?;
        browser.open("/").await?;
        browser.until(CHINESE).await?;
        browser.keep_picture("lab_chinese").await?;
        browser.click("language").await?;
        browser.until(ENGLISH).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn english_stands_where_chinese_does_not_come() -> Result<()> {
    drive("chinese_gone", async |browser, _server| {
        browser.open("/").await?;
        let gone = "(window.kept = window.fetch, window.fetch = (path, ...rest) =>
            String(path).includes('/chinese') ? Promise.reject(new TypeError('gone')) : window.kept(path, ...rest), true)";
        browser.value(gone).await?;
        browser.click("language").await?;
        browser.until("document.documentElement.lang === 'zh-CN'").await?;
        browser.settled().await?;
        ensure!(browser.value(ENGLISH).await? == true, "the page lost its words");
        browser.value("(window.fetch = window.kept, true)").await?;
        browser.click("language").await?;
        browser.click("language").await?;
        browser.until(CHINESE).await?;
        Ok(())
    })
    .await
}
