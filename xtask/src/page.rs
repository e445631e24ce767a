//! The page: two wasm modules compiled, bound to JavaScript, and assembled with the shell document, the boot
//! modules, the styles and the static files into `target/page`.
//!
//! | file | from |
//! |---|---|
//! | `index.html` | `/index.html`, links rewritten |
//! | `shell.js`, `shell.wasm` | the crate `frontend` |
//! | `worker.js`, `worker.wasm` | the crate `frontend/worker` |
//! | `boot-shell.js`, `boot-worker.js` | `frontend/boot/{shell,worker}.js` |
//! | `styles.css` | `frontend/styles/*.css`, joined in the order of their names |
//! | all of `frontend/assets/` | as they are |

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::assets::{Assets, FileSize};
use crate::{toolchain, workspace};

/// What a build of the page is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// To be served: optimised, compressed.
    Small,
    /// To be looked at a moment later: quick, and the page reloads itself when it is rebuilt.
    Quick,
}

/// One wasm module of the page.
pub struct Module {
    /// Its name in the page.
    name: &'static str,
    /// The package that it is compiled from.
    package: &'static str,
    /// The profile for pages that are served.
    profile: &'static str,
}

const SHELL: Module = Module { name: "shell", package: "flipside-frontend", profile: "shell" };
const WORKER: Module = Module { name: "worker", package: "flipside-worker", profile: "worker" };

impl Module {
    /// A module that is no part of the page, compiled as the worker is.
    pub const fn like_the_worker(package: &'static str) -> Self {
        Self { name: "", package, profile: "worker" }
    }

    /// Compiles the module and returns where it lies.
    pub fn compile(&self, build: Build) -> Result<PathBuf> {
        let (profile, folder) = match build {
            Build::Small => (self.profile, self.profile),
            Build::Quick => ("dev", "debug"),
        };
        let mut command = workspace::cargo(["build", "--quiet", "--profile", profile]);
        command.args(["--target", toolchain::WASM, "--package", self.package]);
        if self.profile == WORKER.profile {
            // Cargo gives dependencies the features that the named packages want together. Named with the worker, a
            // module like it finds everything compiled already.
            command.args(["--package", WORKER.package]);
        }
        // The variable would replace .cargo/config.toml's flags, and with them simd128.
        command.env_remove("RUSTFLAGS");
        workspace::run(&mut command)?;
        let folder = workspace::target_dir().join(toolchain::WASM).join(folder);
        // Programs keep their dashes, libraries do not.
        let names = [self.package.to_owned(), self.package.replace('-', "_")];
        let files = names.map(|name| folder.join(name).with_extension("wasm"));
        files
            .into_iter()
            .find(|file| file.is_file())
            .with_context(|| format!("{} made no module", self.package))
    }
}

/// Asks the server for the document again and again, and reloads when it differs or when the server was away.
const RELOAD_JS: &str = "\
const page = () => fetch('/', { cache: 'no-store' }).then(reply => reply.text());
let shown = await page(), away = false;
setInterval(async () => {
  try {
    const now = await page();
    if (away || now !== shown) location.reload();
  } catch { away = true; }
}, 700);
";

/// Builds the page into `target/page` and prints its sizes.
pub fn build(build: Build) -> Result<()> {
    toolchain::ensure_wasm_target()?;
    workspace::announce("building the page");
    let modules = [(SHELL.name, SHELL.compile(build)?), (WORKER.name, WORKER.compile(build)?)];
    let assets = assemble(build, &modules)?;
    let sizes = assets.write(&workspace::page_dir(), build == Build::Small)?;
    print_sizes(&sizes);
    Ok(())
}

fn assemble(build: Build, modules: &[(&str, PathBuf)]) -> Result<Assets> {
    let root = workspace::root();
    let frontend = root.join("frontend");
    let mut assets = Assets::default();
    for file in files_in(&frontend.join("assets"))? {
        assets.add_hashed(&name_of(&file), fs::read(&file)?);
    }
    assets.add_hashed("styles.css", assets.link(&styles(&frontend.join("styles"))?).into_bytes());
    for (name, wasm) in modules {
        add_module(&mut assets, name, wasm)?;
    }
    for part in ["worker", "shell"] {
        let text = read(&frontend.join("boot").join(format!("{part}.js")))?;
        assets.add_hashed(&format!("boot-{part}.js"), assets.link(&text).into_bytes());
    }
    let mut document = read(&root.join("index.html"))?;
    if build == Build::Quick {
        assets.add_hashed("reload.js", RELOAD_JS.into());
        document = document.replace("</head>", "<script type=\"module\" src=\"/reload.js\"></script></head>");
    }
    assets.add_plain("index.html", assets.link(&document).into_bytes());
    Ok(assets)
}

