//! Many options in one pass: a prompt is laid down once and all its options follow it in the same sequence.
//!
//! `[prompt with image | option 1 | option 2 | ...]`: each option sees the prompt and itself, and its positions go on
//! from the end of the prompt, so its scores are those of the plain conversation. Sequences of several requests are
//! padded to one batch. Plain numbers; no tensors.
//!
//! The vision tokens of a prompt stand in runs with text before, between and after them. A run is a grid over time,
//! height and width; where a model knows only one position per token, a run of n tokens is n frames of one token, and
//! time is the position.

use crate::tokens::PromptTokens;
use std::ops::Range;

/// A prompt and the shape of its picture.
#[derive(Clone, Copy)]
pub struct Conversation<'a> {
    /// The tokens.
    pub tokens: &'a PromptTokens,
    /// Per run, vision tokens along time, height and width.
    pub runs: &'a [[usize; 3]],
}

/// A padded batch, ready to become tensors.
#[derive(Debug, Default)]
pub struct Packed {
    /// Number of sequences.
    pub batch: usize,
    /// Length of each, with padding.
    pub seq: usize,
    /// All text tokens that occur, one after the other.
    pub text_ids: Vec<u32>,
    /// Per slot `(batch, seq)`, the row of its embedding in [text rows, then the vision rows of all pictures].
    pub rows: Vec<u32>,
    /// `(3, batch, seq)`: along time, height, width.
    pub positions: Vec<f32>,
    /// `(batch, 1, seq, seq)`: 0 where a slot sees another, minus infinity where not.
    pub mask: Vec<f32>,
    /// The slots whose next token is scored, flat.
    pub predicted_from: Vec<u32>,
    /// That next token.
    pub predicted: Vec<u32>,
    /// Where each request's parts are.
    pub requests: Vec<Places>,
}

/// Where to find one request in a [`Packed`] batch.
#[derive(Debug)]
pub struct Places {
    /// Flat slot of the last token of the prompt.
    pub context: u32,
    /// Per option, its stretch of `predicted`.
    pub predictions: Vec<Range<usize>>,
    /// Per option, the flat slots of its own tokens, without the end of turn.
    pub answers: Vec<Range<u32>>,
}

impl Conversation<'_> {
    /// Tokens of the prompt with the vision tokens.
    pub fn prompt_length(&self) -> usize {
        self.tokens.prompt.iter().map(Vec::len).sum::<usize>() + self.vision_length()
    }

    fn vision_length(&self) -> usize {
        self.runs.iter().map(|run| run.iter().product::<usize>()).sum()
    }

    /// Tokens of the prompt and of all options.
    pub fn length(&self) -> usize {
        self.prompt_length() + self.tokens.options.iter().map(Vec::len).sum::<usize>()
    }

    /// Positions of the prompt along each axis, and the position that follows it.
    fn prompt_positions(&self) -> (Vec<[usize; 3]>, usize) {
        let mut positions = Vec::with_capacity(self.length());
        let mut next = 0;
        for (index, text) in self.tokens.prompt.iter().enumerate() {
            positions.extend((next..next + text.len()).map(|p| [p; 3]));
            next += text.len();
            let Some([frames, height, width]) = self.runs.get(index) else { continue };
            for frame in 0..*frames {
                for row in 0..*height {
                    positions.extend((0..*width).map(|column| [next + frame, next + row, next + column]));
                }
            }
            next += frames.max(height).max(width);
        }
        (positions, next)
    }
}

/// Packs a batch; the vision rows are those of the conversations' pictures, one after the other.
pub fn pack(conversations: &[Conversation]) -> Packed {
    let batch = conversations.len();
    let seq = conversations.iter().map(Conversation::length).max().unwrap_or(0);
    let text_rows: usize = conversations.iter().map(|c| c.length() - c.vision_length()).sum();
    let mut packed = Packed {
        batch,
        seq,
        rows: vec![0; batch * seq],
        positions: vec![0.0; 3 * batch * seq],
        mask: vec![f32::NEG_INFINITY; batch * seq * seq],
        ..Packed::default()
    };
    let mut vision_row = text_rows as u32;
    for (index, conversation) in conversations.iter().enumerate() {
        packed.add(index, conversation, &mut vision_row);
    }
    packed
}

