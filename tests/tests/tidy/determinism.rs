//! The same recipe gives the same bytes everywhere: what `shared` must not call for that.

use flipside_tests::source::{SourceFile, files, names};

/// Methods of f32 and f64 whose results differ between machines and targets; `libm` has them all.
const INEXACT_METHODS: [&str; 32] = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "cos",
    "cosh",
    "exp",
    "exp2",
    "exp_m1",
    "hypot",
    "ln",
    "ln_1p",
    "log",
    "log10",
    "log2",
    "mul_add",
    "powf",
    "powi",
    "sin",
    "sin_cos",
    "sinh",
    "tan",
    "tanh",
    "to_degrees",
    "to_radians",
    "gamma",
    "ln_gamma",
    "algebraic_add",
];

/// What an impure or unordered value comes from.
const IMPURE_NAMES: [&str; 20] = [
    "HashMap",
    "HashSet",
    "Instant",
    "SystemTime",
    "Mutex",
    "RwLock",
    "OnceLock",
    "LazyLock",
    "OnceCell",
    "Atomic",
    "AtomicUsize",
    "AtomicU64",
    "thread_local",
    "println",
    "eprintln",
    "print",
    "eprint",
    "thread",
    "env",
    "fs",
];

fn inexact_call(code: &str) -> Option<&'static str> {
    INEXACT_METHODS.into_iter().find(|method| {
        let call = format!(".{method}(");
        let path = [format!("f32::{method}"), format!("f64::{method}")];
        code.contains(&call) || path.iter().any(|path| names(code, path))
    })
}

fn shared() -> Vec<SourceFile> {
    let sources = files("shared/src", &["rs"]);
    assert!(sources.len() > 10, "only {} files found", sources.len());
    sources
}

#[test]
fn an_inexact_call_is_recognised() {
    assert_eq!(inexact_call("let y = x.sin();"), Some("sin"));
    assert_eq!(inexact_call("a.map(f32::exp)"), Some("exp"));
    assert_eq!(inexact_call("let y = libm::sinf(x); list.sort(); x.sqrt()"), None);
}

#[test]
fn shared_takes_its_transcendental_functions_from_libm() {
    let mut found = Vec::new();
    for file in shared() {
        for line in file.product_lines() {
            if let Some(method) = inexact_call(line.code) {
                found.push(format!("{}:{}: {method}", file.path, line.number));
            }
        }
    }
    assert!(found.is_empty(), "use libm, whose bytes are the same everywhere:\n{}", found.join("\n"));
}

#[test]
fn shared_has_no_clock_thread_log_file_environment_or_state() {
    let mut found = Vec::new();
    for file in shared() {
        for line in file.product_lines() {
            let from_std =
                line.code.contains("std::") || line.code.contains('!') || line.code.contains("Hash");
            let state = line.code.contains("static mut");
            let name = IMPURE_NAMES.into_iter().find(|name| from_std && names(line.code, name));
            if let Some(name) = name.or(state.then_some("static mut")) {
                found.push(format!("{}:{}: {name}", file.path, line.number));
            }
        }
    }
    assert!(found.is_empty(), "shared is pure: values in, values out:\n{}", found.join("\n"));
}

#[test]
fn shared_is_unsafe_only_in_simd_modules() {
    for file in shared().iter().filter(|file| !file.path.contains("simd")) {
        let line = file.product_lines().find(|line| names(line.code, "unsafe"));
        assert!(line.is_none(), "{}:{} is unsafe", file.path, line.map_or(0, |line| line.number));
    }
}

#[test]
fn the_accelerator_is_named_in_one_file_of_the_model_crate() {
    let gated = |file: &SourceFile| {
        file.product_lines()
            .any(|line| line.code.contains("feature = \"cuda\"") || line.code.contains("feature = \"metal\""))
    };
    let all: Vec<String> = [
        "shared/src",
        "vlm/src",
        "backend/src",
        "frontend/src",
        "frontend/worker/src",
        "vlm/examples",
        "vlm/tests",
    ]
    .iter()
    .flat_map(|folder| files(folder, &["rs"]))
    .filter(gated)
    .map(|file| file.path)
    .collect();
    assert_eq!(all, ["vlm/src/device.rs"], "whoever needs a device is given one");
}
