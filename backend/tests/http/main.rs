//! The server through `app()`, without a socket: verdicts, curves, every kind of bad input, and what happens around
//! a model that is busy, fails or panics. The model is a stand-in; what is under test is everything around it.

mod bad_pictures;
mod bad_questions;
mod bad_recipes;
mod bad_requests;
mod curves;
mod lab;
mod stand_in;
mod surface;
mod trouble;
mod verdicts;
