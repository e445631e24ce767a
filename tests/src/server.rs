//! The server as a visitor would run it: the `flipside` binary of this build, on a port of its own choosing.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::source::root;

/// The folder into which `cargo xtask page` builds.
pub fn page_dir() -> PathBuf {
    root().join("target/page")
}

/// The folder of a build's outputs in which this test itself lies: `target/debug`.
///
/// # Errors
/// When the test was moved out of it.
pub fn build_dir() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test.parent().and_then(Path::parent).context("the test lies in no build folder")?;
    Ok(folder.to_path_buf())
}

/// A running `flipside serve`, stopped when dropped.
pub struct Server {
    child: Child,
    /// `http://HOST:PORT`, as the server printed it.
    pub address: String,
    /// Where it looks for runs.
    pub runs_dir: PathBuf,
}

/// The `flipside` command of this build.
///
/// # Errors
/// When it is not built.
pub fn flipside() -> Result<Command> {
    let binary = build_dir()?.join("flipside");
    if !binary.is_file() {
        bail!("no flipside at {}; `cargo xtask test` builds it", binary.display());
    }
    Ok(Command::new(binary))
}

impl Server {
    /// Starts the server with the built page; what it logs and stores stays in `folder`.
    ///
    /// # Errors
    /// When the server or the page is not built, or the server does not come to take requests.
    pub fn start(folder: &Path) -> Result<Self> {
        let mut command = flipside()?;
        if !page_dir().join("index.html").is_file() {
            bail!("no page in {}; `cargo xtask page` builds it", page_dir().display());
        }
        let log = folder.join("server.log");
        let mut child = command
            .args(["serve", "--port", "0", "--page-dir"])
            .arg(page_dir())
            .arg("--data-dir")
            .arg(folder.join("data"))
            .arg("--runs-dir")
            .arg(folder.join("runs"))
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .context("cannot start the server")?;
        let mut lines = BufReader::new(child.stdout.take().context("the server has no output")?).lines();
        let printed = lines.find_map(|line| line.ok().as_deref().and_then(address_in));
        // The rest is read away: a server whose output is full would stand still.
        std::thread::spawn(move || lines.for_each(drop));
        let mut server = Server { child, address: String::new(), runs_dir: folder.join("runs") };
        server.address = printed.with_context(|| {
            let _ = server.child.kill();
            format!("the server printed no address:\n{}", fs::read_to_string(&log).unwrap_or_default())
        })?;
        Ok(server)
    }

    /// Ends the server, as a crash would.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// `http://HOST:PORT` in a line of the server's output.
fn address_in(line: &str) -> Option<String> {
    let address = &line[line.find("http://")?..];
    let authority = &address["http://".len()..];
    let end =
        authority.find(|c: char| !c.is_alphanumeric() && !".:-[]".contains(c)).unwrap_or(authority.len());
    Some(format!("http://{}", &authority[..end]))
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn the_address_ends_at_its_port() {
        assert_eq!(
            address_in("Flipside is at http://127.0.0.1:4711/ (ctrl-c)"),
            Some("http://127.0.0.1:4711".into())
        );
        assert_eq!(address_in("no address here"), None);
    }
}
