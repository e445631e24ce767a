//! The table of all metrics: what the lab, the report and the documentation say about each.
//!
//! Pure data in English; translations belong to the page, by id. A number that is our reconstruction says so here, and
//! whoever shows it shows [`Standing::words`] with it.

mod labels;
mod pictures;
mod predictions;
mod representation;
mod spectrum;
mod statistics;

/// What a metric looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Answers alone.
    Labels,
    /// Scores and probabilities.
    Predictions,
    /// Hidden states and vision tokens.
    Representation,
    /// Spatial frequencies.
    Spectrum,
    /// Pixels.
    Pictures,
    /// How sure another number is.
    Statistics,
}

/// What one value belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One picture and its perturbed version: the lab shows it live.
    Picture,
    /// Many pictures: reports show it.
    Run,
}

/// Where a definition comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Read in the cited authors' own code, data or text.
    Published,
    /// Read in a summary by others.
    SecondHand,
    /// Ours, chosen to fit everything that the cited source publishes.
    Reconstructed,
    /// Ours, with no source to fit.
    Own,
}

impl Standing {
    /// As it is said to a reader.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::SecondHand => "second-hand",
            Self::Reconstructed => "our reconstruction",
            Self::Own => "our own",
        }
    }
}

/// A definition's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The work, as it is cited.
    pub citation: &'static str,
    /// How far the definition is theirs.
    pub standing: Standing,
}

/// Which direction is the better one for a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// It describes, and does not judge.
    Neither,
}

/// The smallest and the largest value, where there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// No value is below.
    pub low: Option<f64>,
    /// No value is above.
    pub high: Option<f64>,
}

/// One metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// Stable name in files and translations.
    pub id: &'static str,
    /// Name for a reader.
    pub name: &'static str,
    /// What it looks at.
    pub family: Family,
    /// What one value belongs to.
    pub scope: Scope,
    /// One sentence that a newcomer understands.
    pub explanation: &'static str,
    /// Who defined it.
    pub source: Source,
    /// Unit of the value; empty for a pure number.
    pub unit: &'static str,
    /// Where values lie.
    pub range: Range,
    /// How to read it.
    pub better: Better,
}

/// The metrics of each family, families in the order of [`Family`].
pub const FAMILIES: [(Family, &[Metric]); 6] = [
    (Family::Labels, &labels::METRICS),
    (Family::Predictions, &predictions::METRICS),
    (Family::Representation, &representation::METRICS),
    (Family::Spectrum, &spectrum::METRICS),
    (Family::Pictures, &pictures::METRICS),
    (Family::Statistics, &statistics::METRICS),
];

/// All metrics.
pub fn metrics() -> impl Iterator<Item = &'static Metric> {
    FAMILIES.into_iter().flat_map(|(_, metrics)| metrics)
}

/// The metric of an id.
pub fn metric(id: &str) -> Option<&'static Metric> {
    metrics().find(|metric| metric.id == id)
}

/// Two bounds.
const fn between(low: f64, high: f64) -> Range {
    Range { low: Some(low), high: Some(high) }
}

/// A share.
const SHARE: Range = between(0.0, 1.0);
/// Not negative.
const POSITIVE: Range = Range { low: Some(0.0), high: None };
/// Anything.
const ANY: Range = Range { low: None, high: None };

const fn published(citation: &'static str) -> Source {
    Source { citation, standing: Standing::Published }
}

const fn reconstructed(citation: &'static str) -> Source {
    Source { citation, standing: Standing::Reconstructed }
}

const STABILITY: &str = "Same Answer, Different Representations (arXiv 2602.06652)";
const BENCH_C: &str = "Bench-C (arXiv 2511.19032)";
const AOT: &str = "Adversarial opponent training (arXiv 2602.22227)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_found() {
        let ids: Vec<&str> = metrics().map(|metric| metric.id).collect();
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| other == &id).count(), 1, "{id}");
            assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{id}");
            assert_eq!(metric(id).unwrap().id, *id);
        }
        assert!(ids.len() > 60 && metric("no_such_metric").is_none());
    }

    #[test]
    fn every_entry_is_one_sentence_with_a_source() {
        for (family, entries) in FAMILIES {
            for entry in entries {
                let id = entry.id;
                assert_eq!(entry.family, family, "{id}");
                assert!(entry.explanation.ends_with('.') && entry.explanation.len() <= 170, "{id}");
                assert!(!entry.explanation.contains(['\n', '|']) && !entry.name.is_empty(), "{id}");
                assert!(!entry.source.citation.is_empty(), "{id}");
                let Range { low, high } = entry.range;
                assert!(low.zip(high).is_none_or(|(low, high)| low < high), "{id}");
            }
        }
    }

    /// What the notes on the science mark as reconstructed must never appear as published.
    #[test]
    fn reconstructions_are_called_so() {
        for id in [
            "ras",
            "ras_destructive",
            "ras_corrective",
            "behaviour",
            "margin_to_prior",
            "distance_to_prior",
            "scale_free_energy",
            "coherence_loss",
            "edit_kind",
            "box_ssim",
            "inconsistency",
            "variability",
            "discrimination",
        ] {
            assert_eq!(metric(id).unwrap().source.standing.words(), "our reconstruction", "{id}");
        }
    }
}
