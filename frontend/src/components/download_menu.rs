//! What can be kept as a file.

use crate::browser::document::close_menus;
use crate::browser::file::{download, download_text};
use crate::effects::perturbed_png;
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, NoticeKind};
use flipside_shared::api::OptionScore;
use flipside_shared::json::{self, Json, ToJson};
use flipside_shared::worker_protocol::Chart;
use wasm_bindgen_futures::spawn_local;
use yew::Html;

/// The menu.
pub fn download_menu(page: &Page) -> Html {
    let words = page.words();
    let item = |name: &'static str, label: &'static str, enabled: bool, run: fn(&Page)| {
        let onclick = page.on(move |page, _| {
            close_menus(None);
            run(page);
        });
        html! { <li><button type="button" data-testid={name} disabled={!enabled} {onclick}>{ label }</button></li> }
    };
    let judged = page.answer.judged.is_some();
    html! {
        <details class="menu">
            <summary class="button" data-testid="download">{ words.download }</summary>
            <ul class="menu-list">
                { item("download-png", words.download_png, page.picture.drawn.is_some(), keep_png) }
                { item("download-json", words.download_json, true, keep_json) }
                { item("download-bars", words.download_bars, judged, keep_bars) }
                { item("download-heat", words.download_heat, judged, keep_heat) }
                { item("download-curve", words.download_curve, page.curve.is_some(), keep_curve) }
            </ul>
        </details>
    }
}

fn keep_png(page: &Page) {
    let Some(drawn) = page.picture.drawn.as_ref() else { return };
    let (worker, applied) = (page.worker.clone(), drawn.applied_id);
    spawn_local(async move {
        if let Some(file) = perturbed_png(&worker, applied).await {
            download("flipside.png", "image/png", &file);
        }
    });
}

fn keep_json(page: &Page) {
    let lab = page.lab();
    let verdict =
        page.answer.judged.as_ref().filter(|judged| judged.lab == *lab).map(|judged| &*judged.verdict_json);
    let verdict = verdict.and_then(|text| json::parse(text).ok()).unwrap_or(Json::Null);
    let both = Json::Object(vec![("state".to_owned(), lab.to_json()), ("verdict".to_owned(), verdict)]);
    download_text("flipside.json", "application/json", &both.to_indented_text());
}

fn keep_bars(page: &Page) {
    let Some(judged) = &page.answer.judged else { return };
    let of = |options: &[OptionScore]| options.iter().map(|option| option.probability).collect();
    let question = &judged.lab.question;
    let chart = Chart::Bars {
        question: question.text.clone(),
        options: question.options.clone(),
        clean: of(&judged.verdict.clean.options),
        perturbed: of(&judged.verdict.perturbed.options),
    };
    keep_chart(page, "flipside-probabilities.svg", chart);
}

fn keep_heat(page: &Page) {
    let Some(judged) = &page.answer.judged else { return };
    let smoothness = &judged.verdict.perturbed.smoothness;
    let chart = Chart::Heat {
        title: page.words().energy_legend.to_owned(),
        rows: smoothness.rows,
        columns: smoothness.columns,
        values: smoothness.token_energy.clone(),
    };
    keep_chart(page, "flipside-dirichlet.svg", chart);
}

fn keep_curve(page: &Page) {
    if let Some(curve) = &page.curve {
        let name = page.said(curve.plan.param.label);
        keep_chart(page, "flipside-curve.svg", curve.chart(page.lab(), name));
    }
}

fn keep_chart(page: &Page, name: &'static str, chart: Chart) {
    let (worker, sender) = (page.worker.clone(), page.sender.clone());
    spawn_local(async move {
        match worker.draw(chart).await {
            Ok(svg) => download_text(name, "image/svg+xml", &svg),
            Err(problem) => sender.dispatch(Action::Notify(NoticeKind::Problem(problem))),
        }
    });
}
