//! Good news leaves by itself; problems stay until dismissed.

use crate::browser::clock::Later;
use crate::page::Page;
use crate::state::{Action, NoticeKind};

/// How long good news stays, milliseconds.
const STAY_MS: u32 = 7_000;

/// The messages that were seen.
#[derive(Default)]
pub struct Noticing {
    /// Above the newest one's id.
    next: u32,
}

impl Noticing {
    /// Sets the clock for messages that are new.
    pub fn follow(&mut self, page: &Page) {
        for notice in page.notices.iter().filter(|notice| notice.id >= self.next) {
            let (id, sender) = (notice.id, page.sender.clone());
            if !matches!(notice.kind, NoticeKind::Problem(_)) {
                Later::new(STAY_MS, move || sender.dispatch(Action::Dismiss(id))).forget();
            }
        }
        self.next = page.notices.last().map_or(self.next, |newest| newest.id + 1);
    }
}
