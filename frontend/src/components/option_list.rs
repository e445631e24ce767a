//! The options of the question, each editable.

use super::icon::{Icon, icon_button};
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Edit};
use crate::text::fill;
use flipside_shared::lab::LabQuestion;
use web_sys::HtmlInputElement;
use yew::{Html, TargetCast};

/// The list.
pub fn option_list(page: &Page) -> Html {
    let words = page.words();
    let options = &page.lab().question.options;
    let add = page.on(|page, _| {
        page.edit(Edit::SetQuestion(with_options(page, |options| options.push(String::new()))));
    });
    html! {
        <ul class="options" aria-label={words.options}>
            { for options.iter().enumerate().map(|(index, option)| {
                let number = (index + 1).to_string();
                let write = page.on(move |page, event| {
                    let text = event.target_unchecked_into::<HtmlInputElement>().value();
                    page.edit(Edit::TypeQuestion(with_options(page, |options| {
                        if let Some(option) = options.get_mut(index) {
                            *option = text;
                        }
                    })));
                });
                let remove = page.on(move |page, _| {
                    page.edit(Edit::SetQuestion(with_options(page, |options| {
                        if index < options.len() {
                            options.remove(index);
                        }
                    })));
                });
                let label = fill(words.remove_option, &[("n", &number)]);
                html! {
                    <li>
                        <input type="text" dir="auto" value={option.clone()} data-testid={format!("option-{index}")}
                            aria-label={fill(words.option_n, &[("n", &number)])} oninput={write} onchange={page.sends(Action::Settle)} />
                        <button type="button" aria-label={label.clone()} title={label} onclick={remove}>{ "×" }</button>
                    </li>
                }
            }) }
            <li>{ icon_button(Icon::Add, words.add_option.to_owned(), "add-option", false, add) }</li>
        </ul>
    }
}

/// The question with other options. They are no longer the oracle's then, whose answer is an index into its own.
fn with_options(page: &Page, change: impl FnOnce(&mut Vec<String>)) -> LabQuestion {
    let mut question = LabQuestion { spec: None, ..page.lab().question.clone() };
    change(&mut question.options);
    question
}
