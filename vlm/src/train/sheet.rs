//! One packed training sequence per image: the prompt's head with the vision tokens once, then all questions and the
//! caption side by side. Each sees the head and itself, and its positions start after the image, so the numbers are
//! those of a conversation of its own, as inference has it.

use super::lessons::{KINDS, Lesson, Phrase};
use super::vocabulary::Vocabulary;
use super::world::{NOTHING, Sample, TOKENS};
use crate::error::{Error, Result};
use candle_core::{Device, Tensor};
use std::collections::{HashMap, HashSet};
use tokenizers::Tokenizer;

/// Merged vision tokens of a picture.
pub(super) const IMAGE: usize = TOKENS * TOKENS;
/// The question before a caption; it is made of the world's words.
pub(super) const CAPTION_QUESTION: &str = "What is there?";
/// The nouns that end an object phrase.
const NOUNS: [&str; 5] = ["object", "cube", "sphere", "cylinder", "cone"];

/// Tokenizes with a memory, and knows the ids that frame a turn.
pub(super) struct Scribe {
    tokenizer: Tokenizer,
    memory: std::sync::RwLock<HashMap<String, Vec<u32>>>,
    nouns: HashSet<u32>,
    start: u32,
    end: u32,
    vision_start: u32,
    vision_end: u32,
}

impl Scribe {
    pub(super) fn new(vocabulary: &Vocabulary) -> Result<Self> {
        let bad = |reason: String| Error::Tokenizer { reason };
        let json = vocabulary.tokenizer_json().to_string();
        let tokenizer = Tokenizer::from_bytes(json.as_bytes()).map_err(|e| bad(e.to_string()))?;
        let nouns = NOUNS
            .iter()
            .flat_map(|noun| [format!("Ġ{noun}"), format!("Ġ{noun}s")])
            .filter_map(|noun| tokenizer.token_to_id(&noun))
            .collect();
        Ok(Self {
            tokenizer,
            memory: std::sync::RwLock::default(),
            nouns,
            start: vocabulary.special("<|im_start|>"),
            end: vocabulary.special("<|im_end|>"),
            vision_start: vocabulary.special("<|vision_start|>"),
            vision_end: vocabulary.special("<|vision_end|>"),
        })
    }

    /// Token ids of a text.
    pub(super) fn ids(&self, text: &str) -> Result<Vec<u32>> {
        if let Some(ids) = self.memory.read().ok().and_then(|memory| memory.get(text).cloned()) {
            return Ok(ids);
        }
        let encoding = self
            .tokenizer
            .encode_fast(text, false)
            .map_err(|e| Error::Tokenizer { reason: e.to_string() })?;
        let ids = encoding.get_ids().to_vec();
        if let Ok(mut memory) = self.memory.write() {
            memory.insert(text.to_owned(), ids.clone());
        }
        Ok(ids)
    }
}

/// What the loss needs to know about one place of a sheet.
#[derive(Clone, Copy)]
pub(super) struct Target {
    /// Flat slot whose hidden state predicts.
    pub(super) slot: u32,
    /// The token to predict.
    pub(super) token: u32,
    /// Its weight in the loss.
    pub(super) weight: f32,
}

/// A question's first predicted token, for accuracies.
pub(super) struct Asked {
    /// Place in [`Sheets::targets`].
    pub(super) target: usize,
    /// Index into [`KINDS`].
    pub(super) kind: usize,
    /// First tokens of all options.
    pub(super) options: Vec<u32>,
}

/// The last word of an object phrase.
pub(super) struct Noun<'a> {
    pub(super) slot: u32,
    pub(super) phrase: Phrase,
    pub(super) sample: &'a Sample,
}

/// A batch of packed sequences.
#[derive(Default)]
pub(super) struct Sheets<'a> {
    pub(super) batch: usize,
    pub(super) seq: usize,
    /// All text ids; the embedded text rows come first, then the vision rows of all pictures.
    pub(super) text_ids: Vec<u32>,
    /// `(batch, seq)`: the row of each slot.
    pub(super) rows: Vec<u32>,
    /// `(3, batch, seq)`
    pub(super) positions: Vec<f32>,
    /// `(batch, 1, seq, seq)`
    pub(super) mask: Vec<f32>,
    pub(super) targets: Vec<Target>,
    pub(super) asked: Vec<Asked>,
    pub(super) nouns: Vec<Noun<'a>>,
}

/// What is asked about one picture.
pub(super) struct Page<'a> {
    pub(super) sample: &'a Sample,
    pub(super) lessons: Vec<&'a Lesson>,
    /// The caption, when it is to be learnt.
    pub(super) caption: Option<&'a str>,
}

/// Weight of a caption token against an answer token.
const CAPTION_WEIGHT: f32 = 0.3;
/// Weight of the closing token of an answer.
const CLOSING_WEIGHT: f32 = 0.1;

struct Segment {
    ids: Vec<u32>,
    /// Index of the first slot that predicts.
    first: usize,
    /// Predicted tokens from there on.
    predicted: Vec<u32>,
}

