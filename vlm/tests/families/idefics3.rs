//! Idefics3 and SmolVLM.

use crate::golden::{Golden, slope_agrees, squares};
use candle_core::Tensor;
use flipside_shared::raster::Raster;
use flipside_vlm::Placement;
use flipside_vlm::idefics3::Idefics3;
use flipside_vlm::packing::{Conversation, pack};
use flipside_vlm::reader::Sight;
use flipside_vlm::{Detail, VisionTokens, Vlm};

fn all() -> Vec<Golden<Idefics3>> {
    Golden::all("idefics3", |checkpoint, name| Idefics3::load(checkpoint, name, &Placement::cpu()).unwrap())
}

/// Tile after tile, the whole last, as the reference has them.
fn in_order(tokens: &VisionTokens) -> Vec<f32> {
    [tokens.detail.numbers(), &tokens.tokens].concat()
}

fn patches(model: &Idefics3, picture: &Raster) -> Tensor {
    model.patches(&model.preprocessor().tiles(picture).unwrap()).unwrap()
}

#[test]
fn pixels_agree() {
    for golden in all() {
        golden.pixels_agree([[0.5; 3]; 2], |picture| squares(&patches(&golden.model, picture)));
    }
}

#[test]
fn vision_tokens_agree() {
    for golden in all() {
        golden.vision_agrees(in_order);
        for (tokens, shown) in golden.encoded().iter().zip(&golden.shown) {
            let tiles = match tokens.detail {
                Detail::Tiles { rows, columns, .. } => [rows, columns],
                _ => [0, 0],
            };
            assert_eq!(tiles, shown.tiles);
        }
    }
}

#[test]
fn states_logits_and_scores_agree() {
    for golden in all() {
        // From the reference's vision tokens, so that a last bit of the resize does not count against the decoder.
        let mut encoded = golden.encoded();
        for (index, tokens) in encoded.iter_mut().enumerate() {
            let mut theirs = golden.numbers(&format!("vision_{index}"));
            tokens.tokens = theirs.split_off(theirs.len() - tokens.tokens.len());
            if let Detail::Tiles { tokens, .. } = &mut tokens.detail {
                *tokens = theirs;
            }
        }
        golden.language_agrees(golden.model.reader(), &encoded);
    }
}

#[test]
fn prompts_hold_a_marker_for_each_tile() {
    for golden in all() {
        let reader = golden.model.reader();
        golden.prompts_agree(|case, vision| {
            let placed = golden.model.place(vision).unwrap();
            let tokens = reader.tokens(&case.question, &case.options, case.regime, &placed.text).unwrap();
            Conversation { tokens: &tokens, runs: &placed.runs }.prompt_length()
        });
    }
}

#[test]
fn the_whole_way_from_pixels_names_the_same_option() {
    all().iter().for_each(Golden::answers_agree);
}

#[test]
fn a_batch_gives_what_single_requests_give() {
    all().iter().for_each(Golden::batches_agree);
}

#[test]
fn the_gradient_reaches_the_pixels() {
    for golden in all() {
        let (model, reader) = (&golden.model, golden.model.reader());
        let picture = &golden.pictures()[1];
        let vision = &model.encode(&[picture]).unwrap()[0];
        let (case, placed) = (&golden.cases[0], model.place(vision).unwrap());
        let tokens = reader.tokens(&case.question, &case.options, case.regime, &placed.text).unwrap();
        let packed = pack(&[Conversation { tokens: &tokens, runs: &placed.runs }]);
        let first = packed.requests[0].predictions[0].clone();
        slope_agrees(&patches(model, picture), |patches| {
            let tokens = model.sights().forward(patches).unwrap().flatten_to(1).unwrap();
            let outcome = reader.run(&packed, &Sight { tokens, added: Vec::new() }).unwrap();
            outcome.log_probs.narrow(0, first.start, first.len()).unwrap().sum_all().unwrap()
        });
    }
}
