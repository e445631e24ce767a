//! SigLIP: a vision tower that other families look through too.

mod passes;
pub mod vision;

pub(crate) use passes::in_passes;