/// Binds one compiled wasm file and adds it and its JavaScript as `NAME.wasm` and `NAME.js`.
fn add_module(assets: &mut Assets, name: &str, wasm: &Path) -> Result<()> {
    let bytes = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let mut output = Bindgen::new()
        .input_bytes(name, bytes)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .with_context(|| format!("cannot bind {}", wasm.display()))?;
    if output.snippets().values().any(|inline| !inline.is_empty()) || !output.local_modules().is_empty() {
        bail!("{name} carries inline JavaScript, which the page does not serve");
    }
    // Indentation is for readers, and nobody reads this one.
    let mut script: String = output.js().lines().flat_map(|line| [line.trim(), "\n"]).collect();
    let wasm = output.wasm_mut();
    // Says what the compiler was allowed to use; browsers find out by themselves.
    wasm.customs.remove_raw("target_features");
    let taken_from = format!("./{name}_bg.js");
    replace_once(&mut script, &format!("\"{taken_from}\": "), "\"s\": ")?;
    // The generated names carry a hash each, and there are hundreds.
    for (index, import) in wasm.imports.iter_mut().enumerate() {
        if import.module != taken_from {
            bail!("{name} takes {} from {}; wasm-bindgen has changed", import.name, import.module);
        }
        let short = format!("i{index}");
        replace_once(&mut script, &format!("\n{}:", import.name), &format!("\n{short}:"))?;
        (import.module, import.name) = ("s".to_owned(), short);
    }
    let parts: Vec<_> = wasm.data.iter().map(|data| data.id()).collect();
    for part in parts {
        blank_source_paths(&mut wasm.data.get_mut(part).value);
    }
    assets.add_hashed(&format!("{name}.wasm"), wasm.emit_wasm());
    let by_default = format!("'{name}_bg.wasm'");
    if !script.contains(&by_default) {
        bail!("the JavaScript of {name} does not name {by_default}; wasm-bindgen has changed");
    }
    let script = script.replace(&by_default, &format!("'/{name}.wasm'"));
    assets.add_hashed(&format!("{name}.js"), assets.link(&script).into_bytes());
    Ok(())
}

/// Blanks the names of source files, which only the message of a panic shows: a hundred of them weigh more than many a
/// panel. The line numbers stay.
fn blank_source_paths(data: &mut [u8]) {
    const BEGINNINGS: [&[u8]; 5] =
        [b"/rustc/", b"/rust/deps/", b"frontend/", b"shared/src/", b"/.cargo/registry/"];
    const LONGEST: usize = 160;
    for start in 0..data.len() {
        let rest = &mut data[start..];
        if !BEGINNINGS.iter().any(|beginning| rest.starts_with(beginning)) {
            continue;
        }
        let in_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
        let length = rest.iter().take(LONGEST).take_while(|byte| in_path(byte)).count();
        // Several may stand side by side.
        if let Some(end) = rest[..length].windows(3).position(|part| part == b".rs") {
            rest[..end + 3].fill(b' ');
        }
    }
}

/// Replaces what a generated script has exactly once.
fn replace_once(script: &mut String, before: &str, after: &str) -> Result<()> {
    if script.matches(before).count() != 1 {
        bail!("the script does not have {before:?} just once; wasm-bindgen has changed");
    }
    *script = script.replace(before, after);
    Ok(())
}

fn styles(dir: &Path) -> Result<String> {
    let mut all = String::new();
    for file in files_in(dir)? {
        all.extend(read(&file)?.lines().flat_map(|line| [line.trim(), "\n"]));
    }
    Ok(all)
}

/// The files of a folder by name; none when there is no such folder.
fn files_in(dir: &Path) -> Result<Vec<PathBuf>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|path| path.is_file());
    files.sort();
    Ok(files)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn print_sizes(sizes: &[FileSize]) {
    for size in sizes {
        let brotli = if size.brotli == 0 { String::new() } else { format!("{:>9} brotli", size.brotli) };
        eprintln!("  {:<16} {:>9} bytes {brotli}", size.name, size.raw);
    }
    eprintln!("  in {}", workspace::page_dir().display());
}

#[cfg(test)]
mod tests {
    use super::blank_source_paths;

    #[test]
    fn only_names_of_source_files_are_blanked() {
        let mut data =
            b"ab/rustc/1f/library/a.rsfrontend/src/b.rsThe frontend/ of all; shared/src/none".to_vec();
        blank_source_paths(&mut data);
        assert_eq!(data, b"ab                                       The frontend/ of all; shared/src/none");
    }
}
