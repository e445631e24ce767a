//! Answers of the server that come as they are computed.

use super::judging::png;
use crate::api::{self, Failure};
use crate::worker::WorkerClient;
use flipside_shared::api::ErrorCode;
use flipside_shared::worker_protocol::Picture;
use web_sys::AbortSignal;

/// A request for such an answer.
pub struct Streaming {
    /// The worker, for the clean picture where the server asks for it.
    pub worker: WorkerClient,
    /// The worker's id of the recipe.
    pub applied: Option<u32>,
    /// The request's path.
    pub path: &'static str,
    /// The request, as JSON.
    pub request: String,
}

impl Streaming {
    /// Hands on the data of every event as it comes.
    pub async fn run(
        &self,
        signal: &AbortSignal,
        on_data: &dyn Fn(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let result = api::stream(self.path, &self.request, None, signal, on_data).await;
        match (result, self.applied) {
            (Err(failure), Some(applied)) if failure.code() == Some(ErrorCode::CleanImageNeeded) => {
                let clean = png(&self.worker, applied, Picture::Clean).await?;
                api::stream(self.path, &self.request, Some(&clean), signal, on_data).await
            }
            (result, _) => result,
        }
    }
}
