//! The server through `app()`, without a socket: verdicts, curves, metrics, every kind of bad input, and what happens
//! around a model that is busy, fails or panics. The model is a stand-in; what is under test is everything around it.

#[cfg(test)]
mod bad_pictures;
#[cfg(test)]
mod bad_questions;
#[cfg(test)]
mod bad_recipes;
#[cfg(test)]
mod bad_requests;
#[cfg(test)]
#[path = "../evaluate/counted_run.rs"]
mod counted_run;
#[cfg(test)]
mod curves;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod measures;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod stand_in;
#[cfg(test)]
mod stopping;
#[cfg(test)]
mod surface;
#[cfg(test)]
mod trouble;
#[cfg(test)]
mod verdicts;
