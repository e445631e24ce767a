//! Undo and redo over whole states of the lab: they are small, so each step keeps one.
//!
//! A drag makes hundreds of edits that a visitor undoes as one: edits with the same merge key in a row share an
//! entry, until [`History::settle`] ends the run.

use super::edit::MergeKey;

/// Entries that undo can go back.
const DEPTH: usize = 200;

/// A value with its past and its undone future.
#[derive(Clone, Debug, PartialEq)]
pub struct History<T> {
    past: Vec<T>,
    present: T,
    future: Vec<T>,
    open_run: Option<MergeKey>,
}

impl<T: Clone + PartialEq> History<T> {
    /// A value without a past.
    pub fn new(present: T) -> Self {
        Self { past: Vec::new(), present, future: Vec::new(), open_run: None }
    }

    /// The value now.
    pub fn present(&self) -> &T {
        &self.present
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Makes `next` the present. With a merge key equal to the last one, the present is replaced instead.
    pub fn record(&mut self, next: T, run: Option<MergeKey>) {
        if next == self.present {
            return;
        }
        let continues = run.is_some() && run == self.open_run;
        let before = std::mem::replace(&mut self.present, next);
        if !continues {
            self.past.push(before);
            if self.past.len() > DEPTH {
                self.past.remove(0);
            }
        }
        self.future.clear();
        self.open_run = run;
    }

    /// Ends a run of merged edits.
    pub fn settle(&mut self) {
        self.open_run = None;
    }

    /// One entry back.
    pub fn undo(&mut self) {
        if let Some(before) = self.past.pop() {
            self.future.push(std::mem::replace(&mut self.present, before));
        }
        self.open_run = None;
    }

    /// One undone entry forward.
    pub fn redo(&mut self) {
        if let Some(after) = self.future.pop() {
            self.past.push(std::mem::replace(&mut self.present, after));
        }
        self.open_run = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undo_and_redo_are_inverse() {
        let mut history = History::new(0);
        history.record(1, None);
        history.record(2, None);
        history.undo();
        assert_eq!((*history.present(), history.can_redo()), (1, true));
        history.redo();
        assert_eq!((*history.present(), history.can_redo()), (2, false));
        history.undo();
        history.record(7, None);
        assert!(!history.can_redo());
    }

    #[test]
    fn a_drag_is_one_entry_and_settling_ends_it() {
        let key = |step| Some(MergeKey { step, key: "angle_deg".to_owned() });
        let mut history = History::new(0);
        for value in 1..50 {
            history.record(value, key(0));
        }
        history.undo();
        assert_eq!(*history.present(), 0);
        history.redo();
        history.record(60, key(0));
        history.settle();
        history.record(70, key(0));
        history.undo();
        assert_eq!(*history.present(), 60);
    }

    #[test]
    fn nothing_changed_is_no_entry() {
        let mut history = History::new(3);
        history.record(3, None);
        assert!(!history.can_undo());
    }

    #[test]
    fn depth_is_bounded() {
        let mut history = History::new(0);
        for value in 1..=DEPTH + 50 {
            history.record(value, None);
        }
        let mut steps = 0;
        while history.can_undo() {
            history.undo();
            steps += 1;
        }
        assert_eq!((steps, *history.present()), (DEPTH, 50));
    }
}
