//! Quantiles with linear interpolation between order statistics, as NumPy's default.

/// The quantile at `p` in [0, 1] of `count` values, at least one, that `ascending` gives by their place.
pub(in crate::metrics) fn quantile(count: usize, ascending: impl Fn(usize) -> Option<f64>, p: f64) -> f64 {
    let place = p * count.saturating_sub(1) as f64;
    let below = place.floor() as usize;
    let low = ascending(below).unwrap_or(f64::NAN);
    let high = ascending(below + 1).unwrap_or(low);
    low + (high - low) * (place - below as f64)
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn by_hand() {
        let quantile = |values: &[f64], p| quantile(values.len(), |place| values.get(place).copied(), p);
        let values = [1.0, 2.0, 4.0];
        assert_eq!((quantile(&values, 0.0), quantile(&values, 1.0)), (1.0, 4.0));
        assert_eq!((quantile(&values, 0.5), quantile(&values, 0.75)), (2.0, 3.0));
        assert_eq!(quantile(&[7.0], 0.3), 7.0);
    }
}
