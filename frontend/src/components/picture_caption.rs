//! Size of the picture and its distance from the clean one.

use crate::markup::html;
use crate::page::Page;
use crate::text::fill;
use flipside_shared::decimal::fixed;
use yew::Html;

/// The line under the picture.
pub fn picture_caption(page: &Page) -> Html {
    let words = page.words();
    let Some(drawn) = &page.picture.drawn else { return html! { <p class="caption">{ words.loading }</p> } };
    let (size, difference) = (drawn.applied.perturbed, drawn.applied.difference);
    let value = |message: &str, value: String| fill(message, &[("value", &value)]);
    let same = difference.max == 0 && drawn.applied.clean == size;
    html! {
        <p class="caption" data-testid="statistics" title={words.statistics_title}>
            <span>{ format!("{} × {} px", size.width_px, size.height_px) }</span>
            if same {
                <span>{ words.statistics_same }</span>
            } else {
                <span>{ value(words.statistic_max, difference.max.to_string()) }</span>
                <span>{ value(words.statistic_mean, fixed(difference.mean, 1)) }</span>
                if let Some(ssim) = difference.ssim { <span>{ value(words.statistic_ssim, fixed(ssim, 3)) }</span> }
                if let Some(psnr) = difference.psnr_db { <span>{ value(words.statistic_psnr, fixed(psnr, 1)) }</span> }
            }
        </p>
    }
}
