//! frontend/worker
