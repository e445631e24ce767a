//! The page's entry: mounts the shell on the document's body.
//!
//! Natively there is no document: `main` says so, and the rest of the crate is tested without one.

#[cfg(target_arch = "wasm32")]
fn main() {
    yew::Renderer::<shell::Shell>::new().render();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("this is the page: build it with `cargo xtask page`");
}

#[cfg(target_arch = "wasm32")]
mod shell {
    use yew::prelude::*;

    #[component]
    pub fn Shell() -> Html {
        html! { <main data-testid="lab"><h1>{ "Flipside" }</h1></main> }
    }
}
