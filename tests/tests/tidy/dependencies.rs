//! Which crate may depend on which.

use std::process::Command;

use flipside_tests::source::root;

const NATIVE: &str = "x86_64-unknown-linux-gnu";
const WASM: &str = "wasm32-unknown-unknown";

fn cargo(args: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(args).current_dir(root()).output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo prints text")
}

/// The names of everything that `package` is built from on `target`, with all its features.
fn built_from(package: &str, target: &str) -> Vec<String> {
    let tree = cargo(&[
        "tree",
        "--offline",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--all-features",
        "--target",
        target,
        "--package",
        package,
    ]);
    tree.lines().skip(1).filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Those of our own crates that `package` names in its manifest, tests aside.
fn ours_declared_by(package: &str) -> Vec<String> {
    let metadata = cargo(&["metadata", "--offline", "--no-deps", "--format-version", "1"]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    let package = packages.iter().find(|entry| entry["name"] == package).expect("the package exists");
    let declared = package["dependencies"].as_array().expect("a list").iter();
    declared
        .filter(|dependency| dependency["kind"].is_null())
        .filter_map(|dependency| dependency["name"].as_str())
        .filter(|name| name.starts_with("flipside-"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn shared_is_built_from_nothing_impure() {
    let banned = [
        "axum",
        "candle-core",
        "candle-nn",
        "chrono",
        "getrandom",
        "hyper",
        "js-sys",
        "log",
        "rand",
        "reqwest",
        "tokio",
        "tracing",
        "wasm-bindgen",
        "web-sys",
        "web-time",
        "yew",
    ];
    for target in [NATIVE, WASM] {
        let names = built_from("flipside-shared", target);
        assert!(names.iter().any(|name| name == "libm"), "the tree is not that of shared: {names:?}");
        let found: Vec<&String> = names.iter().filter(|name| banned.contains(&name.as_str())).collect();
        assert!(found.is_empty(), "shared is pure, and must not be built from {found:?} on {target}");
    }
}

#[test]
fn the_program_is_built_without_cuda_unless_it_is_asked_for() {
    let tree = cargo(&[
        "tree",
        "--offline",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--package",
        "flipside-backend",
    ]);
    assert!(tree.contains("candle-core"), "the tree is not that of the backend");
    assert!(!tree.contains("cudarc"), "the default program starts where no CUDA is");
}

#[test]
fn our_crates_depend_in_one_direction() {
    let allowed: [(&str, &[&str]); 6] = [
        ("flipside-shared", &[]),
        ("flipside-vlm", &["flipside-shared"]),
        ("flipside-dataset", &["flipside-shared"]),
        ("flipside-backend", &["flipside-shared", "flipside-vlm", "flipside-dataset"]),
        ("flipside-frontend", &["flipside-shared"]),
        ("flipside-worker", &["flipside-shared"]),
    ];
    for (package, may_use) in allowed {
        let mut surplus = ours_declared_by(package);
        surplus.retain(|name| !may_use.contains(&name.as_str()));
        assert!(surplus.is_empty(), "{package} must not depend on {surplus:?}");
    }
}

#[test]
fn the_page_knows_neither_server_nor_model() {
    for package in ["flipside-frontend", "flipside-worker"] {
        let names = built_from(package, WASM);
        for banned in ["axum", "candle-core", "reqwest"] {
            assert!(!names.iter().any(|name| name == banned), "{package} must not be built from {banned}");
        }
    }
}
