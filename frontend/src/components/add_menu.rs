//! Every operation there is, grouped, with one sentence each.

use crate::browser::document::close_menus;
use crate::markup::html;
use crate::page::Page;
use crate::state::Edit;
use crate::text::{group_title, op_summary, op_title};
use flipside_shared::recipe::{Operation, OperationGroup, Source};
use yew::Html;

/// The menu. Scene operations are offered on scenes only.
pub fn add_menu(page: &Page) -> Html {
    let words = page.words();
    let language = page.language();
    let on_scene = matches!(page.lab().recipe.source, Source::Scene { .. });
    let groups = [OperationGroup::Pixels, OperationGroup::Scene];
    let offered = groups.into_iter().filter(|group| on_scene || *group == OperationGroup::Pixels);
    html! {
        <details class="menu">
            <summary class="button" data-testid="add-operation">{ words.add_operation }</summary>
            <div class="menu-list">
                { for offered.map(|group| html! {
                    <>
                        <h3>{ group_title(language, group) }</h3>
                        <ul>{ for Operation::SCHEMAS.iter().filter(|schema| schema.group == group).map(|schema| {
                            let id = schema.id;
                            let onclick = page.on(move |page, _| {
                                close_menus(None);
                                page.edit(Edit::AddStep(id));
                            });
                            html! {
                                <li><button type="button" data-testid={format!("add-{id}")} {onclick}>
                                    { op_title(language, schema) }<small>{ op_summary(language, schema) }</small>
                                </button></li>
                            }
                        }) }</ul>
                    </>
                }) }
            </div>
        </details>
    }
}
