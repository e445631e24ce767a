//! tests/wasm-runner
fn main() {}
