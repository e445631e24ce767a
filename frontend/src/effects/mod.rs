//! What happens outside the state when the state changes: the worker draws, the server judges, the address follows.
//!
//! Each file has a struct that remembers what it saw last and whose `follow` is called whenever the page has been drawn.

mod addressing;
mod charting;
mod connecting;
mod curving;
mod drawing;
mod focusing;
mod judging;
mod keying;
mod measuring;
mod noticing;
mod picturing;
mod scenes;
mod settling;
mod sharing;
mod streaming;
mod taking;
mod translating;

pub use curving::{cancel_curve, run_curve};
pub use judging::perturbed_png;
pub use picturing::difference_gain;
pub use scenes::go_to_scene;
pub use sharing::share;
pub use taking::take_file;

use crate::page::Page;
use std::cell::RefCell;
use std::rc::Rc;

/// The page as it is now, for listeners that outlive many of its states.
type Current = Rc<RefCell<Page>>;

/// Remembers a value and tells when another one comes.
struct Last<T>(Option<T>);

impl<T> Default for Last<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: PartialEq> Last<T> {
    fn changes_to(&mut self, value: T) -> bool {
        let value = Some(value);
        let changes = self.0 != value;
        self.0 = value;
        changes
    }
}

/// All of them.
pub struct Effects {
    current: Current,
    settling: settling::Settling,
    addressing: addressing::Addressing,
    connecting: connecting::Connecting,
    drawing: drawing::Drawings,
    judging: judging::Judging,
    picturing: picturing::Picturing,
    questions: scenes::Questions,
    charting: charting::Charting,
    measuring: measuring::Measuring,
    noticing: noticing::Noticing,
    focusing: focusing::Focusing,
    translating: translating::Translating,
}

impl Effects {
    /// Starts to listen to the document.
    pub fn new(page: &Page) -> Self {
        let current = Rc::new(RefCell::new(page.clone()));
        addressing::listen(&page.sender);
        keying::listen(&current);
        taking::listen(&current);
        Self {
            current,
            settling: Default::default(),
            addressing: Default::default(),
            connecting: Default::default(),
            drawing: Default::default(),
            judging: judging::Judging::new(page),
            picturing: Default::default(),
            questions: Default::default(),
            charting: Default::default(),
            measuring: Default::default(),
            noticing: Default::default(),
            focusing: Default::default(),
            translating: Default::default(),
        }
    }

    /// Lets everything outside follow the page.
    pub fn follow(&mut self, page: &Page) {
        self.current.replace(page.clone());
        self.settling.follow(page);
        self.addressing.follow(page);
        self.connecting.follow(page);
        self.drawing.follow(page);
        self.judging.follow(page);
        self.picturing.follow(page);
        self.questions.follow(page);
        self.charting.follow(page);
        self.measuring.follow(page);
        self.noticing.follow(page);
        self.focusing.follow(page);
        self.translating.follow(page);
    }
}
