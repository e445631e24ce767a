//! What a family does inside: towards the prior, to frequencies, and what goes along with the vision tokens' roughness.

use super::table::Row;
use crate::jobs::evaluate::{DriftEntry, SpectrumEntry};
use flipside_shared::api::{BandRow, CorrelationRow, PriorRow};
use flipside_shared::metrics::{
    drift_to_prior::distance_to_prior, mean::mean, statistics::correlation::CorrelationByFlip,
};

/// Cosine distances of the three channels.
const CHANNELS: [fn(&DriftEntry) -> f64; 3] =
    [|drift| drift.context_cosine, |drift| drift.answer_cosine, |drift| drift.vision_cosine];

/// Drift-to-Prior; none where the run did not look at blank pictures.
pub fn prior_row(rows: &[Row<'_>]) -> Option<PriorRow> {
    rows.iter().find(|row| row.entry.to_prior.is_some())?;
    let margins: Vec<f64> = rows.iter().filter_map(Row::margin_to_prior).collect();
    let left = |channel: fn(&DriftEntry) -> f64| {
        let one = |row: &Row<'_>| {
            let clean = row.sample.state.drift_to(&row.sample.prior.as_ref()?.state);
            distance_to_prior(channel(&row.entry.to_prior?), channel(&clean)).ok()
        };
        median(rows.iter().filter_map(one).collect())
    };
    let undefined = (rows.len() - margins.len()) as u64;
    Some(PriorRow { margin: median(margins), distances: CHANNELS.map(left), undefined })
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

/// Changed frequencies; empty where the run did not look at them.
pub fn band_rows(rows: &[Row<'_>]) -> Vec<BandRow> {
    let known: Vec<(&Row<'_>, SpectrumEntry)> =
        rows.iter().filter_map(|row| Some((row, row.entry.spectrum?))).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let over = |wanted: &dyn Fn(&Row<'_>) -> bool, read: &dyn Fn(&SpectrumEntry) -> Option<f64>| {
        let values = known.iter().filter(|(row, _)| wanted(row)).filter_map(|(_, entry)| read(entry));
        mean(&values.collect::<Vec<_>>()).ok()
    };
    let band = |(index, name): (usize, &str)| {
        let change = |entry: &SpectrumEntry| entry.energy_change[index];
        BandRow {
            band: name.to_owned(),
            change: over(&|_| true, &change),
            change_flipped: over(&|row| row.flipped(), &change),
            coherence_loss: over(&|_| true, &|entry| entry.coherence_loss[index]),
        }
    };
    ["low", "middle", "high"].into_iter().enumerate().map(band).collect()
}

/// What the change of the Dirichlet energy goes along with (arXiv 2602.06652): drift, frequencies, certainty.
pub fn correlations(rows: &[Row<'_>]) -> Vec<CorrelationRow> {
    type Read = fn(&Row<'_>) -> Option<f64>;
    let with: [(&str, Read); 4] = [
        ("context drift, L2", |row| Some(row.entry.drift.context_l2)),
        ("energy of low frequencies", |row| row.entry.spectrum?.energy_change[0]),
        ("energy of high frequencies", |row| row.entry.spectrum?.energy_change[2]),
        ("log p of the clean answer", |row| Some(row.log_probability_change())),
    ];
    with.into_iter()
        .filter_map(|(name, read)| {
            let known: Vec<(f64, f64, bool)> = rows
                .iter()
                .filter_map(|row| {
                    let change = row.entry.dirichlet_energy - row.sample.dirichlet_energy;
                    Some((change, read(row)?, row.flipped()))
                })
                .collect();
            let (x, y): (Vec<f64>, Vec<f64>) = known.iter().map(|(x, y, _)| (*x, *y)).unzip();
            let flips: Vec<bool> = known.iter().map(|(.., flipped)| *flipped).collect();
            let found = CorrelationByFlip::of(&x, &y, &flips).ok()?;
            Some(CorrelationRow {
                with: name.to_owned(),
                all: found.all,
                flipped: found.flipped,
                kept: found.kept,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_middle_of_some_values() {
        assert_eq!((median(vec![]), median(vec![3.0])), (None, Some(3.0)));
        assert_eq!((median(vec![9.0, 1.0, 2.0]), median(vec![4.0, 1.0])), (Some(2.0), Some(2.5)));
    }
}
