//! Makes cargo notice new files in the two folders that a release build embeds; a debug build reads them as it runs.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo:rerun-if-changed=../target/page");
        println!("cargo:rerun-if-changed=../vlm/models/embedded");
    }
}
