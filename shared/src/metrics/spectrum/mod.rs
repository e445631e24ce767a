//! Spectral sensitivity: how a perturbation spreads over frequencies, and which frequencies an answer rests on
//! (arXiv 2602.06652).
//!
//! [`picture::PictureSpectrum`] is computed once per picture; band energies and coherence are read from it. Filters
//! and band-limited noise give pictures to ask the model about; [`keep_curve`] reads what it answers.

pub mod band_energy;
pub mod band_noise;
pub mod bands;
pub mod coherence;
pub mod fft;
pub mod filter;
pub mod keep_curve;
pub mod picture;
pub mod plane;
