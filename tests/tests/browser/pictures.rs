//! The visitor's own picture.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use flipside_shared::image_file::encode_png;
use flipside_shared::scene::{Scene, render};
use flipside_tests::browser::drive;
use flipside_tests::server::build_dir;

fn file(name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let folder = build_dir()?.join("browser-files");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    std::fs::write(&path, bytes)?;
    Ok(path)
}

#[tokio::test]
async fn a_file_becomes_the_source_and_gets_a_verdict() -> Result<()> {
    drive("own_picture", async |browser, _server| {
        let scene = browser.open_clean().await?;
        let png = file("own.png", &encode_png(&render(&Scene::from_seed(99), 320)))?;
        let input = browser.element("own-file").await?;
        input.send_keys(png.to_str().context("a path")?).await?;
        browser.text("own-picture").await?;
        let own = browser.settled().await?;
        ensure!(own.pixels != scene.pixels, "the picture is not shown");
        browser.add("rotate").await?;
        browser.enter("param-0-angle_deg-value", "12").await?;
        let turned = browser.settled().await?;
        ensure!(turned.pixels != own.pixels, "the picture is not turned");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_in_words() -> Result<()> {
    drive("no_picture", async |browser, _server| {
        let scene = browser.open_clean().await?;
        let text = file("letter.png", b"Dear Sir or Madam")?;
        browser.element("own-file").await?.send_keys(text.to_str().context("a path")?).await?;
        let said = browser.text("notice").await?;
        ensure!(said.split_whitespace().count() >= 4, "{said:?} is no sentence");
        ensure!(browser.settled().await? == scene, "a refused file changes nothing");
        Ok(())
    })
    .await
}
