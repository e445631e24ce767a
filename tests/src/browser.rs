//! Headless Chromium before the built page: one driver, one fresh profile and one server for each test.
//!
//! A test asks the page to become something ([`Browser::until`]) and never waits for a time. What it leaves behind
//! is in `target/browser-tests/NAME`: the server's log, and after a failure `page.png` and `page.txt` (address and
//! console).

use std::fs;
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures::FutureExt;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel};

use crate::server::Server;
use crate::source::root;

/// The longest that the page may take to become what a test asks for. Generous: tests share two cores.
const PATIENCE_MS: u64 = 60_000;

/// The window, CSS pixels, unless a test asks for another.
const DESK_PX: (u32, u32) = (1280, 900);

const CHROMIUM_FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A browser window on the page of a running server.
pub struct Browser {
    /// The WebDriver session, for what has no name here.
    pub driver: WebDriver,
    /// The server's address without a slash at its end.
    pub address: String,
}

/// Runs `test` in a fresh browser before a fresh server. `name` names what is left behind on failure.
///
/// # Panics
/// When the test does, after its screenshot.
pub async fn drive(name: &str, test: impl AsyncFnOnce(&Browser, &mut Server) -> Result<()>) -> Result<()> {
    let mut server = Server::start(&folder_of(name)?)?;
    let address = server.address.clone();
    drive_at(name, &address, async |browser| test(browser, &mut server).await).await
}

/// Runs `test` in a fresh browser before whatever answers at `address`.
///
/// # Panics
/// When the test does, after its screenshot.
pub async fn drive_at(
    name: &str,
    address: &str,
    test: impl AsyncFnOnce(&Browser) -> Result<()>,
) -> Result<()> {
    let driver_process = DriverProcess::start()?;
    let driver = WebDriver::new(&driver_process.address, capabilities()?).await?;
    let browser = Browser { driver, address: address.to_owned() };
    let outcome = AssertUnwindSafe(async {
        browser.driver.set_script_timeout(Duration::from_millis(2 * PATIENCE_MS)).await?;
        browser.resize(DESK_PX).await?;
        test(&browser).await
    })
    .catch_unwind()
    .await;
    if !matches!(outcome, Ok(Ok(()))) {
        browser.leave_behind(name).await;
    }
    // Quit first: a driver that is killed leaves its Chromium running.
    browser.driver.quit().await?;
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}

impl Browser {
    /// Opens a path of the server, and waits until the page has drawn the lab.
    pub async fn open(&self, path: &str) -> Result<()> {
        self.driver.goto(format!("{}{path}", self.address)).await?;
        self.until("document.querySelector('[data-testid=lab]')").await?;
        Ok(())
    }

    /// Sets the size of the page, CSS pixels; below Chromium's narrowest window too.
    pub async fn resize(&self, (width_px, height_px): (u32, u32)) -> Result<()> {
        let size = json!({ "width": width_px, "height": height_px, "deviceScaleFactor": 1, "mobile": false });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    /// Makes the page believe that the visitor prefers `scheme`: `light` or `dark`.
    pub async fn prefer(&self, scheme: &str) -> Result<()> {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    /// Waits until the JavaScript expression is true, and returns its value. An expression that throws is not
    /// true yet.
    pub async fn until(&self, condition: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1], end = performance.now() + {PATIENCE_MS};
             const look = () => {{
               let seen = null;
               try {{ seen = ({condition}); }} catch {{}}
               if (seen) return done(seen instanceof Node ? true : seen);
               if (performance.now() > end) return done(null);
               setTimeout(look, 25);
             }};
             look();"
        );
        let value = self.driver.execute_async(script, Vec::new()).await?.json().clone();
        if value.is_null() {
            bail!("the page never came to: {condition}");
        }
        Ok(value)
    }

    /// The value of a JavaScript expression now.
    pub async fn value(&self, expression: &str) -> Result<Value> {
        Ok(self.driver.execute(format!("return ({expression});"), Vec::new()).await?.json().clone())
    }

    /// The element that the page calls `test_id`, once it is there.
    pub async fn element(&self, test_id: &str) -> Result<WebElement> {
        let css = format!("[data-testid={test_id}]");
        self.until(&format!("document.querySelector('{css}')")).await?;
        Ok(self.driver.find(By::Css(&css)).await?)
    }

    /// The text of the element that the page calls `test_id`, once it has one.
    pub async fn text(&self, test_id: &str) -> Result<String> {
        let text = self
            .until(&format!("document.querySelector('[data-testid={test_id}]').innerText.trim()"))
            .await?;
        Ok(text.as_str().context("text is text")?.to_owned())
    }

    /// Clicks the element that the page calls `test_id`.
    pub async fn click(&self, test_id: &str) -> Result<()> {
        let element = self.element(test_id).await?;
        element.scroll_into_view().await?;
        element.click().await?;
        Ok(())
    }

    /// Keeps a picture of the window as `target/browser-tests/NAME/page.png`, for people to look at.
    pub async fn keep_picture(&self, name: &str) -> Result<()> {
        Ok(self.driver.screenshot(&folder_of(name)?.join("page.png")).await?)
    }

    /// What the page has logged as an error since the last question: exceptions, refused loads, violations of
    /// the content security policy.
    pub async fn console_errors(&self) -> Result<Vec<String>> {
        let log = self.driver.browser_log().await?;
        Ok(log.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message).collect())
    }

    async fn leave_behind(&self, name: &str) {
        let errors = self.console_errors().await.unwrap_or_default();
        let url = self.driver.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        let Ok(folder) = folder_of(name) else { return };
        let _ = fs::write(folder.join("page.txt"), format!("{url}\n{}\n", errors.join("\n")));
        let _ = self.driver.screenshot(&folder.join("page.png")).await;
        eprintln!("the page as it was: {}\nconsole: {errors:#?}", folder.display());
    }
}

/// Where a test leaves what it leaves.
fn folder_of(name: &str) -> Result<PathBuf> {
    let folder = root().join("target/browser-tests").join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn capabilities() -> Result<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    for flag in CHROMIUM_FLAGS {
        capabilities.add_arg(flag)?;
    }
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}

/// A running chromedriver, stopped when dropped. It gives each session a fresh profile.
struct DriverProcess {
    child: Child,
    address: String,
}

impl DriverProcess {
    fn start() -> Result<Self> {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start chromedriver; `cargo xtask test` looks for it")?;
        let mut lines = BufReader::new(child.stdout.take().context("chromedriver has no output")?).lines();
        let port = lines.find_map(|line| port_in(&line.ok()?));
        std::thread::spawn(move || lines.for_each(drop));
        let mut process = DriverProcess { child, address: String::new() };
        process.address = format!("http://127.0.0.1:{}", port.context("chromedriver printed no port")?);
        Ok(process)
    }
}

impl Drop for DriverProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The port in chromedriver's `... was started successfully on port 12345.`
fn port_in(line: &str) -> Option<u16> {
    line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::port_in;

    #[test]
    fn the_port_is_read_from_the_line_that_says_that_it_is_open() {
        assert_eq!(port_in("ChromeDriver was started successfully on port 36457."), Some(36457));
        assert_eq!(port_in("Starting ChromeDriver 156.0.8078.79 on port 0"), None);
    }
}
