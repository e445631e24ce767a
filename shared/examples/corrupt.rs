//! Corrupts PNG files as told on standard input, one `INPUT KIND SEVERITY SEED OUTPUT REPEATS` a line, and prints the
//! shortest time of the corruption alone in milliseconds: what tests/parity/corruptions.py drives.

use flipside_shared::image_file::{DecodeLimits, decode, encode_png};
use flipside_shared::perturb::corruption::{CorruptionKind, corrupt};
use std::error::Error;
use std::io::Write;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut known = None;
    for line in std::io::stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let [input, kind, severity, seed, output, repeats] = words[..] else {
            return Err(format!("not six words: {line}").into());
        };
        let kind = CorruptionKind::from_id(kind).ok_or_else(|| format!("no corruption is called {kind}"))?;
        if known.as_ref().is_none_or(|(name, _)| name != input) {
            let picture = decode(&std::fs::read(input)?, DecodeLimits::default())?.raster;
            known = Some((input.to_owned(), picture));
        }
        let Some((_, picture)) = &known else { continue };
        let (severity, seed): (f64, u64) = (severity.parse()?, seed.parse()?);
        let mut shortest = f64::INFINITY;
        for _ in 0..repeats.parse::<u32>()?.max(1) {
            let begun = Instant::now();
            let corrupted = corrupt(kind, severity, picture, seed);
            shortest = shortest.min(begun.elapsed().as_secs_f64() * 1e3);
            if output != "-" {
                std::fs::write(output, encode_png(&corrupted))?;
            }
        }
        println!("{shortest:.3}");
        std::io::stdout().flush()?;
    }
    Ok(())
}
