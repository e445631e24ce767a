//! Admission before work: a request gets a place or a refusal before anything is decoded, rendered or queued.

use super::EngineError;
use crate::telemetry::{QUEUE_DEPTH, QUEUE_REFUSED};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// When a refused client should try again, in seconds: about as long as a full queue of cached-clean verdicts takes.
const RETRY_AFTER_S: u32 = 2;

/// The places there are.
#[derive(Clone)]
pub struct Admission {
    places: Arc<Semaphore>,
}

/// A request's place in the queue, kept until its answer is ready.
pub struct Permit {
    _place: OwnedSemaphorePermit,
}

impl Admission {
    /// A queue of `capacity` places.
    pub fn new(capacity: u32) -> Self {
        Self { places: Arc::new(Semaphore::new(capacity as usize)) }
    }

    /// Takes a place.
    ///
    /// # Errors
    /// [`EngineError::QueueFull`] when there is none.
    pub fn admit(&self) -> Result<Permit, EngineError> {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => {
                metrics::gauge!(QUEUE_DEPTH).increment(1.0);
                Ok(Permit { _place: place })
            }
            Err(_) => {
                metrics::counter!(QUEUE_REFUSED).increment(1);
                Err(EngineError::QueueFull { retry_after_s: RETRY_AFTER_S })
            }
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        metrics::gauge!(QUEUE_DEPTH).decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_refuses_until_a_place_is_free() {
        let admission = Admission::new(1);
        let place = admission.admit().unwrap();
        assert!(matches!(admission.admit(), Err(EngineError::QueueFull { .. })));
        drop(place);
        assert!(admission.admit().is_ok());
    }
}
