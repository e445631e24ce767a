//! Answers that come as they are computed, as server-sent events.

use super::{respond, services::Services};
use crate::{
    engine::{EngineError, Permit},
    error::Error,
};
use axum::response::sse::{Event, KeepAlive, Sse};
use flipside_shared::api::ErrorBody;
use futures::{Stream, stream};
use serde::Serialize;
use std::convert::Infallible;
use tokio::sync::mpsc;

/// Events that may wait for a slow reader; the computation waits when they are taken up.
const EVENTS_AHEAD: usize = 16;

/// What is streamed and for whom.
pub struct Streamed {
    /// The server's parts.
    pub services: Services,
    /// Its place in the queue, kept until the end.
    pub permit: Permit,
    /// The request's id in the log.
    pub request_id: String,
}

impl Streamed {
    /// Streams what `work` sends; `failed` makes the last event of one that breaks off.
    ///
    /// The work runs by itself, so that it computes ahead of the reader; it should end when the reader's half is
    /// dropped.
    pub fn events<E: Serialize + Send + 'static, F, W>(
        self,
        work: F,
        failed: fn(ErrorBody) -> E,
    ) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<E, F, W>>
    where
        F: FnOnce(mpsc::Sender<E>) -> W,
        W: Future<Output = Result<(), EngineError>> + Send + 'static,
    {
        let Self { services, permit, request_id } = self;
        let (events, received) = mpsc::channel(EVENTS_AHEAD);
        let work = work(events.clone());
        tokio::spawn(async move {
            let _permit = permit;
            let outcome = tokio::select! {
                biased;
                () = services.stopping.cancelled() => Err(Error::ShuttingDown),
                outcome = work => outcome.map_err(Error::from),
            };
            if let Err(error) = outcome {
                let _ = events.send(failed(respond::body(&error, &request_id))).await;
            }
        });
        let stream = stream::unfold(received, |mut received| async {
            let event: E = received.recv().await?;
            // Numbers and text only, so this always works; an empty event would be ignored by readers.
            Some((Ok(Event::default().json_data(&event).unwrap_or_default()), received))
        });
        Sse::new(stream).keep_alive(KeepAlive::default())
    }
}
