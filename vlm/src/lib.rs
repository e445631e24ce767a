//! vlm
