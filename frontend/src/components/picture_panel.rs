//! The picture with its views.

use super::bitmap::{Layer, bitmap};
use super::energy_map::{energy_legend, energy_map};
use super::gauge::drift_name;
use super::picture_caption::picture_caption;
use super::split::split;
use super::truth::option_text;
use crate::effects::difference_gain;
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Settings, View};
use crate::text::{fill, problem_text};
use flipside_shared::decimal::fixed;
use yew::Html;

/// The panel.
pub fn picture_panel(page: &Page) -> Html {
    let words = page.words();
    let (view, split_percent) = (page.settings.view, page.panels.split_percent);
    let drawn = page.picture.drawn.as_ref();
    let perturbed = page.pixels.perturbed.clone();
    let layers = match view {
        View::BeforeAfter => vec![
            page.pixels.clean.clone().map(Layer::whole),
            perturbed.map(|image| Layer { image, from_percent: split_percent }),
        ],
        View::Difference => {
            let current =
                page.pixels.difference.as_ref().filter(|(of, _)| drawn.is_some_and(|d| d.applied_id == *of));
            vec![current.map(|(_, map)| Layer::whole(map.clone())).or(perturbed.map(Layer::whole))]
        }
        View::After | View::Energy => vec![perturbed.map(Layer::whole)],
    };
    let label = drawn.map(|drawn| {
        let (width, height) = (drawn.applied.perturbed.width_px, drawn.applied.perturbed.height_px);
        fill(words.picture_label, &[("width", &width.to_string()), ("height", &height.to_string())])
    });
    html! {
        <section class="panel picture-panel" aria-labelledby="picture-title">
            <header><h2 id="picture-title">{ words.picture }</h2>{ views(page) }</header>
            <div class="stage">
                <div class="frame" data-testid="picture" data-pixels-sha256={page.pixels.digest.clone()}
                    data-width-px={drawn.map(|d| d.applied.perturbed.width_px.to_string())}
                    data-height-px={drawn.map(|d| d.applied.perturbed.height_px.to_string())}
                    data-drawn={page.picture.of(page.lab()).is_some().to_string()}>
                    { bitmap(layers.into_iter().flatten().collect(), label.unwrap_or_default()) }
                    if view == View::BeforeAfter { { split(page, split_percent) } }
                    if view == View::Energy { { energy_map(page) } }
                </div>
            </div>
            if let Some(problem) = &page.picture.problem {
                <p class="problem" role="alert" data-testid="picture-problem">{ problem_line(page, problem) }</p>
            }
            if view == View::Energy { { energy_legend(page) } }
            if view == View::Difference {
                <p class="caption">{ fill(words.difference_gain, &[("gain", &difference_gain(page).to_string())]) }</p>
            }
            { picture_caption(page) }
            { pocket(page) }
        </section>
    }
}

/// A problem with its detail in one line.
pub fn problem_line(page: &Page, problem: &crate::state::Problem) -> Html {
    let (text, detail) = problem_text(page.words(), problem);
    html! { <>{ text }if let Some(detail) = detail { { " " }<small lang="en">{ detail }</small> }</> }
}

fn views(page: &Page) -> Html {
    let words = page.words();
    html! {
        <div class="segments" role="group" aria-label={words.view}>
            { for View::ALL.into_iter().map(|view| {
                let (name, label) = match view {
                    View::After => ("after", words.view_after),
                    View::BeforeAfter => ("before-after", words.view_before_after),
                    View::Difference => ("difference", words.view_difference),
                    View::Energy => ("energy", words.view_energy),
                };
                let settings = Settings { view, ..page.settings };
                html! {
                    <button type="button" data-testid={format!("view-{name}")} aria-pressed={(view == page.settings.view).to_string()}
                        onclick={page.sends(Action::Settings(settings))}>{ label }</button>
                }
            }) }
        </div>
    }
}

/// The verdict in one line, for narrow windows where the verdict itself is out of sight. Screen readers have the
/// verdict's own announcement.
fn pocket(page: &Page) -> Html {
    let words = page.words();
    let Some(judged) = &page.answer.judged else { return html! {} };
    let verdict = &judged.verdict;
    let drift = format!("{} %", fixed(verdict.control.relative_drift_percent, 0));
    html! {
        <p class="pocket" aria-hidden="true">
            <span>{ option_text(&judged.lab.question, verdict.clean.answer) }{ " → " }
                { option_text(&judged.lab.question, verdict.perturbed.answer) }</span>
            <span class={verdict.flipped.then_some("flip")}>{ if verdict.flipped { words.flipped } else { words.same_answer } }</span>
            <span>{ drift_name(page, verdict) }{ " " }{ drift }</span>
        </p>
    }
}
