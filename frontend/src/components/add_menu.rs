//! Every operation there is, grouped, with one sentence each.

use crate::browser::document::close_menus;
use crate::markup::html;
use crate::page::Page;
use crate::state::Edit;
use flipside_shared::recipe::{Operation, OperationGroup, Source};
use yew::Html;

/// The menu. Scene operations are offered on scenes only.
pub fn add_menu(page: &Page) -> Html {
    let words = page.words();
    let on_scene = matches!(page.lab().recipe.source, Source::Scene { .. });
    let groups = [(OperationGroup::Pixels, words.group_pixels), (OperationGroup::Scene, words.group_scene)];
    let offered = groups.into_iter().filter(|(group, _)| on_scene || *group == OperationGroup::Pixels);
    html! {
        <details class="menu">
            <summary class="button" data-testid="add-operation">{ words.add_operation }</summary>
            <div class="menu-list">
                { for offered.map(|(group, title)| html! {
                    <>
                        <h3>{ title }</h3>
                        <ul>{ for Operation::SCHEMAS.iter().filter(|schema| schema.group == group).map(|schema| {
                            let id = schema.id;
                            let onclick = page.on(move |page, _| {
                                close_menus(None);
                                page.edit(Edit::AddStep(id));
                            });
                            html! {
                                <li><button type="button" data-testid={format!("add-{id}")} {onclick}>
                                    { page.said(schema.title) }<small>{ page.said(schema.summary) }</small>
                                </button></li>
                            }
                        }) }</ul>
                    </>
                }) }
            </div>
        </details>
    }
}