impl<'a> Sheets<'a> {
    /// Packs one page per picture.
    pub(super) fn new(pages: &[Page<'a>], scribe: &Scribe) -> Result<Self> {
        let head = [scribe.start, scribe.vision_start];
        let head_slots = head.len() + IMAGE + 1;
        let mut all: Vec<Vec<Segment>> = Vec::with_capacity(pages.len());
        for page in pages {
            let mut segments = Vec::with_capacity(page.lessons.len() + 1);
            for lesson in &page.lessons {
                segments.push(segment(scribe, &lesson.spec.text(), &lesson.spec.options()[lesson.right])?);
            }
            if let Some(caption) = page.caption {
                segments.push(segment(scribe, CAPTION_QUESTION, caption)?);
            }
            all.push(segments);
        }
        let length =
            |segments: &Vec<Segment>| head_slots + segments.iter().map(|s| s.ids.len()).sum::<usize>();
        let (batch, seq) = (pages.len(), all.iter().map(length).max().unwrap_or(0));
        let text: usize = all.iter().map(|segments| length(segments) - IMAGE).sum();
        let mut sheets = Self {
            batch,
            seq,
            rows: vec![0; batch * seq],
            positions: vec![0.0; 3 * batch * seq],
            mask: vec![f32::NEG_INFINITY; batch * seq * seq],
            ..Self::default()
        };
        for (index, (page, segments)) in pages.iter().zip(&all).enumerate() {
            let vision = (text + index * IMAGE) as u32;
            sheets.fill(index, page, segments, (&head, vision), scribe)?;
        }
        Ok(sheets)
    }

    fn fill(
        &mut self,
        index: usize,
        page: &Page<'a>,
        segments: &[Segment],
        (head, vision): (&[u32], u32),
        scribe: &Scribe,
    ) -> Result<()> {
        let base = index * self.seq;
        let mut slot = 0;
        let mut place = |sheets: &mut Self, row: u32, position: [usize; 3]| {
            sheets.rows[base + slot] = row;
            for (axis, value) in position.into_iter().enumerate() {
                sheets.positions[axis * sheets.batch * sheets.seq + base + slot] = value as f32;
            }
            slot += 1;
            slot - 1
        };
        let text = |sheets: &mut Self, id: u32| {
            sheets.text_ids.push(id);
            sheets.text_ids.len() as u32 - 1
        };
        for (position, id) in head.iter().enumerate() {
            let row = text(self, *id);
            place(self, row, [position; 3]);
        }
        for token in 0..IMAGE {
            let at = head.len();
            place(self, vision + token as u32, [at, at + token / TOKENS, at + token % TOKENS]);
        }
        let after = head.len() + TOKENS;
        let row = text(self, scribe.vision_end);
        let head_end = place(self, row, [after; 3]) + 1;
        for slot in 0..head_end {
            self.see(base, slot, 0..slot + 1);
        }
        for (number, segment) in segments.iter().enumerate() {
            let mut nouns = Vec::new();
            let mut start = 0;
            for (i, id) in segment.ids.iter().enumerate() {
                let row = text(self, *id);
                let slot = place(self, row, [after + 1 + i; 3]);
                if i == 0 {
                    start = slot;
                }
                self.see(base, slot, 0..head_end);
                self.see(base, slot, start..slot + 1);
                if i < segment.first && scribe.nouns.contains(id) {
                    nouns.push((base + slot) as u32);
                }
            }
            let lesson = page.lessons.get(number);
            if let Some(lesson) = lesson {
                let phrases = nouns.iter().zip(&lesson.phrases);
                self.nouns.extend(phrases.map(|(slot, phrase)| Noun {
                    slot: *slot,
                    phrase: *phrase,
                    sample: page.sample,
                }));
                let options = lesson.spec.options();
                let options = options
                    .iter()
                    .map(|o| Ok(scribe.ids(o)?.first().copied().unwrap_or(0)))
                    .collect::<Result<_>>()?;
                let kind = KINDS.iter().position(|kind| *kind == lesson.spec.kind()).unwrap_or(0);
                self.asked.push(Asked { target: self.targets.len(), kind, options });
            }
            let last = segment.predicted.len() - 1;
            for (i, token) in segment.predicted.iter().enumerate() {
                let weight = match lesson {
                    None => CAPTION_WEIGHT,
                    Some(_) if i == last => CLOSING_WEIGHT,
                    Some(_) => 1.0,
                };
                self.targets.push(Target {
                    slot: (base + start + segment.first + i) as u32,
                    token: *token,
                    weight,
                });
            }
        }
        let filled = head_end + segments.iter().map(|s| s.ids.len()).sum::<usize>();
        // Padding sees itself, so that its softmax is defined; nothing sees it.
        (filled..self.seq).for_each(|slot| self.see(base, slot, slot..slot + 1));
        Ok(())
    }

    fn see(&mut self, base: usize, slot: usize, others: std::ops::Range<usize>) {
        let line = (base + slot) * self.seq;
        self.mask[line + others.start..line + others.end].fill(0.0);
    }

    /// `(3, batch, seq)`
    pub(super) fn positions(&self, device: &Device) -> Result<Tensor> {
        Ok(Tensor::from_slice(&self.positions, (3, self.batch, self.seq), device)?)
    }

    /// `(batch, 1, seq, seq)`
    pub(super) fn mask(&self, device: &Device) -> Result<Tensor> {
        Ok(Tensor::from_slice(&self.mask, (self.batch, 1, self.seq, self.seq), device)?)
    }
}

fn segment(scribe: &Scribe, question: &str, answer: &str) -> Result<Segment> {
    let mut ids = scribe.ids(question)?;
    ids.extend([scribe.end, scribe.start]);
    let first = ids.len() - 1;
    let mut predicted = scribe.ids(answer)?;
    ids.extend(&predicted);
    predicted.push(scribe.end);
    Ok(Segment { ids, first, predicted })
}

/// Class targets of an object, when a phrase names one.
pub(super) fn named<'a>(noun: &Noun<'a>) -> Option<&'a super::world::Facts> {
    noun.phrase
        .object
        .filter(|object| *object != NOTHING)
        .and_then(|object| noun.sample.facts.get(usize::from(object)))
}
