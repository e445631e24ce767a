//! Qwen3-VL.

use crate::golden::{Golden, numbers, slope_agrees};
use flipside_vlm::Placement;
use flipside_vlm::packing::{Conversation, pack};
use flipside_vlm::preprocess::patches;
use flipside_vlm::qwen3_vl::Qwen3Vl;
use flipside_vlm::reader::Sight;
use flipside_vlm::{Detail, VisionTokens, Vlm};

fn all() -> Vec<Golden<Qwen3Vl>> {
    Golden::all("qwen3_vl", |checkpoint, name| Qwen3Vl::load(checkpoint, name, &Placement::cpu()).unwrap())
}

/// The merged tokens, then the inner layers one after the other, as the goldens have them.
fn in_order(tokens: &VisionTokens) -> Vec<f32> {
    [&tokens.tokens, tokens.detail.numbers()].concat()
}

#[test]
fn pixels_agree() {
    for golden in all() {
        golden.pixels_agree([[0.5; 3]; 2], |picture| {
            let config = golden.model.preprocessor();
            let plane = config.patch_size * config.patch_size;
            let (values, _) = patches(picture, config).unwrap();
            let count = values.dim(0).unwrap();
            // Every patch repeats its frame; the goldens have the first.
            let first = values.reshape((count, 3, 2, plane)).unwrap().narrow(2, 0, 1).unwrap();
            (numbers(&first), plane)
        });
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
            let inner = theirs.split_off(tokens.tokens.len());
            tokens.tokens = theirs;
            let Detail::Inner { tokens, .. } = &mut tokens.detail else { panic!("no inner features") };
            *tokens = inner;
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
        let (values, grid) = patches(picture, model.preprocessor()).unwrap();
        let vision = &model.encode(&[picture]).unwrap()[0];
        let (case, placed) = (&golden.cases[0], model.place(vision).unwrap());
        let tokens = reader.tokens(&case.question, &case.options, case.regime, &placed.text).unwrap();
        let packed = pack(&[Conversation { tokens: &tokens, runs: &placed.runs }]);
        let first = packed.requests[0].predictions[0].clone();
        slope_agrees(&values.unsqueeze(0).unwrap(), |patches| {
            let seen = model.visual().forward(patches, grid).unwrap();
            let added = seen.inner.iter().map(|inner| inner.squeeze(0).unwrap()).collect();
            let sight = Sight { tokens: seen.tokens.squeeze(0).unwrap(), added };
            let outcome = reader.run(&packed, &sight).unwrap();
            outcome.log_probs.narrow(0, first.start, first.len()).unwrap().sum_all().unwrap()
        });
    }
}
