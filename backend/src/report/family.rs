//! One family's row: flips, accuracy, margins, drift against control drift, RAS, and its members.

use super::inside::{band_rows, correlations, prior_row};
use super::table::{RAS, Row, Trials, label, ratio};
use crate::jobs::evaluate::DriftEntry;
use flipside_shared::api::{ChannelDrift, Estimate, ExampleKey, FamilyRow, MemberRow, RasRow};
use flipside_shared::metrics::{
    drift::{DriftSummary, relative_drift},
    hidden_drift::{DriftByFlip, InstanceDrift},
    labels::transitions::Transitions,
    mean::mean,
    predictions::{ras::RasShift, ras_summary::RasSummary},
    statistics::bootstrap::Resampling,
};

/// C(x) of every sample, per channel: context, answer, vision.
pub type Controls = [DriftSummary; 3];

/// The channels: name, cosine distance and L2 of an entry.
type Read = fn(&DriftEntry) -> f64;
const CHANNELS: [(&str, Read, Read); 3] = [
    ("context", |drift| drift.context_cosine, |drift| drift.context_l2),
    ("answer", |drift| drift.answer_cosine, |drift| drift.answer_l2),
    ("vision", |drift| drift.vision_cosine, |drift| drift.vision_l2),
];

/// The row of a family with at least one prediction; none otherwise.
pub fn family_row(
    family: &str,
    rows: &[Row<'_>],
    controls: &Controls,
    resampling: Resampling,
) -> Option<FamilyRow> {
    let pictures = |row: &Row<'_>, hit: bool| {
        (row.sample.image_id.clone(), Trials { hits: f64::from(hit), trials: 1.0 })
    };
    let ifr = ratio(rows.iter().map(|row| pictures(row, row.flipped())), resampling)?;
    let known: Vec<(&Row<'_>, bool)> = rows.iter().filter_map(|row| Some((row, row.right()?))).collect();
    let transitions = transitions(rows);
    Some(FamilyRow {
        family: family.to_owned(),
        instances: rows.len() as u64,
        samples: samples(rows).len() as u64,
        ifr,
        iv: vulnerability(rows, resampling)?,
        accuracy: ratio(known.iter().map(|(row, right)| pictures(row, *right)), resampling),
        transitions: transitions
            .map(|t| [t.right_to_right, t.right_to_wrong, t.wrong_to_right, t.wrong_to_wrong]),
        right_to_wrong_rate: transitions.and_then(|t| t.right_to_wrong_rate()),
        wrong_to_right_rate: transitions.and_then(|t| t.wrong_to_right_rate()),
        margins: [None, Some(true), Some(false)].map(|part| {
            let part = rows.iter().filter(|row| part.is_none_or(|flipped| row.flipped() == flipped));
            mean(&part.map(Row::margin).collect::<Vec<_>>()).ok()
        }),
        drift: CHANNELS
            .iter()
            .zip(controls)
            .filter_map(|(channel, control)| channel_drift(channel, rows, *control))
            .collect(),
        dirichlet_delta: mean(
            &rows.iter().map(|r| r.entry.dirichlet_energy - r.sample.dirichlet_energy).collect::<Vec<_>>(),
        )
        .unwrap_or(0.0),
        prior: prior_row(rows),
        bands: band_rows(rows),
        correlations: correlations(rows),
        ras: ras_row(rows, resampling),
        members: members(rows, controls),
    })
}

/// The rows of each sample.
fn samples<'a>(rows: &'a [Row<'a>]) -> Vec<&'a [Row<'a>]> {
    rows.chunk_by(|a, b| a.sample.sample == b.sample.sample).collect()
}

/// IV: samples with a flip out of all, resampled by picture.
fn vulnerability(rows: &[Row<'_>], resampling: Resampling) -> Option<Estimate> {
    let one = |own: &[Row<'_>]| {
        let hits = f64::from(own.iter().any(Row::flipped));
        (own[0].sample.image_id.clone(), Trials { hits, trials: 1.0 })
    };
    ratio(samples(rows).into_iter().map(one), resampling)
}

fn transitions(rows: &[Row<'_>]) -> Option<Transitions> {
    let known: Vec<(u32, u32, u32)> = rows
        .iter()
        .filter_map(|row| Some((label(row.sample.right?), label(row.sample.answer), label(row.entry.answer))))
        .collect();
    let column = |read: fn(&(u32, u32, u32)) -> u32| known.iter().map(read).collect::<Vec<_>>();
    let found = Transitions::of(&column(|k| k.0), &column(|k| k.1), &column(|k| k.2)).ok()?;
    (!known.is_empty()).then_some(found)
}

fn channel_drift(
    (name, cosine, l2): &(&str, Read, Read),
    rows: &[Row<'_>],
    control: DriftSummary,
) -> Option<ChannelDrift> {
    let one = |row: &Row<'_>| InstanceDrift {
        image: row.sample.sample,
        distance: cosine(&row.entry.drift),
        flipped: row.flipped(),
    };
    let by_flip = DriftByFlip::of(&rows.iter().map(one).collect::<Vec<_>>()).ok()?;
    let relative = relative_drift(by_flip.all, control);
    Some(ChannelDrift {
        channel: (*name).to_owned(),
        perturbation: by_flip.all.mean,
        kept: (by_flip.kept.count > 0).then_some(by_flip.kept.mean),
        control: control.mean,
        relative_percent: relative.map(|found| found.percent),
        spread_percent: relative.map(|found| found.spread_percent),
        cohens_d: relative.and_then(|found| found.cohens_d),
        l2: mean(&rows.iter().map(|row| l2(&row.entry.drift)).collect::<Vec<_>>()).unwrap_or(0.0),
    })
}

fn ras_row(rows: &[Row<'_>], resampling: Resampling) -> Option<RasRow> {
    let shifts: Vec<(String, RasShift)> =
        rows.iter().filter_map(|row| Some((row.sample.image_id.clone(), row.ras_shift()?))).collect();
    let alone: Vec<RasShift> = shifts.iter().map(|(_, shift)| *shift).collect();
    let found = RasSummary::of(&alone, RAS).ok()?;
    let each =
        shifts.into_iter().map(|(picture, shift)| (picture, Trials { hits: shift.score(RAS), trials: 1.0 }));
    let behaviours = found.behaviours;
    Some(RasRow {
        ras: ratio(each, resampling)?,
        alignment: found.alignment,
        uncertainty: found.uncertainty,
        destructive: found.destructive.contribution,
        corrective: found.corrective.contribution,
        behaviours: [
            behaviours.stable,
            behaviours.hesitant,
            behaviours.erroneously_confident,
            behaviours.corrected,
        ],
    })
}

/// Rows by member, in the order in which the first sample met them.
fn members(rows: &[Row<'_>], controls: &Controls) -> Vec<MemberRow> {
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        if !names.contains(&row.member()) {
            names.push(row.member());
        }
    }
    // Numbers by value, words as they come.
    names.sort_by(|a, b| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => std::cmp::Ordering::Equal,
    });
    names
        .into_iter()
        .map(|name| {
            let own: Vec<&Row<'_>> = rows.iter().filter(|row| row.member() == name).collect();
            let share = |hits: usize, of: usize| hits as f64 / of.max(1) as f64;
            let rights: Vec<bool> = own.iter().filter_map(|row| row.right()).collect();
            let shifts: Vec<f64> = own.iter().filter_map(|row| row.ras()).collect();
            let drift = |row: &Row<'_>| row.entry.drift.context_cosine;
            let moved = mean(&own.iter().map(|row| drift(row)).collect::<Vec<_>>()).ok();
            let kept = own.iter().filter(|row| !row.flipped());
            let example = kept.max_by(|a, b| drift(a).total_cmp(&drift(b)));
            MemberRow {
                member: name.to_owned(),
                instances: own.len() as u64,
                ifr: share(own.iter().filter(|row| row.flipped()).count(), own.len()),
                accuracy: (!rights.is_empty())
                    .then(|| share(rights.iter().filter(|right| **right).count(), rights.len())),
                ras: mean(&shifts).ok(),
                relative_drift_percent: moved
                    .filter(|_| controls[0].mean > 0.0)
                    .map(|moved| 100.0 * moved / controls[0].mean),
                example: example.map(|row| ExampleKey {
                    sample: row.sample.sample,
                    instance: row.entry.instance.clone(),
                }),
            }
        })
        .collect()
}
