//! Keeps the chart of the response curve that of its points and of the value now; the worker draws it.

use super::Last;
use crate::page::Page;
use crate::state::Action;
use flipside_shared::worker_protocol::Chart;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The chart that was asked for.
#[derive(Default)]
pub struct Charting {
    asked: Last<Chart>,
    busy: Rc<Cell<bool>>,
}

impl Charting {
    /// Asks for one chart at a time. The page is drawn again when it has come, and what has changed by then is asked for.
    pub fn follow(&mut self, page: &Page) {
        let Some(curve) = page.curve.as_ref().filter(|_| !self.busy.get()) else { return };
        let chart = curve.chart(page.lab(), page.said(curve.plan.param.label));
        if !self.asked.changes_to(chart.clone()) {
            return;
        }
        self.busy.set(true);
        let (busy, worker, sender) = (self.busy.clone(), page.worker.clone(), page.sender.clone());
        spawn_local(async move {
            // Without the worker there is no picture either, and that is told.
            let svg = worker.draw(chart).await.unwrap_or_default();
            busy.set(false);
            sender.dispatch(Action::CurveDrawn(svg.into()));
        });
    }
}
