//! The state in the page's address.

use flipside_shared::lab::LabState;
use flipside_shared::recipe::RecipeError;
use wasm_bindgen::JsValue;

/// The state that the address holds, or what is wrong with it; none when it holds none.
pub fn opened() -> Option<Result<LabState, RecipeError>> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let link = hash.trim_start_matches('#');
    (!link.is_empty()).then(|| LabState::from_link(link))
}

/// Writes a link into the address without a new entry in the browser's history.
pub fn show(link: &str) {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        // Browsers refuse when it is called too often; the next change writes it again.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
    }
}

/// The whole address with this link.
pub fn with_link(link: &str) -> Option<String> {
    let location = web_sys::window()?.location();
    Some(format!("{}{}#{link}", location.origin().ok()?, location.pathname().ok()?))
}
