//! CLIP and SigLIP.

use crate::golden::{PIXEL_TOLERANCE, Shown, TOLERANCE, folders, furthest, numbers, off_level, pictures};
use crate::golden::{slope_agrees, squares};
use candle_core::{Device, Tensor, safetensors};
use flipside_shared::raster::Raster;
use flipside_vlm::checkpoint::Checkpoint;
use flipside_vlm::clip::Clip;
use flipside_vlm::siglip::Siglip;
use flipside_vlm::{Contrastive, Error, Placement, load_contrastive};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Cases {
    weights_sha256: String,
    texts: Vec<String>,
    normalisation: [[f32; 3]; 2],
    pictures: Vec<Shown>,
}

struct Golden {
    folder: PathBuf,
    model: Box<dyn Contrastive + Send + Sync>,
    cases: Cases,
    tensors: HashMap<String, Tensor>,
}

fn all() -> Vec<Golden> {
    ["clip", "siglip"].iter().flat_map(|family| folders(family)).map(|folder| read(&folder)).collect()
}

fn read(folder: &Path) -> Golden {
    let cases: Cases = serde_json::from_slice(&std::fs::read(folder.join("cases.json")).unwrap()).unwrap();
    let model = load_contrastive(&folder.join("checkpoint"), &Placement::cpu()).unwrap();
    assert_eq!(model.info().weights_sha256, cases.weights_sha256, "{}", folder.display());
    let tensors = safetensors::load(folder.join("golden.safetensors"), &Device::Cpu).unwrap();
    Golden { folder: folder.to_owned(), model, cases, tensors }
}

/// The patches of a picture, and what the towers make of patches.
type Eye = (Box<dyn Fn(&Raster) -> Tensor>, Box<dyn Fn(&Tensor) -> Tensor>);

fn eye(golden: &Golden) -> Eye {
    let checkpoint = Checkpoint::Folder(golden.folder.join("checkpoint"));
    if golden.model.info().family == "clip" {
        let clip = std::rc::Rc::new(Clip::load(&checkpoint, "test", &Placement::cpu()).unwrap());
        let same = clip.clone();
        let see = move |patches: &Tensor| clip.visual().forward(patches).unwrap();
        (Box::new(move |picture| same.patches(picture).unwrap()), Box::new(see))
    } else {
        let siglip = std::rc::Rc::new(Siglip::load(&checkpoint, "test", &Placement::cpu()).unwrap());
        let same = siglip.clone();
        let see = move |patches: &Tensor| siglip.see(patches).unwrap();
        (Box::new(move |picture| same.patches(picture).unwrap()), Box::new(see))
    }
}

#[test]
fn pixels_agree() {
    for golden in all() {
        let (patches, _) = eye(&golden);
        for (index, picture) in pictures(&golden.cases.pictures).iter().enumerate() {
            let (values, plane) = squares(&patches(picture));
            let levels = numbers(&golden.tensors["levels"].get(index).unwrap());
            let worst = off_level(&values, plane, &levels, golden.cases.normalisation);
            println!("{} picture {index}: {:.2} levels", golden.folder.display(), worst * 255.0);
            assert!(worst < PIXEL_TOLERANCE, "{} {index}: {worst}", golden.folder.display());
        }
    }
}

#[test]
fn embeddings_and_logits_agree() {
    for golden in all() {
        let shown = pictures(&golden.cases.pictures);
        let pictures = golden.model.embed_pictures(&shown.iter().collect::<Vec<_>>()).unwrap();
        let texts: Vec<&str> = golden.cases.texts.iter().map(String::as_str).collect();
        let texts = golden.model.embed_texts(&texts).unwrap();
        let of_texts = furthest(&texts.concat(), &numbers(&golden.tensors["texts"]));
        let of_pictures = furthest(&pictures.concat(), &numbers(&golden.tensors["pictures"]));
        let likeness = golden.model.likeness();
        let logits: Vec<f32> = pictures
            .iter()
            .flat_map(|picture| texts.iter().map(|text| likeness.logit(picture, text)))
            .collect();
        let theirs = numbers(&golden.tensors["logits"]);
        let logit = furthest(&logits, &theirs) / likeness.scale;
        println!("{}: texts {of_texts:e} pictures {of_pictures:e} logits {logit:e}", golden.folder.display());
        assert!(of_texts <= TOLERANCE, "{of_texts}");
        assert!(of_pictures <= TOLERANCE && logit <= TOLERANCE, "{of_pictures} {logit}");
        for (ours, theirs) in logits.chunks_exact(texts.len()).zip(theirs.chunks_exact(texts.len())) {
            assert_eq!(best(ours), best(theirs));
        }
    }
}

fn best(logits: &[f32]) -> usize {
    (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap()
}

#[test]
fn a_batch_gives_what_single_ones_give() {
    for golden in all() {
        let shown = pictures(&golden.cases.pictures);
        let together = golden.model.embed_pictures(&shown.iter().collect::<Vec<_>>()).unwrap();
        for (picture, ours) in shown.iter().zip(&together) {
            assert!(furthest(&golden.model.embed_pictures(&[picture]).unwrap()[0], ours) <= 1e-4);
        }
        let texts: Vec<&str> = golden.cases.texts.iter().map(String::as_str).collect();
        for (text, ours) in texts.iter().zip(&golden.model.embed_texts(&texts).unwrap()) {
            assert!(furthest(&golden.model.embed_texts(&[text]).unwrap()[0], ours) <= 1e-4, "{text}");
        }
    }
}

#[test]
fn the_gradient_reaches_the_pixels() {
    for golden in all() {
        let (patches, see) = eye(&golden);
        let picture = &pictures(&golden.cases.pictures)[1];
        slope_agrees(&patches(picture), |patches| see(patches).narrow(1, 3, 1).unwrap().sum_all().unwrap());
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    for golden in all() {
        assert!(golden.model.embed_pictures(&[]).unwrap().is_empty());
        assert!(golden.model.embed_texts(&[]).unwrap().is_empty());
        let error = golden.model.embed_texts(&[&"a cube ".repeat(100)]).unwrap_err();
        assert!(
            matches!(&error, Error::BadRequest { .. }) && error.to_string().contains("tokens"),
            "{error}"
        );
        let folder = golden.folder.join("checkpoint");
        let error = flipside_vlm::load(&folder, &Placement::cpu()).err().unwrap();
        let Error::UnsupportedArchitecture { supported, .. } = &error else { panic!("{error}") };
        assert!(supported.contains("Qwen2_5_VL") && !supported.contains("CLIP"), "{supported}");
    }
    let error =
        load_contrastive(&folders("qwen3_vl")[0].join("checkpoint"), &Placement::cpu()).err().unwrap();
    let Error::UnsupportedArchitecture { found, supported } = &error else { panic!("{error}") };
    assert_eq!((found.as_str(), supported.as_str()), ("qwen3_vl", "CLIPModel, SiglipModel"));
}
