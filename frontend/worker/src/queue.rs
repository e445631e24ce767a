//! The requests that wait, and which of them a newer one has made pointless.

use flipside_shared::worker_protocol::{Command, Request};
use std::collections::VecDeque;

/// A request with its buffers.
pub type Job = (Request, Vec<Vec<u8>>);

/// First in, first out, except that an `Apply` drops the older ones still waiting, and what was to be measured of their
/// pictures: the slider has moved on.
#[derive(Default)]
pub struct Queue {
    waiting: VecDeque<Job>,
}

impl Queue {
    /// Adds a request; returns the ids of those that it supersedes.
    pub fn push(&mut self, job: Job) -> Vec<u32> {
        let mut superseded = Vec::new();
        if matches!(job.0.command, Command::Apply(_)) {
            self.waiting.retain(|(older, _)| {
                let pointless = matches!(older.command, Command::Apply(_) | Command::Measure(_));
                if pointless {
                    superseded.push(older.id);
                }
                !pointless
            });
        }
        self.waiting.push_back(job);
        superseded
    }

    /// The next request to do.
    pub fn pop(&mut self) -> Option<Job> {
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flipside_shared::recipe::{Recipe, Source};
    use flipside_shared::worker_protocol::{Apply, Measure};

    fn apply(id: u32) -> Job {
        let recipe = Recipe::new(Source::Scene { seed: 1 });
        (Request { id, command: Command::Apply(Apply { recipe, canvas_px: 8, question: None }) }, Vec::new())
    }

    #[test]
    fn the_newest_apply_wins_and_everything_else_keeps_its_turn() {
        let mut queue = Queue::default();
        let decode = (Request { id: 2, command: Command::Decode }, vec![vec![1]]);
        assert!(queue.push(apply(1)).is_empty());
        assert!(queue.push(decode).is_empty());
        assert_eq!(queue.push(apply(3)), [1]);
        let measure = Measure { applied: 1, events: Vec::new(), answer: 0, curve: Vec::new() };
        assert!(queue.push((Request { id: 5, command: Command::Measure(measure) }, Vec::new())).is_empty());
        assert_eq!(queue.push(apply(4)), [3, 5]);
        let order: Vec<u32> = std::iter::from_fn(|| queue.pop()).map(|job| job.0.id).collect();
        assert_eq!(order, [2, 4]);
    }
}
