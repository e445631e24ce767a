//! Statistics over metrics: how sure a number is, and whether two numbers differ.
//!
//! Perturbed versions of one image, and questions about one scene, are not independent samples. Whatever is uncertain
//! here is therefore computed over [`clusters::Clusters`].

pub mod bootstrap;
pub mod clustered;
pub mod clusters;
pub mod correlation;
pub mod kendall;
pub mod mcnemar;
mod normal;
mod quantile;
mod ranks;
pub mod sign_flip;
pub mod wilcoxon;

pub(super) use quantile::quantile;
