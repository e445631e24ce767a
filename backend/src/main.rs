//! The `flipside` binary; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    flipside_backend::cli::main()
}
