//! The report's tables as Markdown, in the layout of the papers, for a text that cites them.

use flipside_shared::api::{Estimate, FamilyRow, Report};
use std::fmt::Write;

/// The tables.
pub fn markdown(report: &Report) -> String {
    let run = &report.run;
    let mut text = format!(
        "{} (weights `{}`, {}) on {}: {} samples, {} perturbed pictures, seed {}.\n",
        plain(&run.model),
        run.weights_sha256.get(..12).unwrap_or(&run.weights_sha256),
        plain(&run.computed_in),
        plain(&run.data),
        run.samples,
        run.predictions,
        run.seed
    );
    if let Some(accuracy) = report.clean.accuracy {
        line(
            &mut text,
            &format!(
                "\nClean accuracy {} %, majority answer {} %.",
                percent(&accuracy),
                share(report.clean.majority_accuracy)
            ),
        );
    }
    line(
        &mut text,
        "\n| family | instances | IFR, % | IV, % | P/C, % (context) | P/C of kept answers, % | Cohen's d | accuracy, % |",
    );
    line(&mut text, "|---|---:|---:|---:|---:|---:|---:|---:|");
    for row in &report.families {
        line(&mut text, &stability(row));
    }
    for any in &report.any {
        line(
            &mut text,
            &format!(
                "| any of {} | | {:.1} | {:.1} | | | | |",
                plain(&any.set),
                100.0 * any.ifr,
                100.0 * any.iv
            ),
        );
    }
    let scored: Vec<&FamilyRow> = report.families.iter().filter(|row| row.ras.is_some()).collect();
    if !scored.is_empty() {
        line(
            &mut text,
            "\nRAS is a reconstruction: its parts and its range are published, its equation is not.\n",
        );
        line(
            &mut text,
            "| family | accuracy, % | RAS | dA | dU | destructive | corrective | stable / hesitant / erroneously confident / corrected, % |",
        );
        line(&mut text, "|---|---:|---:|---:|---:|---:|---:|---:|");
    }
    for row in scored {
        line(&mut text, &alignment(row));
    }
    text
}

fn stability(row: &FamilyRow) -> String {
    let context = row.drift.first();
    let kept = context.and_then(|drift| Some(100.0 * drift.kept? / drift.control));
    format!(
        "| {} | {} | {} | {} | {} ± {} | {} | {} | {} |",
        plain(&row.family),
        row.instances,
        percent(&row.ifr),
        percent(&row.iv),
        number(context.and_then(|drift| drift.relative_percent), 1),
        number(context.and_then(|drift| drift.spread_percent), 1),
        number(kept, 1),
        number(context.and_then(|drift| drift.cohens_d), 2),
        row.accuracy.as_ref().map_or_else(|| "–".to_owned(), percent)
    )
}

fn alignment(row: &FamilyRow) -> String {
    let Some(ras) = &row.ras else { return String::new() };
    let all = ras.behaviours.iter().sum::<u64>().max(1) as f64;
    let behaviours = ras.behaviours.map(|count| format!("{:.1}", 100.0 * count as f64 / all)).join(" / ");
    let Estimate { value, low, high } = ras.ras;
    format!(
        "| {} | {} | {value:.3} [{low:.3}, {high:.3}] | {:.3} | {:.3} | {:.3} | {:.3} | {behaviours} |",
        plain(&row.family),
        row.accuracy.as_ref().map_or_else(|| "–".to_owned(), percent),
        ras.alignment,
        ras.uncertainty,
        ras.destructive,
        ras.corrective
    )
}

fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}

fn percent(estimate: &Estimate) -> String {
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(|part| 100.0 * part);
    format!("{value:.1} [{low:.1}, {high:.1}]")
}

fn share(value: Option<f64>) -> String {
    number(value.map(|value| 100.0 * value), 1)
}

fn number(value: Option<f64>, decimals: usize) -> String {
    match value {
        Some(value) if value.is_finite() => format!("{value:.decimals$}"),
        _ => "–".to_owned(),
    }
}

/// Text that stays in its cell and is no markup.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '<' | '>' | '`' | '*' | '[' | ']' | '\\' => safe.extend(['\\', c]),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
