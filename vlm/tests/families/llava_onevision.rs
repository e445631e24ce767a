//! LLaVA-OneVision.

use crate::golden::{Golden, slope_agrees, squares};
use candle_core::Tensor;
use flipside_vlm::Placement;
use flipside_vlm::llava_onevision::LlavaOnevision;
use flipside_vlm::packing::{Conversation, pack};
use flipside_vlm::reader::Sight;
use flipside_vlm::{Detail, VisionTokens, Vlm};

fn all() -> Vec<Golden<LlavaOnevision>> {
    Golden::all("llava_onevision", |checkpoint, name| {
        LlavaOnevision::load(checkpoint, name, &Placement::cpu()).unwrap()
    })
}

/// The whole, then the finer rows, as the reference has them.
fn in_order(tokens: &VisionTokens) -> Vec<f32> {
    [&tokens.tokens, tokens.detail.numbers()].concat()
}

#[test]
fn pixels_agree() {
    for golden in all() {
        golden.pixels_agree([[0.5; 3]; 2], |picture| squares(&golden.model.patches(picture).unwrap()));
    }
}

#[test]
fn vision_tokens_agree() {
    all().iter().for_each(|golden| golden.vision_agrees(in_order));
}

#[test]
fn states_logits_and_scores_agree() {
    for golden in all() {
        // From the reference's vision tokens, so that a last bit of the resize does not count against the decoder.
        let mut encoded = golden.encoded();
        for (index, tokens) in encoded.iter_mut().enumerate() {
            let mut theirs = golden.numbers(&format!("vision_{index}"));
            let finer = theirs.split_off(tokens.tokens.len());
            tokens.tokens = theirs;
            let Detail::Finer { tokens, .. } = &mut tokens.detail else { panic!("no finer tokens") };
            *tokens = finer;
        }
        golden.language_agrees(golden.model.reader(), &encoded);
    }
}

#[test]
fn prompts_have_the_same_length() {
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
        slope_agrees(&model.patches(picture).unwrap(), |patches| {
            let seen = model.sights().forward(patches).unwrap();
            let tiles = seen.narrow(0, 1, seen.dim(0).unwrap() - 1).unwrap();
            let finer = model.sights().finer(&tiles, &model.arrangement(picture)).unwrap();
            let tokens = Tensor::cat(&[&seen.get(0).unwrap(), &finer], 0).unwrap();
            let outcome = reader.run(&packed, &Sight { tokens, added: Vec::new() }).unwrap();
            outcome.log_probs.narrow(0, first.start, first.len()).unwrap().sum_all().unwrap()
        });
    }
}
