//! Numbers as decimal text and back, for the page's modules: the standard library's conversions of floating point
//! weigh more there than all recipes together. Whoever needs all seventeen digits uses those instead.

/// `value` brought between `min` and `max`; the standard library's own brings along how to print what was wrong.
pub fn within(value: f64, min: f64, max: f64) -> f64 {
    value.max(min).min(max)
}

/// `value` with six decimals at most and no more than it needs: `30`, `0.25`, `-1.5`. The text of a number in a
/// recipe, whose numbers are rounded to six decimals when they are read.
pub fn shortest(value: f64) -> String {
    let text = match millionths(value) {
        // Scientific, as JSON writers spell so small a number.
        Some(few @ 1..=9) => format!("{few}e-6"),
        Some(_) => trimmed(&fixed(value, 6)).to_owned(),
        None => return large(value),
    };
    let negative = value < 0.0 && !text.starts_with('-') && text != "0";
    if negative { format!("-{text}") } else { text }
}

fn millionths(value: f64) -> Option<u64> {
    let scaled = libm::rint(value.abs() * 1e6);
    // Up to here a floating-point number holds every whole one.
    (scaled < 9e15).then_some(scaled as u64)
}

/// `value` with exactly `decimals` decimals, at most 9. What is not finite is named.
pub fn fixed(value: f64, decimals: u32) -> String {
    let scale = 10_u64.pow(decimals.min(9));
    let scaled = libm::rint(value.abs() * scale as f64);
    if scaled >= 9e15 || scaled.is_nan() {
        return large(value);
    }
    let scaled = scaled as u64;
    let sign = if value < 0.0 && scaled > 0 { "-" } else { "" };
    let whole = scaled / scale;
    if decimals == 0 {
        return format!("{sign}{whole}");
    }
    // The leading one keeps the zeros after the point.
    let fraction = (scale + scaled % scale).to_string();
    format!("{sign}{whole}.{}", fraction.get(1..).unwrap_or_default())
}

/// `value` to `digits` significant digits, for reading: a whole number as it is, a very large or small one as `1.23×10⁷`.
pub fn significant(value: f64, digits: u32) -> String {
    let size = value.abs();
    if !size.is_finite() || (size < 1e6 && libm::rint(size) == size) {
        return fixed(value, 0);
    }
    let last = digits.clamp(1, 9) as i32 - 1;
    let exponent = libm::floor(libm::log10(size)) as i32;
    if (-3..6).contains(&exponent) {
        return fixed(value, (last - exponent).max(0) as u32);
    }
    let mantissa = fixed(value / libm::pow(10.0, f64::from(exponent)), last as u32);
    let power = exponent.to_string();
    let raised = power.chars().map(|c| match c.to_digit(10) {
        Some(digit) => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][digit as usize],
        None => '⁻',
    });
    format!("{mantissa}×10{}", raised.collect::<String>())
}

/// The text of a fixed number without the zeros that say nothing.
pub fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// Numbers beyond those that have decimals: only messages about refused ones show them.
fn large(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let mut size = value.abs();
    if size.is_infinite() {
        return format!("{sign}inf");
    }
    if size < 1e15 {
        return format!("{sign}{}", libm::rint(size) as u64);
    }
    let mut exponent = 0;
    while size >= 10.0 {
        size /= 10.0;
        exponent += 1;
    }
    format!("{sign}{}e{exponent}", trimmed(&fixed(size, 6)))
}

/// Powers of ten up to here are exact.
const EXACT_POWER: i32 = 22;

/// Reads a decimal number as JSON spells it. Exact up to fifteen digits; further ones may cost the last bit. Infinite
/// when it is too large, none when it is no number.
pub fn parse(text: &str) -> Option<f64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (digits, exponent) = match digits.split_once(['e', 'E']) {
        Some((digits, exponent)) => {
            // Beyond that the number is zero or infinite anyway.
            (digits, exponent.strip_prefix('+').unwrap_or(exponent).parse::<i32>().ok()?.clamp(-999, 999))
        }
        None => (digits, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (mut mantissa, mut exponent, mut any) = (0_u64, exponent, false);
    for (byte, is_fraction) in
        whole.bytes().map(|byte| (byte, false)).chain(fraction.bytes().map(|byte| (byte, true)))
    {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        any = true;
        // Further digits than these cannot be told apart.
        let kept = mantissa < 100_000_000_000_000_000;
        if kept {
            mantissa = mantissa * 10 + u64::from(digit);
        }
        exponent += i32::from(!kept) - i32::from(is_fraction);
    }
    let mut value = mantissa as f64;
    while exponent != 0 {
        let step = exponent.clamp(-EXACT_POWER, EXACT_POWER);
        let power = (0..step.abs()).fold(1.0, |power, _| power * 10.0);
        value = if step > 0 { value * power } else { value / power };
        exponent -= step;
    }
    any.then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_short_and_plain() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (30.0, "30"),
            (0.25, "0.25"),
            (-1.5, "-1.5"),
            (100.0, "100"),
            (-2e-6, "-2e-6"),
            (0.000012, "0.000012"),
            (1e-9, "0"),
            (1e20, "1e20"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(shortest(value), text);
        }
        assert_eq!([fixed(2.5, 0), fixed(-0.004, 2), fixed(12.345, 1)], ["2", "0.00", "12.3"]);
    }

    #[test]
    fn significant_digits_suit_the_size() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (-25.0, "-25"),
            (0.93456, "0.9346"),
            (-12.3456, "-12.35"),
            (12345.6, "12346"),
            (0.001234, "0.001234"),
            (0.0000123456, "1.235×10⁻⁵"),
            (-12345678.9, "-1.235×10⁷"),
        ] {
            assert_eq!(significant(value, 4), text);
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", "1x", "0x1", "e5", ".", "--1", "1e", "+1"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("1e999"), Some(f64::INFINITY));
        assert_eq!(parse("-1E-999"), Some(-0.0));
    }

    proptest! {
        #[test]
        fn six_decimals_read_back_and_are_the_shortest_text(millionths in -4_000_000_000_000_i64..4_000_000_000_000) {
            let value = millionths as f64 / 1e6;
            let text = shortest(value);
            prop_assert_eq!(parse(&text), Some(value));
            prop_assert_eq!(text.parse::<f64>(), Ok(value));
            if value.abs() >= 1e-5 {
                prop_assert_eq!(text, value.to_string());
            }
        }

        #[test]
        fn any_number_is_read_to_the_last_digits(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
            let read = parse(&format!("{value:e}")).unwrap();
            prop_assert!((read - value).abs() <= value.abs() * 1e-14 + f64::MIN_POSITIVE, "{} {}", read, value);
        }

        #[test]
        fn fixed_is_what_formatting_gives(value in -1e6_f64..1e6, decimals in 0_u32..5) {
            // But for ties, which the product may round the other way.
            let places = decimals as usize;
            let (ours, theirs) = (parse(&fixed(value, decimals)).unwrap(), format!("{value:.places$}").parse::<f64>().unwrap());
            prop_assert!((ours - theirs).abs() <= 1.0001 * 10_f64.powi(-(decimals as i32)));
            prop_assert!((ours - value).abs() <= 0.5001 * 10_f64.powi(-(decimals as i32)));
        }
    }
}
