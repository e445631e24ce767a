//! Maximal marginal relevance (Carbonell and Goldstein 1998): a set whose members matter and differ from each other.
//!
//! Greedy: the next member is argmax a r_i - (1 - a) max_{j in S} cos(e_i, e_j) with r the relevance, e the embedding
//! and S what is picked already; the first of equals. For the first member nothing is subtracted. Bench-C's choice uses
//! a = 0.5, **our reconstruction** (see [`super`]).

use crate::metrics::error::{MetricError, finite, in_range, same_length};

/// What is picked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picking {
    /// Members of the set, at most as many as there are candidates.
    pub size: usize,
    /// a, in [0, 1]: 1 looks at relevance alone, 0 at diversity alone.
    pub balance: f64,
}

/// A member of the set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick {
    /// Index of the candidate.
    pub index: usize,
    /// Largest cosine to a member picked before; none for the first.
    pub similarity: Option<f64>,
    /// What was largest: relevance and similarity, weighed.
    pub value: f64,
}

/// The members in the order in which they are picked. A candidate's embedding that is all 0 is similar to nothing.
///
/// # Errors
/// No candidates, lengths that differ (embeddings among each other too), a relevance that is not finite, a size beyond
/// the candidates, a balance outside [0, 1].
pub fn maximal_marginal_relevance(
    relevance: &[f64],
    embeddings: &[Vec<f32>],
    picking: Picking,
) -> Result<Vec<Pick>, MetricError> {
    let Picking { size, balance } = picking;
    finite(relevance)?;
    same_length(relevance, embeddings)?;
    in_range((0.0..=1.0).contains(&balance), "the balance")?;
    in_range(size <= relevance.len(), "the size of the set")?;
    let mut units = Vec::with_capacity(embeddings.len());
    for embedding in embeddings {
        same_length(embedding, &embeddings[0])?;
        units.push(unit(embedding));
    }
    let mut closest: Vec<Option<f64>> = vec![None; relevance.len()];
    let mut left: Vec<usize> = (0..relevance.len()).collect();
    let mut picks = Vec::with_capacity(size);
    while picks.len() < size {
        let value =
            |index: usize| balance * relevance[index] - (1.0 - balance) * closest[index].unwrap_or(0.0);
        let mut best: Option<(usize, f64)> = None;
        for (place, index) in left.iter().enumerate() {
            let value = value(*index);
            if best.is_none_or(|(_, most)| value > most) {
                best = Some((place, value));
            }
        }
        let Some((place, value)) = best else { break };
        let index = left.remove(place);
        picks.push(Pick { index, similarity: closest[index], value });
        for other in &left {
            let cosine = dot(&units[index], &units[*other]).clamp(-1.0, 1.0);
            closest[*other] = Some(closest[*other].map_or(cosine, |most| most.max(cosine)));
        }
    }
    Ok(picks)
}

/// The vector at length 1; all 0 where it has no direction.
pub fn unit(vector: &[f32]) -> Vec<f32> {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 && length.is_finite() {
        vector.iter().map(|value| (f64::from(*value) / length) as f32).collect()
    } else {
        vec![0.0; vector.len()]
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pick(relevance: &[f64], embeddings: &[[f32; 2]], size: usize, balance: f64) -> Vec<Pick> {
        let embeddings: Vec<Vec<f32>> = embeddings.iter().map(|e| e.to_vec()).collect();
        maximal_marginal_relevance(relevance, &embeddings, Picking { size, balance }).unwrap()
    }

    /// The second is as relevant as the first and a copy of it: .45 - .5 < .2 - 0, so the third comes before it.
    #[test]
    fn by_hand() {
        let picks = pick(&[1.0, 0.9, 0.4], &[[2.0, 0.0], [1.0, 0.0], [0.0, 3.0]], 3, 0.5);
        let told: Vec<_> = picks.iter().map(|pick| (pick.index, pick.similarity)).collect();
        assert_eq!(told, [(0, None), (2, Some(0.0)), (1, Some(1.0))]);
        let values: Vec<f64> = picks.iter().map(|pick| pick.value).collect();
        for (found, expected) in values.iter().zip([0.5, 0.2, -0.05]) {
            assert!((found - expected).abs() < 1e-12, "{values:?}");
        }
    }

    #[test]
    fn relevance_alone_and_diversity_alone() {
        let embeddings = [[1.0, 0.0], [0.9, 0.1], [-1.0, 0.0], [0.0, 1.0]];
        let order = |balance| {
            pick(&[0.1, 0.9, 0.5, 0.2], &embeddings, 4, balance).iter().map(|p| p.index).collect::<Vec<_>>()
        };
        assert_eq!(order(1.0), [1, 2, 3, 0]);
        // All equal at first: the first one, then its opposite.
        assert_eq!(order(0.0)[..2], [0, 2]);
    }

    #[test]
    fn unusable_input_is_told() {
        let run = |relevance: &[f64], embeddings: &[Vec<f32>], size, balance| {
            maximal_marginal_relevance(relevance, embeddings, Picking { size, balance })
        };
        let two = [vec![1.0f32], vec![1.0]];
        assert_eq!(run(&[], &[], 0, 0.5), Err(MetricError::Empty));
        assert!(matches!(run(&[1.0, 1.0], &two, 3, 0.5), Err(MetricError::OutOfRange { .. })));
        assert!(matches!(run(&[1.0, 1.0], &two, 1, 1.1), Err(MetricError::OutOfRange { .. })));
        assert!(matches!(run(&[1.0], &two, 1, 0.5), Err(MetricError::LengthsDiffer { .. })));
        let ragged = [vec![1.0f32], vec![1.0, 0.0]];
        assert!(matches!(run(&[1.0, 1.0], &ragged, 1, 0.5), Err(MetricError::LengthsDiffer { .. })));
    }

    proptest! {
        /// No candidate twice, each the best of what was left when it was picked, smaller sets begin larger ones.
        #[test]
        fn greedy(
            candidates in prop::collection::vec((0.0f64..1.0, -1.0f32..1.0, -1.0f32..1.0), 1..20), balance in 0.0f64..1.0,
        ) {
            let relevance: Vec<f64> = candidates.iter().map(|c| c.0).collect();
            let embeddings: Vec<[f32; 2]> = candidates.iter().map(|c| [c.1, c.2]).collect();
            let all = pick(&relevance, &embeddings, candidates.len(), balance);
            let mut seen: Vec<usize> = all.iter().map(|pick| pick.index).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..candidates.len()).collect::<Vec<_>>());
            prop_assert!(all.iter().all(|p| p.similarity.is_none_or(|cosine| (-1.0..=1.0).contains(&cosine))));
            prop_assert!(all.windows(2).skip(1).all(|pair| pair[1].value <= pair[0].value + 1e-9));
            let half = candidates.len() / 2;
            prop_assert_eq!(&pick(&relevance, &embeddings, half, balance)[..], &all[..half]);
        }
    }
}