impl Packed {
    fn add(&mut self, index: usize, conversation: &Conversation, vision_row: &mut u32) {
        let base = index * self.seq;
        let tokens = conversation.tokens;
        let (mut positions, end) = conversation.prompt_positions();
        let prompt = positions.len();

        let mut rows = Vec::with_capacity(self.seq);
        for (index, text) in tokens.prompt.iter().enumerate() {
            rows.extend(self.text(text));
            let run = conversation.runs.get(index).map_or(0, |run| run.iter().product::<usize>()) as u32;
            rows.extend(*vision_row..*vision_row + run);
            *vision_row += run;
        }

        let context = (base + prompt - 1) as u32;
        let mut places = Places { context, predictions: Vec::new(), answers: Vec::new() };
        for option in &tokens.options {
            let start = rows.len();
            rows.extend(self.text(option));
            positions.extend((end..end + option.len()).map(|p| [p; 3]));

            let first = self.predicted.len();
            self.predicted.extend(option);
            let slots = (base + start) as u32..(base + start + option.len()) as u32;
            self.predicted_from.push(context);
            self.predicted_from.extend(slots.start..slots.end - 1);
            places.predictions.push(first..self.predicted.len());
            let own = option.len().saturating_sub(tokens.closing).max(1) as u32;
            places.answers.push(slots.start..slots.start + own);
            for slot in start..rows.len() {
                self.see(base, slot, 0..prompt);
                self.see(base, slot, start..slot + 1);
            }
        }
        (0..prompt).for_each(|slot| self.see(base, slot, 0..slot + 1));
        // Padding sees itself, so that its softmax is defined; nothing sees it.
        (rows.len()..self.seq).for_each(|slot| self.see(base, slot, slot..slot + 1));

        self.rows[base..base + rows.len()].copy_from_slice(&rows);
        for (slot, position) in positions.iter().enumerate() {
            for (axis, &value) in position.iter().enumerate() {
                self.positions[axis * self.batch * self.seq + base + slot] = value as f32;
            }
        }
        self.requests.push(places);
    }

    /// Adds text tokens and gives their rows.
    fn text(&mut self, ids: &[u32]) -> Vec<u32> {
        let start = self.text_ids.len() as u32;
        self.text_ids.extend(ids);
        (start..start + ids.len() as u32).collect()
    }

    fn see(&mut self, base: usize, slot: usize, others: Range<usize>) {
        let line = (base + slot) * self.seq;
        self.mask[line + others.start..line + others.end].fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_share_the_prompt_and_not_each_other() {
        let tokens = PromptTokens {
            prompt: vec![vec![1], vec![2, 3]],
            options: vec![vec![4, 9], vec![5, 6, 9]],
            closing: 1,
        };
        let long = Conversation { tokens: &tokens, runs: &[[1, 1, 2]] };
        let short_tokens = PromptTokens { options: vec![vec![7, 9]], ..tokens.clone() };
        let short = Conversation { tokens: &short_tokens, runs: &[[1, 1, 1]] };
        let packed = pack(&[long, short]);
        assert_eq!((packed.batch, packed.seq), (2, 10));
        assert_eq!(packed.text_ids, [1, 2, 3, 4, 9, 5, 6, 9, 1, 2, 3, 7, 9]);
        assert_eq!(packed.rows[..10], [0, 13, 14, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(packed.rows[10..16], [8, 15, 9, 10, 11, 12]);
        // Along the width: before, image (2 wide), after, then both options from the same position.
        assert_eq!(packed.positions[40..50], [0., 1., 2., 3., 4., 5., 6., 5., 6., 7.]);
        assert_eq!(packed.positions[20..24], [0., 1., 1., 3.], "along the height the image is one row");
        let sees = |slot: usize| -> Vec<usize> {
            (0..10).filter(|other| packed.mask[slot * 10 + other] == 0.0).collect()
        };
        assert_eq!(sees(2), [0, 1, 2]);
        assert_eq!(sees(6), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(sees(8), [0, 1, 2, 3, 4, 7, 8]);
        assert_eq!(sees(19), [9], "padding sees itself");
        assert_eq!(packed.predicted, [4, 9, 5, 6, 9, 7, 9]);
        assert_eq!(packed.predicted_from, [4, 5, 4, 7, 8, 13, 14]);
        assert_eq!(packed.requests[0].answers, [5..6, 7..9]);
        assert_eq!(packed.requests[1].predictions[0], 5..7);
    }

    #[test]
    fn text_stands_between_runs_and_a_sequence_is_one_of_frames() {
        let tokens =
            PromptTokens { prompt: vec![vec![1], vec![2], vec![3]], options: vec![vec![4]], closing: 0 };
        let packed = pack(&[Conversation { tokens: &tokens, runs: &[[2, 1, 1], [3, 1, 1]] }]);
        assert_eq!(packed.text_ids, [1, 2, 3, 4]);
        assert_eq!(packed.rows, [0, 4, 5, 1, 6, 7, 8, 2, 3]);
        assert_eq!(packed.positions[..9], [0., 1., 2., 3., 4., 5., 6., 7., 8.]);
    }
}
