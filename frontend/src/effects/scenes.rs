//! Goes to another scene, with a question that makes sense there.

use super::Last;
use crate::page::Page;
use crate::state::{Action, Edit, PanelChange, Problem};
use crate::worker::WorkerClient;
use flipside_shared::lab::{LabQuestion, LabState};
use flipside_shared::recipe::Source;
use flipside_shared::worker_protocol::{AskedQuestion, Command, Outcome};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Questions about the scene of a seed, at most one of each kind; another `question_seed` gives others.
async fn questions(
    worker: &WorkerClient,
    seed: u64,
    question_seed: u64,
) -> Result<Vec<AskedQuestion>, Problem> {
    match worker.ask(Command::Ask { seed, question_seed }, &[]).await?.outcome {
        Outcome::Questions { questions } => Ok(questions),
        _ => Ok(Vec::new()),
    }
}

/// The questions that were asked for.
#[derive(Default)]
pub struct Questions {
    asked: Last<(Option<u64>, Option<u64>)>,
}

impl Questions {
    /// Asks when the menu is opened first, when more are wanted, and for another scene.
    pub fn follow(&mut self, page: &Page) {
        let seed = match page.lab().recipe.source {
            Source::Scene { seed } => Some(seed),
            Source::Image { .. } => None,
        };
        let wanted = (seed, page.panels.round);
        if self.asked.changes_to(wanted)
            && let (Some(seed), Some(round)) = wanted
        {
            let (worker, sender) = (page.worker.clone(), page.sender.clone());
            spawn_local(async move {
                if let Ok(asked) = questions(&worker, seed, round).await {
                    sender.dispatch(Action::Panel(PanelChange::Asked(Rc::new(asked))));
                }
            });
        }
    }
}

/// Shows the scene of a seed under the same operations. A question of the oracle is replaced by one of the same kind,
/// where the new scene has one; the visitor's own question stays.
pub fn go_to_scene(page: &Page, seed: u64) {
    let (worker, sender, lab) = (page.worker.clone(), page.sender.clone(), page.lab().clone());
    spawn_local(async move {
        let mut next = LabState::clone(&lab);
        next.recipe.source = Source::Scene { seed };
        if let Some(kind) = lab.question.spec.map(|spec| spec.kind()) {
            match questions(&worker, seed, 0).await {
                Ok(asked) => {
                    let fitting = asked.iter().find(|question| question.kind == kind).or(asked.first());
                    if let Some(question) = fitting {
                        let regime = lab.question.regime;
                        next.question = LabQuestion { regime, ..question.clone().into() };
                    }
                }
                Err(problem) => sender.dispatch(Action::NotDrawn(problem)),
            }
        }
        sender.dispatch(Action::Edit(Edit::Replace(next)));
    });
}
