//! Whether two models are right equally often on the same questions: McNemar's exact test (McNemar 1947).
//!
//! Only questions on which they differ say anything. Of n such questions, b are won by the first: under equality b is
//! binomial(n, 1/2), and p = min(1, 2 P(X <= min(b, n - b))).

use crate::metrics::error::{MetricError, same_length};

/// The outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct McNemarTest {
    /// Questions that only the first has right.
    pub first_only: u64,
    /// Questions that only the second has right.
    pub second_only: u64,
    /// Two-sided p, in [0, 1]; 1 when they never differ.
    pub p_value: f64,
}

/// Tests two lists of right and wrong over the same questions.
///
/// # Errors
/// Lengths that differ.
pub fn mcnemar_test(first_right: &[bool], second_right: &[bool]) -> Result<McNemarTest, MetricError> {
    same_length(first_right, second_right)?;
    let only = |winner: bool| {
        let pairs = first_right.iter().zip(second_right);
        pairs.filter(|(first, second)| **first == winner && **second != winner).count() as u64
    };
    let (first_only, second_only) = (only(true), only(false));
    let p_value = two_sided(first_only.min(second_only), first_only + second_only);
    Ok(McNemarTest { first_only, second_only, p_value })
}

/// min(1, 2 P(X <= fewer)) for X binomial(all, 1/2), summed from the largest term down in logarithms.
fn two_sided(fewer: u64, all: u64) -> f64 {
    let (fewer, all) = (fewer as f64, all as f64);
    let log_choose = libm::lgamma(all + 1.0) - libm::lgamma(fewer + 1.0) - libm::lgamma(all - fewer + 1.0);
    let mut term = libm::exp(log_choose - all * core::f64::consts::LN_2);
    let (mut sum, mut k) = (0.0, fewer);
    while k >= 0.0 && term > 0.0 {
        sum += term;
        term *= k / (all - k + 1.0);
        k -= 1.0;
    }
    (2.0 * sum).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 1 against 4: 2 (1 + 5)/32 = .375.
    #[test]
    fn hand_computed() {
        let first = [true, false, false, false, false, true, false];
        let second = [false, true, true, true, true, true, false];
        let found = mcnemar_test(&first, &second).unwrap();
        assert_eq!((found.first_only, found.second_only), (1, 4));
        assert!((found.p_value - 0.375).abs() < 1e-14);
        assert_eq!(mcnemar_test(&first, &first).unwrap().p_value, 1.0);
        assert_eq!(mcnemar_test(&[], &[]).unwrap().p_value, 1.0);
        assert!(mcnemar_test(&[true], &[]).is_err());
    }

    proptest! {
        #[test]
        fn symmetric_and_smaller_the_clearer(won in 0u64..300, lost in 0u64..300) {
            let p = two_sided(won.min(lost), won + lost);
            prop_assert!(p > 0.0 && p <= 1.0);
            prop_assert!(two_sided(won.min(lost), won + lost + 1) <= p + 1e-12);
        }
    }
}
