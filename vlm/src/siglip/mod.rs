//! SigLIP: a vision tower that other families look through too.

pub mod vision;
