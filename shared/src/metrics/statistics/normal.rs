//! The standard normal distribution.

/// P(Z <= z).
pub(super) fn cumulative(z: f64) -> f64 {
    0.5 * libm::erfc(-z * core::f64::consts::FRAC_1_SQRT_2)
}

/// The z with P(Z <= z) = p, for p inside (0, 1); infinite at its ends.
pub(super) fn inverse(p: f64) -> f64 {
    if p > 0.5 {
        return -inverse(1.0 - p);
    }
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    // Halving takes 60 steps where a rational approximation takes a page of constants.
    let (mut low, mut high) = (-40.0, 0.0);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if cumulative(middle) < p { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabulated_values() {
        assert_eq!(cumulative(0.0), 0.5);
        assert!((cumulative(1.959_963_984_540_054) - 0.975).abs() < 1e-15);
        assert!((inverse(0.975) - 1.959_963_984_540_054).abs() < 1e-13);
        assert!((inverse(1e-10) + 6.361_340_902_404_056).abs() < 1e-12);
        assert_eq!(inverse(0.0), f64::NEG_INFINITY);
        for step in 1..200 {
            let p = f64::from(step) / 200.0;
            assert!((cumulative(inverse(p)) - p).abs() < 1e-14);
        }
    }
}
