//! How the page of the test gets at the text: where it lies in the module's memory, and its length.

use std::sync::OnceLock;

static TEXT: OnceLock<String> = OnceLock::new();

/// Computes the lines, once, and returns their address.
#[unsafe(no_mangle)]
pub extern "C" fn text_start() -> *const u8 {
    TEXT.get_or_init(crate::lines).as_ptr()
}

/// Length of the text in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn text_length() -> usize {
    TEXT.get_or_init(crate::lines).len()
}
