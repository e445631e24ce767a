//! Severity as a real number: the published constants at 1 to 5, straight lines between them, and 0 for the
//! picture as it is.

/// A constant of a corruption: its value at severity 0, where the corruption changes nothing, then the five
/// published values.
pub(super) type Levels = [f64; 6];

/// The constant at a severity of 0 to 5. Not inlined: there are fifty of them.
#[inline(never)]
pub(super) fn at(levels: &Levels, severity: f64) -> f64 {
    let below = (severity as u32).min(4);
    let share = severity - f64::from(below);
    let below = below as usize;
    // Not `a + (b - a) * share`: at the levels themselves the constants are to be exact.
    levels[below] * (1.0 - share) + levels[below + 1] * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_exact_and_joined_by_lines() {
        let levels = [0.0, 0.1, 0.7, 0.3, 5.1, 20.0];
        for (level, value) in levels.iter().enumerate() {
            assert_eq!(at(&levels, level as f64), *value);
        }
        assert!((at(&levels, 3.25) - 1.5).abs() < 1e-12);
        assert!((at(&levels, 0.5) - 0.05).abs() < 1e-12);
    }
}
