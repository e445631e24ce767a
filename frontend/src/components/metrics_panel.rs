//! Every metric of the catalogue: its values for the picture at hand, what it says, and where it comes from.

use super::drawing::drawing;
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, MetricsChange};
use flipside_shared::json::Json;
use flipside_shared::worker_protocol::Shown;
use web_sys::Element;
use yew::{Html, TargetCast};

/// The family of the metrics that are computed only when they are asked for.
const SPECTRUM: &str = "Spectrum";

/// The panel, folded.
pub fn metrics_panel(page: &Page) -> Html {
    let (words, metrics) = (page.words(), &page.metrics);
    let ontoggle = page.on(|page, event| {
        // Not that of something folded inside.
        let details = event.target_unchecked_into::<Element>();
        if details.id() == "metrics" {
            page.send(Action::Metrics(MetricsChange::Open(details.has_attribute("open"))));
        }
    });
    html! {
        <details class="panel" id="metrics" data-testid="metrics" {ontoggle}>
            <summary><h2>{ words.metrics }</h2><small>{ words.metrics_intro }</small></summary>
            if let Some(Json::List(families)) = metrics.catalogue.filter(|_| metrics.open) {
                { for families.iter().map(|of| family(page, of)) }
            }
        </details>
    }
}

fn family(page: &Page, family: &'static Json) -> Html {
    let words = page.words();
    let Some(Json::List(metrics)) = family.get("metrics") else { return html! {} };
    // What belongs to many pictures is folded away, where none of its numbers exists for this one.
    let (mut live, mut rest) = (Vec::new(), Vec::new());
    for metric in metrics {
        let id = text(metric, "id");
        let lines: Vec<&Shown> = page.metrics.shown.iter().filter(|line| line.id == id).collect();
        let place = if text(metric, "scope") == "run" && lines.is_empty() { &mut rest } else { &mut live };
        place.push(row(page, metric, &lines));
    }
    let title = text(family, "family");
    let ask = Action::Metrics(MetricsChange::Frequencies(page.lab().clone()));
    let asked = page.metrics.frequencies_of.as_ref() == Some(page.lab());
    html! {
        <section>
            <header class="row">
                <h3>{ page.said(title) }</h3>
                if title == SPECTRUM {
                    <button type="button" data-testid="frequencies" disabled={asked} onclick={page.sends(ask)}>{ words.metrics_frequencies }</button>
                }
            </header>
            if !live.is_empty() { <dl>{ for live }</dl> }
            if !rest.is_empty() {
                <details><summary>{ words.metrics_rest }</summary><dl>{ for rest }</dl></details>
            }
        </section>
    }
}

fn row(page: &Page, metric: &'static Json, lines: &[&Shown]) -> Html {
    let id = text(metric, "id");
    let standing = text(metric, "standing");
    html! {
        <div data-testid={format!("metric-{id}")}>
            <dt>{ page.said(text(metric, "name")) }{ " " }<small>{ page.said(text(metric, "unit")) }</small></dt>
            <dd class="values">{ for lines.iter().map(|line| value(page, line)) }</dd>
            <dd class="source">
                { page.said(text(metric, "explanation")) }{ " " }
                <cite lang="en">{ text(metric, "citation") }</cite>{ " " }
                if standing != "published" { <span class="ours">{ page.said(standing) }</span> }
            </dd>
        </div>
    }
}

fn value(page: &Page, line: &Shown) -> Html {
    if let Some(chart) = &line.chart {
        return html! { <div class="drawn" aria-hidden="true">{ drawing(chart.clone()) }</div> };
    }
    html! {
        <div>
            <small>{ page.said(&line.part).to_owned() }</small>
            <b>
                if let Some(was) = &line.was { <span class="was">{ was }</span>{ " → " } }
                <span>{ page.said(&line.is).to_owned() }</span>
            </b>
        </div>
    }
}

fn text(json: &'static Json, key: &str) -> &'static str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}
