//! The lab as a visitor sees and handles it: settled pictures and verdicts, operations, sliders, keys.
//!
//! Everything goes through what the page shows; names in quotes are its `data-testid`s.

use anyhow::{Context, Result, bail, ensure};
use thirtyfour::Key;
use thirtyfour::prelude::*;

use crate::browser::Browser;

/// What the page shows once picture and verdict belong to its present state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// SHA-256 of the perturbed picture's pixels.
    pub pixels: String,
    /// Answers, probabilities, margin, energy and drift, as text.
    pub verdict: String,
    /// Whether the answer differs from the clean one.
    pub flipped: bool,
}

/// True once nothing is under way: the picture is drawn, and the verdict is that of the state shown.
const SETTLED: &str = "(() => {
  const of = name => document.querySelector(`[data-testid=${name}]`);
  const verdict = of('verdict'), picture = of('picture');
  if (verdict.getAttribute('aria-busy') !== 'false' || verdict.dataset.stale !== 'false') return null;
  if (picture.dataset.drawn !== 'true' || !picture.dataset.pixelsSha256) return null;
  const parts = ['headline', 'bars', 'margin', 'energy', 'drift'].map(name => of(name).innerText);
  return [picture.dataset.pixelsSha256, parts.join('\\n'), verdict.dataset.flipped];
})()";

impl Browser {
    /// Waits until picture and verdict belong to the present state.
    pub async fn settled(&self) -> Result<Sight> {
        let seen = self.until(SETTLED).await?;
        let text = |index: usize| seen[index].as_str().map(str::to_owned).context("the page shows text");
        Ok(Sight { pixels: text(0)?, verdict: text(1)?, flipped: text(2)? == "true" })
    }

    /// Opens the lab and empties the stack of the preset that it opens with: the clean picture.
    pub async fn open_clean(&self) -> Result<Sight> {
        self.open("/").await?;
        self.settled().await?;
        self.click("clear-steps").await?;
        self.settled().await
    }

    /// Adds an operation through the menu.
    pub async fn add(&self, operation: &str) -> Result<()> {
        self.click("add-operation").await?;
        self.click(&format!("add-{operation}")).await
    }

    /// The operations of the stack from first to last.
    pub async fn stack(&self) -> Result<Vec<String>> {
        let steps =
            self.value("[...document.querySelectorAll('[data-op]')].map(step => step.dataset.op)").await?;
        let names = steps.as_array().context("a list of steps")?;
        Ok(names.iter().filter_map(|name| name.as_str()).map(str::to_owned).collect())
    }

    /// Clicks a button of one step: `move-up`, `move-down`, `duplicate`, `delete`.
    pub async fn click_in_step(&self, step: usize, button: &str) -> Result<()> {
        let css = format!("[data-testid=step-{step}] [data-testid={button}]");
        let button = self.driver.find(By::Css(&css)).await?;
        button.scroll_into_view().await?;
        button.click().await?;
        Ok(())
    }

    /// Presses an arrow key on a slider, as often as asked.
    pub async fn nudge(&self, slider: &str, key: Key, times: usize) -> Result<()> {
        let element = self.element(slider).await?;
        element.scroll_into_view().await?;
        element.focus().await?;
        for _ in 0..times {
            element.send_keys(key.clone()).await?;
        }
        Ok(())
    }

    /// Types a value into a field and leaves it.
    pub async fn enter(&self, field: &str, value: &str) -> Result<()> {
        let element = self.element(field).await?;
        element.scroll_into_view().await?;
        element.click().await?;
        element.send_keys(Key::Control + "a").await?;
        element.send_keys(value.to_owned() + Key::Tab).await?;
        Ok(())
    }

    /// Presses a key wherever the focus is. As the keyboard does, not as `send_keys` of an element does, which takes
    /// keys on a file field for the name of a file.
    pub async fn press(&self, key: impl Into<char>) -> Result<()> {
        let key = key.into();
        self.driver.action_chain().key_down(key).key_up(key).perform().await?;
        Ok(())
    }

    /// Presses Tab until the focus is on the element that the page calls `test_id`.
    pub async fn tab_to(&self, test_id: &str) -> Result<()> {
        const FAR_TOO_OFTEN: usize = 300;
        for _ in 0..FAR_TOO_OFTEN {
            if self.focus().await?.as_deref() == Some(test_id) {
                return Ok(());
            }
            self.press(Key::Tab).await?;
        }
        bail!("Tab never comes to {test_id}")
    }

    /// What the page calls the element with the focus.
    pub async fn focus(&self) -> Result<Option<String>> {
        Ok(self.value("document.activeElement.dataset.testid || null").await?.as_str().map(str::to_owned))
    }

    /// Fails when the page is wider than its window.
    pub async fn ensure_no_sideways_scroll(&self) -> Result<()> {
        let widths = self.value("[document.documentElement.scrollWidth, window.innerWidth]").await?;
        let (content, window) = (widths[0].as_f64(), widths[1].as_f64());
        ensure!(content <= window, "the page is {content:?} px wide in a window of {window:?} px");
        Ok(())
    }
}
