//! Time and chance.

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
