//! Stage 1: the vision tower learns to say at every patch what is there, and the merger to put each object's
//! attributes and place into the token where the object lies. The heads are thrown away afterwards.

use super::shards::ShardLoss;
use super::world::{NOTHING, Sample};
use crate::error::Result;
use crate::nn;
use crate::qwen2_5_vl::Config;
use candle_core::Tensor;
use candle_nn::{Init, VarBuilder};

/// Where in a head's outputs the classes lie: presence, shape, colour, material, size; then three places.
const CLASSES: [(usize, usize); 5] = [(0, 2), (2, 4), (6, 8), (14, 2), (16, 2)];
const PLACES: usize = 18;
const OUTPUTS: usize = 21;
/// Weight of the squared error of a place against the cross entropy of a class.
const PLACE_WEIGHT: f64 = 4.0;

/// Names of what [`Heads::loss`] reports after the loss: accuracies of the patch head, then of the token head.
pub(super) const REPORT: [&str; 10] = [
    "patch presence",
    "patch shape",
    "patch colour",
    "patch material",
    "patch size",
    "token presence",
    "token shape",
    "token colour",
    "token material",
    "token size",
];

/// A head on the tower's patches and one on its merged tokens.
pub(super) struct Heads {
    patch_norm: Tensor,
    patch: (Tensor, Tensor),
    token: (Tensor, Tensor),
}

impl Heads {
    /// Takes `norm`, `patch` and `token`.
    pub(super) fn new(config: &Config, weights: VarBuilder) -> Result<Self> {
        let width = config.vision.hidden_size;
        let head = |inputs: usize, weights: VarBuilder| -> candle_core::Result<(Tensor, Tensor)> {
            let init = Init::Const(0.);
            Ok((
                weights.get_with_hints((OUTPUTS, inputs), "weight", init)?,
                weights.get_with_hints(OUTPUTS, "bias", init)?,
            ))
        };
        Ok(Self {
            patch_norm: weights.get_with_hints(width, "norm.weight", Init::Const(1.))?,
            patch: head(width, weights.pp("patch"))?,
            token: head(config.vision.out_hidden_size, weights.pp("token"))?,
        })
    }

    /// Loss of the tower's `features` (patches) and merged `tokens` of some pictures; reports it and the accuracies
    /// named in [`REPORT`].
    pub(super) fn loss(&self, features: &Tensor, tokens: &Tensor, samples: &[&Sample]) -> Result<ShardLoss> {
        let mut report = vec![0.0];
        let labels = |objects: fn(&Sample) -> &[u8]| -> Vec<(&Sample, u8)> {
            samples
                .iter()
                .flat_map(|sample| objects(sample).iter().map(|object| (*sample, *object)))
                .collect()
        };
        let normed = nn::rms_norm(features, &self.patch_norm, 1e-6)?;
        let patches = nn::linear(&normed, &self.patch.0, Some(&self.patch.1))?;
        let patches = head_loss(&patches, labels(|sample| &sample.patch_objects), &mut report)?;
        let tokens = nn::linear(tokens, &self.token.0, Some(&self.token.1))?;
        let loss = (patches + head_loss(&tokens, labels(|sample| &sample.token_objects), &mut report)?)?;
        report[0] = f64::from(loss.to_scalar::<f32>()?);
        Ok(ShardLoss { loss, report })
    }
}

/// Cross entropies and squared errors of one head; reports accuracies.
fn head_loss(outputs: &Tensor, labels: Vec<(&Sample, u8)>, report: &mut Vec<f64>) -> Result<Tensor> {
    let rows = labels.len();
    let present: Vec<bool> = labels.iter().map(|(_, object)| *object != NOTHING).collect();
    let count = present.iter().filter(|p| **p).count().max(1) as f32;
    let numbers = outputs.detach().to_vec2::<f32>()?;
    let mut total: Option<Tensor> = None;
    for (group, (start, classes)) in CLASSES.iter().enumerate() {
        let targets: Vec<u32> = labels
            .iter()
            .map(|(sample, object)| match (group, *object) {
                (0, object) => u32::from(object != NOTHING),
                (_, NOTHING) => 0,
                (group, object) => sample.facts[usize::from(object)].classes[group - 1],
            })
            .collect();
        let weights: Vec<f32> = present
            .iter()
            .map(|p| if group == 0 { 1.0 / rows as f32 * 2.0 } else { f32::from(u8::from(*p)) / count })
            .collect();
        let logits = outputs.narrow(1, *start, *classes)?;
        let loss = nn::cross_entropy(&logits, &targets, &weights)?;
        total = Some(match total {
            Some(sum) => (sum + loss)?,
            None => loss,
        });
        let right = |row: &Vec<f32>, target: u32| {
            let own = row[start + target as usize];
            row[*start..start + classes].iter().all(|x| *x <= own)
        };
        let hits =
            (0..rows).filter(|i| (group == 0 || present[*i]) && right(&numbers[*i], targets[*i])).count();
        report.push(hits as f64 / if group == 0 { rows as f64 } else { f64::from(count) });
    }
    let mut wanted = Vec::with_capacity(rows * 3);
    let mut weights = Vec::with_capacity(rows * 3);
    for (sample, object) in &labels {
        let place = sample.facts.get(usize::from(*object)).map(|facts| facts.place);
        weights.extend([if place.is_some() { 1.0 / count } else { 0f32 }; 3]);
        let place = place.unwrap_or_default();
        wanted.extend(place);
    }
    let wanted = Tensor::from_vec(wanted, (rows, 3), outputs.device())?;
    let weights = Tensor::from_vec(weights, (rows, 3), outputs.device())?;
    let places = ((outputs.narrow(1, PLACES, 3)? - wanted)?.sqr()? * weights)?.sum_all()?;
    let places = (places * PLACE_WEIGHT)?;
    Ok(match total {
        Some(sum) => (sum + places)?,
        None => places,
    })
}
