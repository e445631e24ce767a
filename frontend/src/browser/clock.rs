//! Time and chance.

use js_sys::{Function, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

/// Milliseconds on the page's clock.
pub fn now_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// A seed short enough to read out.
pub fn random_seed() -> u64 {
    // Below 2^20, so the conversion is exact.
    (js_sys::Math::random() * 1_048_576.0) as u64
}

/// A name for this tab, so that the server can tell its requests from another tab's.
pub fn tab_name() -> String {
    format!("tab-{:08x}{:08x}", random_seed(), random_seed())
}

/// Waits.
pub async fn wait(time_ms: u32) {
    let promise = Promise::new(&mut |done, _| {
        call_after(time_ms, &done);
    });
    // Never rejected.
    let _ = JsFuture::from(promise).await;
}

/// A call to come. Dropping it takes it back.
pub struct Later {
    handle: Option<i32>,
    _run: Closure<dyn FnMut()>,
}

impl Later {
    /// Calls `run` after a while.
    pub fn new(time_ms: u32, run: impl FnOnce() + 'static) -> Self {
        let run = Closure::once(run);
        Self { handle: call_after(time_ms, run.as_ref().unchecked_ref()), _run: run }
    }

    /// Nothing takes it back.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Later {
    fn drop(&mut self) {
        if let (Some(window), Some(handle)) = (web_sys::window(), self.handle) {
            window.clear_timeout_with_handle(handle);
        }
    }
}

fn call_after(time_ms: u32, run: &Function) -> Option<i32> {
    web_sys::window()?.set_timeout_with_callback_and_timeout_and_arguments_0(run, time_ms as i32).ok()
}
