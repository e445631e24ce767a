//! Evaluations with the stand-in model: whole, interrupted, in shards, and with bad samples; and what is made of runs.

#[cfg(test)]
mod bench_c;
#[cfg(test)]
mod counted_run;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod runs;
#[cfg(test)]
#[expect(dead_code, reason = "the tests of the server pull more of its strings")]
#[path = "../http/stand_in.rs"]
mod stand_in;
