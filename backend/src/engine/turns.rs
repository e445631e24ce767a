//! Whose turn it is: a newer request of the same client ends the older one, so that a slider in motion never
//! waits for pictures that nobody will look at.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio_util::sync::CancellationToken;

type Holders = Arc<Mutex<HashMap<String, (u64, CancellationToken)>>>;

/// The latest request of every client that has one in flight.
#[derive(Clone, Default)]
pub struct Turns {
    holders: Holders,
}

/// A client's turn; ends when dropped.
pub struct Turn {
    client: String,
    number: u64,
    lost: CancellationToken,
    holders: Holders,
}

impl Turns {
    /// Takes the turn of `client`, from its older request if there is one.
    pub fn take(&self, client: &str) -> Turn {
        let lost = CancellationToken::new();
        let mut holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        let number = holders.get(client).map_or(0, |(number, _)| number + 1);
        if let Some((_, older)) = holders.insert(client.to_owned(), (number, lost.clone())) {
            older.cancel();
        }
        drop(holders);
        Turn { client: client.to_owned(), number, lost, holders: Arc::clone(&self.holders) }
    }
}

impl Turn {
    /// Resolves once a newer request has taken the turn.
    pub async fn lost(&self) {
        self.lost.cancelled().await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        if holders.get(&self.client).is_some_and(|(number, _)| *number == self.number) {
            holders.remove(&self.client);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_request_wins_and_clients_do_not_meet() {
        let turns = Turns::default();
        let (old, other) = (turns.take("a"), turns.take("b"));
        let new = turns.take("a");
        assert!(old.lost.is_cancelled());
        assert!(!new.lost.is_cancelled() && !other.lost.is_cancelled());
        drop(old);
        let newest = turns.take("a");
        assert!(new.lost.is_cancelled(), "dropping the old turn must not free the new one's place");
        drop((new, newest, other));
        assert!(turns.holders.lock().unwrap().is_empty());
    }
}
