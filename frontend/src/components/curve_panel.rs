//! The response curve: choose a parameter, watch it come, stop it.

use super::curve_chart::curve_chart;
use super::curve_table::curve_table;
use super::picture_panel::problem_line;
use crate::effects::{cancel_curve, run_curve};
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Curve, CurvePlan, CurveStatus, POINTS, PanelChange, sweepable};
use crate::text::fill;
use flipside_shared::decimal::{fixed, shortest};
use web_sys::HtmlSelectElement;
use yew::{Html, TargetCast};

/// The panel.
pub fn curve_panel(page: &Page) -> Html {
    let words = page.words();
    let plans = sweepable(&page.lab().recipe);
    let chosen = page.panels.curve_choice.min(plans.len().saturating_sub(1));
    let running = page.curve.as_ref().is_some_and(|curve| curve.status == CurveStatus::Running);
    let choose = page.on(|page, event| {
        let choice = event.target_unchecked_into::<HtmlSelectElement>().value().parse().unwrap_or(0);
        page.send(Action::Panel(PanelChange::CurveChoice(choice)));
    });
    let plan = plans.get(chosen).copied();
    let run = page.on(move |page, _| {
        if let Some(plan) = plan {
            run_curve(page, plan);
        }
    });
    html! {
        <section class="panel" aria-labelledby="curve-title" data-testid="curve">
            <header>
                <h2 id="curve-title">{ words.curve }</h2>
                if !plans.is_empty() {
                    <label class="row"><small>{ words.curve_parameter }</small>
                        <select data-testid="curve-parameter" onchange={choose}>
                            { for plans.iter().enumerate().map(|(index, plan)| html! {
                                <option value={index.to_string()} selected={index == chosen}>{ plan_label(page, plan) }</option>
                            }) }
                        </select>
                    </label>
                }
                if running {
                    <button type="button" data-testid="curve-cancel" onclick={page.on(|page, _| cancel_curve(page))}>{ words.curve_cancel }</button>
                } else {
                    <button type="button" class="primary" data-testid="curve-run" disabled={plans.is_empty() || page.question_problem().is_some()}
                        onclick={run}>{ words.curve_run }</button>
                }
            </header>
            if let Some(curve) = &page.curve {
                { status(page, curve) }
                <div class="curve-body">{ curve_chart(page) }{ curve_table(page) }</div>
            } else {
                <p class="empty">{ if plans.is_empty() { words.curve_no_parameter } else { words.curve_intro } }</p>
            }
        </section>
    }
}

fn plan_label(page: &Page, plan: &CurvePlan) -> String {
    let step = page.lab().recipe.operations.get(plan.step);
    let title = step.map_or("", |step| step.operation.schema().title);
    format!("{}. {}: {}", plan.step + 1, page.said(title), page.said(plan.param.label))
}

/// How far it is and what was found.
fn status(page: &Page, curve: &Curve) -> Html {
    let words = page.words();
    let unit = curve.plan.param.unit;
    let done = curve.points.len().to_string();
    let progress = fill(words.curve_progress, &[("done", &done), ("all", &POINTS.to_string())]);
    html! {
        <div class="row" role="status" aria-live="polite" data-testid="curve-status" data-state={match curve.status {
            CurveStatus::Running => "running", CurveStatus::Done { .. } => "done", CurveStatus::Cancelled => "cancelled", CurveStatus::Failed(_) => "failed",
        }}>
            { match &curve.status {
                CurveStatus::Running => html! { <><progress max={POINTS.to_string()} value={done} aria-label={progress.clone()} /><small>{ progress }</small></> },
                CurveStatus::Done { .. } if curve.flips.is_empty() => html! { <span>{ words.curve_no_flip }</span> },
                CurveStatus::Done { .. } => html! {},
                CurveStatus::Cancelled => html! { <span>{ words.curve_cancelled }</span> },
                CurveStatus::Failed(problem) => html! { <span class="problem" role="alert">{ problem_line(page, problem) }</span> },
            } }
            { for curve.flips.iter().map(|flip| html! {
                <strong data-testid="curve-flip" data-value={shortest(flip.value)}>
                    { fill(words.curve_flip, &[("value", &format!("{} {unit}", fixed(flip.value, 3)))]) }
                </strong>
            }) }
            if !curve.holds_for(page.lab()) { <small>{ words.curve_stale }</small> }
        </div>
    }
}
