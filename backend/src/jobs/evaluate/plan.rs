//! What is done to every sample: families by name, and how answers are read.

use flipside_shared::family::{Asked, Family, Instance};
use flipside_shared::metrics::predictions::arg_max;
use serde::{Deserialize, Serialize};

/// The perturbations of a run, the scoring and the seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    families: Vec<Family>,
    /// How options are scored.
    pub scoring: Scoring,
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// Whether changed frequencies are looked at; costs about half as much as a small model.
    pub spectrum: bool,
}

/// Which score decides the prediction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scoring {
    /// The sum of the log-probabilities of an option's tokens (published; favours short options).
    #[default]
    Sum,
    /// The same per token.
    PerToken,
    /// The log-likelihood of the option's letter in place of its text.
    Letter,
}

/// Why a plan was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No family of this name.
    #[error("there is no perturbation called {name:?}; there are {known}")]
    Unknown {
        /// The name.
        name: String,
        /// All names.
        known: String,
    },
}

/// The names of all families of a kind.
const STABILITY: &str = "stability";
const CORRUPTIONS: &str = "corruptions";

impl Plan {
    /// Reads names, each a family's, or `stability` or `corruptions` for all of a kind.
    ///
    /// # Errors
    /// At the first name that is unknown.
    pub fn parse(names: &[String], scoring: Scoring, seed: u64) -> Result<Self, PlanError> {
        let mut families = Vec::new();
        for name in names {
            let named = match name.as_str() {
                STABILITY => Family::STABILITY.to_vec(),
                CORRUPTIONS => Family::corruptions().collect(),
                name => Family::named(name).into_iter().collect(),
            };
            if named.is_empty() {
                let families = Family::STABILITY.into_iter().chain(Family::corruptions());
                let known: Vec<&str> =
                    [STABILITY, CORRUPTIONS].into_iter().chain(families.map(Family::name)).collect();
                return Err(PlanError::Unknown { name: name.clone(), known: known.join(", ") });
            }
            families
                .extend(named.into_iter().filter(|family| !families.contains(family)).collect::<Vec<_>>());
        }
        Ok(Self { families, scoring, seed, spectrum: false })
    }

    /// The families' names, for the manifest.
    pub fn names(&self) -> Vec<String> {
        self.families.iter().map(|family| family.name().to_owned()).collect()
    }

    /// Every perturbation of a sample, with its family's name, in a fixed order.
    pub fn instances(&self, asked: Asked) -> Vec<(&'static str, Instance)> {
        self.families
            .iter()
            .flat_map(|family| family.instances(asked).into_iter().map(|instance| (family.name(), instance)))
            .collect()
    }

    /// The seed of a sample's recipes: the paper draws its random overlays by the sample's index.
    pub fn recipe_seed(&self, sample: u64) -> u64 {
        self.seed.wrapping_add(sample)
    }
}

impl Scoring {
    /// Index of the predicted option.
    pub fn answer(self, log_likelihoods: &[f64], token_counts: &[u32]) -> usize {
        match self {
            Self::Sum | Self::Letter => arg_max(log_likelihoods),
            Self::PerToken => arg_max(&self.scores(log_likelihoods, token_counts)),
        }
    }

    /// The scores that are compared.
    pub fn scores(self, log_likelihoods: &[f64], token_counts: &[u32]) -> Vec<f64> {
        match self {
            Self::Sum | Self::Letter => log_likelihoods.to_vec(),
            Self::PerToken => {
                let counts = token_counts.iter().map(|count| f64::from((*count).max(1)));
                log_likelihoods.iter().zip(counts).map(|(score, count)| score / count).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_once_and_faults_are_told() {
        let parse = |names: &[&str]| {
            Plan::parse(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(), Scoring::Sum, 0)
        };
        assert_eq!(parse(&["rotation", "stability", "rotation"]).unwrap().names().len(), 8);
        assert_eq!(parse(&["rotation", "stability"]).unwrap().names()[0], "rotation");
        assert_eq!(parse(&["stability", "corruptions", "fog"]).unwrap().names().len(), 8 + 19);
        let error = parse(&["rotaton"]).unwrap_err().to_string();
        assert!(error.contains("rotaton") && error.contains("rotation"), "{error}");
    }

    #[test]
    fn scoring_per_token_does_not_favour_short_options() {
        let (scores, counts) = ([-2.0, -3.0], [1, 3]);
        assert_eq!(Scoring::Sum.answer(&scores, &counts), 0);
        assert_eq!(Scoring::PerToken.answer(&scores, &counts), 1);
    }
}
