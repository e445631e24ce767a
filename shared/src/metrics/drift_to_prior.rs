//! Drift-to-Prior: how far a perturbation pushes the model towards what it says without a picture. The name is that
//! of arXiv 2602.06652; no formula was found, and these are **our reconstruction**.
//!
//! The prior is measured on a blank white picture of the same size.
//! - margin: (m_pert - m_clean)/(m_blank - m_clean): 0 where the perturbation changes nothing, 1 where it takes the
//!   margin to the prior's, negative away from it, above 1 beyond it
//! - representation: d(h(x_i), h(blank))/d(h(x), h(blank)): 1 where nothing changes, 0 at the prior, above 1 away
//!
//! Both are undefined where the clean picture is already at the prior, closer than [`LEAST_DISTANCE`].

use super::error::{MetricError, finite, in_range};

/// The smallest denominator.
pub const LEAST_DISTANCE: f64 = 1e-6;

const AT_THE_PRIOR: MetricError =
    MetricError::Undefined { why: "the clean picture does not differ from the blank one" };

/// One quantity on the three pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgainstBlank {
    /// On the clean picture.
    pub clean: f64,
    /// On the perturbed picture.
    pub perturbed: f64,
    /// On the blank picture.
    pub blank: f64,
}

/// The share of the way to the prior's margin that the perturbation covers.
///
/// # Errors
/// A margin that is not finite, or no way to cover.
pub fn margin_to_prior(margins: AgainstBlank) -> Result<f64, MetricError> {
    let AgainstBlank { clean, perturbed, blank } = margins;
    finite(&[clean, perturbed, blank])?;
    let way = blank - clean;
    if way.abs() < LEAST_DISTANCE { Err(AT_THE_PRIOR) } else { Ok((perturbed - clean) / way) }
}

/// The distance to the blank picture's representation that is left: perturbed over clean.
///
/// # Errors
/// A distance that is negative or not finite, or nothing to be left.
pub fn distance_to_prior(perturbed_to_blank: f64, clean_to_blank: f64) -> Result<f64, MetricError> {
    finite(&[perturbed_to_blank, clean_to_blank])?;
    in_range(perturbed_to_blank >= 0.0 && clean_to_blank >= 0.0, "a distance")?;
    if clean_to_blank < LEAST_DISTANCE { Err(AT_THE_PRIOR) } else { Ok(perturbed_to_blank / clean_to_blank) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_computed() {
        let margin = |clean, perturbed, blank| margin_to_prior(AgainstBlank { clean, perturbed, blank });
        assert_eq!(margin(4.0, 3.0, 0.0), Ok(0.25));
        assert_eq!(margin(4.0, 5.0, 0.0), Ok(-0.25));
        assert_eq!((margin(1.0, 1.0, 3.0), margin(1.0, 3.0, 3.0)), (Ok(0.0), Ok(1.0)));
        assert_eq!(distance_to_prior(0.25, 0.5), Ok(0.5));
    }

    #[test]
    fn undefined_at_the_prior() {
        let near = AgainstBlank { clean: 1.0, perturbed: 2.0, blank: 1.0 + 0.9e-6 };
        assert_eq!(margin_to_prior(near), Err(AT_THE_PRIOR));
        assert!(margin_to_prior(AgainstBlank { blank: 1.0 + 1.1e-6, ..near }).is_ok());
        assert_eq!(distance_to_prior(0.25, 0.0), Err(AT_THE_PRIOR));
        assert!(matches!(distance_to_prior(-0.1, 1.0), Err(MetricError::OutOfRange { .. })));
        let nan = margin_to_prior(AgainstBlank { perturbed: f64::NAN, ..near });
        assert_eq!(nan, Err(MetricError::NotFinite { index: 1 }));
    }
}
