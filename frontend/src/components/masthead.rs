//! The header: name, model, undo, share, download, language, theme, help.

use super::download_menu::download_menu;
use super::icon::{Icon, icon_button};
use crate::effects::share;
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Edit, PanelChange, Settings, Theme};
use crate::text::fill;
use flipside_shared::decimal::fixed;
use flipside_shared::recipe::Source;
use web_sys::HtmlSelectElement;
use yew::{Html, TargetCast};

/// The header.
pub fn masthead(page: &Page) -> Html {
    let words = page.words();
    let settings = page.settings;
    let (theme_icon, theme) = match settings.theme {
        Theme::System => (Icon::System, words.theme_system),
        Theme::Light => (Icon::Sun, words.theme_light),
        Theme::Dark => (Icon::Moon, words.theme_dark),
    };
    let language = Settings { language: settings.language.other(), ..settings };
    let next_theme = Settings { theme: settings.theme.next(), ..settings };
    let own_picture = matches!(page.lab().recipe.source, Source::Image { .. });
    let on_share = page.on(|page, _| share(page));
    html! {
        <header class="masthead">
            <h1 class="wordmark">
                <svg viewBox="0 0 20 20" aria-hidden="true">
                    <path class="half-clean" d="M9 1a9 9 0 0 0 0 18z" />
                    <path class="half-flip" d="M11 1a9 9 0 0 1 0 18z" />
                </svg>
                { words.app_name }
            </h1>
            <div class="model" data-testid="model">{ model(page) }</div>
            <div class="tools">
                { icon_button(Icon::Undo, words.undo.to_owned(), "undo", !page.history.can_undo(), page.sends(Action::Undo)) }
                { icon_button(Icon::Redo, words.redo.to_owned(), "redo", !page.history.can_redo(), page.sends(Action::Redo)) }
                <button type="button" data-testid="share" onclick={on_share}
                    title={own_picture.then_some(words.share_uploads)}>{ words.share }</button>
                { download_menu(page) }
                <a class="button quiet" href="/reports" data-testid="reports">{ words.reports }</a>
                <button type="button" class="quiet" data-testid="language" lang={language.language.tag()}
                    aria-label={words.switch_language_label} onclick={page.sends(Action::Settings(language))}>
                    { words.switch_language }
                </button>
                { icon_button(theme_icon, fill(words.theme, &[("name", theme)]), "theme", false, page.sends(Action::Settings(next_theme))) }
                <button type="button" class="quiet" data-testid="help" aria-label={words.help} title={words.help}
                    onclick={page.sends(Action::Panel(PanelChange::Help(true)))}>{ "?" }</button>
            </div>
        </header>
    }
}

/// Which model answers and what it does not know.
fn model(page: &Page) -> Html {
    let words = page.words();
    let Some(info) = page.info.as_ref().filter(|info| !info.models.is_empty()) else {
        return html! { { words.model_none } };
    };
    let wanted = page.lab().model.as_deref();
    let model =
        info.models.iter().find(|model| Some(model.name.as_str()) == wanted).unwrap_or(&info.models[0]);
    let millions = fixed(model.parameter_count as f64 / 1e6, 1);
    let name = if info.models.len() == 1 {
        html! { <strong>{ &model.name }</strong> }
    } else {
        let onchange = page.on(|page, event| {
            let name = event.target_unchecked_into::<HtmlSelectElement>().value();
            page.edit(Edit::SetModel(Some(name)));
        });
        html! {
            <select aria-label={words.model} data-testid="model-select" {onchange}>
                { for info.models.iter().map(|each| html! {
                    <option value={each.name.clone()} selected={each.name == model.name}>{ &each.name }</option>
                }) }
            </select>
        }
    };
    html! {
        <>
            { name }{ " · " }{ fill(words.parameters, &[("millions", &millions)]) }
            if !model.limits.is_empty() { { " · " }<span data-testid="model-limits">{ &model.limits }</span> }
        </>
    }
}
