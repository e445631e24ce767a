//! What the worker said of the picture that is on the page. The pixels themselves are not here.

use super::problem::Problem;
use flipside_shared::lab::LabState;
use flipside_shared::recipe::{Operation, Recipe};
use flipside_shared::scene::Attributes;
use flipside_shared::worker_protocol::{Applied, Truth};
use std::rc::Rc;

/// A recipe carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The state it was drawn for.
    pub lab: Rc<LabState>,
    /// The worker's id of it, for its PNG and its difference map.
    pub applied_id: u32,
    /// What the worker said.
    pub applied: Rc<Applied>,
}

/// What the picture area knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// The picture on the page, possibly of an older state.
    pub drawn: Option<Drawn>,
    /// Why the newest state has none.
    pub problem: Option<Problem>,
}

impl Picture {
    /// The picture of this very recipe and question.
    pub fn of(&self, lab: &LabState) -> Option<&Drawn> {
        let drawn = self.drawn.as_ref()?;
        let same = drawn.lab.recipe == lab.recipe && drawn.lab.question.spec == lab.question.spec;
        (same && self.problem.is_none()).then_some(drawn)
    }

    /// The question's true answers, where the oracle asked it.
    pub fn truth(&self, lab: &LabState) -> Option<Truth> {
        self.of(lab)?.applied.scene.as_ref()?.truth
    }

    /// Names of the objects that step `step` of the recipe can choose from, in the order of their indices.
    pub fn object_names(&self, recipe: &Recipe, step: usize) -> Vec<String> {
        let scene = self.drawn.as_ref().and_then(|drawn| drawn.applied.scene.as_ref());
        let Some(scene) = scene else { return Vec::new() };
        let mut objects: Vec<Attributes> = scene.objects.clone();
        for (_, operation) in recipe.enabled().take_while(|(index, _)| *index < step) {
            follow(operation, &mut objects);
        }
        objects.iter().map(Attributes::phrase).collect()
    }
}

/// What a scene operation does to the list of objects, as far as their names go.
fn follow(operation: &Operation, objects: &mut Vec<Attributes>) {
    match operation {
        Operation::AddObject(added) => objects.push(Attributes {
            size: Some(added.size),
            colour: Some(added.colour),
            material: Some(added.material),
            shape: Some(added.shape),
        }),
        Operation::RemoveObject(removed) => {
            let index = removed.object as usize;
            if index < objects.len() {
                objects.remove(index);
            }
        }
        Operation::ReplaceObject(replaced) => {
            if let Some(object) = objects.get_mut(replaced.object as usize) {
                object.shape = Some(replaced.shape);
            }
        }
        Operation::RecolourObject(recoloured) => {
            if let Some(object) = objects.get_mut(recoloured.object as usize) {
                object.colour = Some(recoloured.colour);
            }
        }
        _ => {}
    }
}
