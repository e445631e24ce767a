//! The discrete Fourier transform of any length, in double precision.
//!
//! Our own, for one reason: the same bytes on every machine. The well-kept crate for this, rustfft, picks AVX, SSE or
//! scalar code when it runs, with other orders of operations and with fused multiply-adds, and even its scalar planner
//! takes its roots of unity from std's sine and cosine, which differ between targets. Here the factors of the length
//! fix the order of operations and the roots come from `libm`.
//!
//! Lengths whose prime factors are at most 13 go through a self-sorting mixed-radix transform (Stockham), others
//! through a convolution of a power of two (Bluestein). Many transforms of one length run side by side, so that the
//! columns of a picture are transformed without gathering them.

use core::f64::consts::PI;
use core::ops::{Add, Mul, Sub};

/// Largest prime factor that is transformed directly.
const LARGEST_FACTOR: usize = 13;

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

impl Complex {
    /// |z|^2.
    pub fn power(self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    /// The conjugate.
    pub fn conjugate(self) -> Self {
        Self { re: self.re, im: -self.im }
    }

    /// Times a real number.
    pub fn scaled(self, factor: f64) -> Self {
        Self { re: self.re * factor, im: self.im * factor }
    }

    /// Times -i.
    fn turned(self) -> Self {
        Self { re: self.im, im: -self.re }
    }

    /// exp(-i angle).
    fn clockwise(angle: f64) -> Self {
        let (sin, cos) = libm::sincos(angle);
        Self { re: cos, im: -sin }
    }
}

impl Add for Complex {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Sub for Complex {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }
}

impl Mul for Complex {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }
}

/// What transforms of one length share.
#[derive(Clone, Debug)]
pub struct Fft {
    length: usize,
    /// The radices, in the order of the passes; empty where the convolution is needed.
    factors: Vec<usize>,
    /// exp(-2 pi i k / length).
    roots: Vec<Complex>,
    convolution: Option<Box<Convolution>>,
}

/// Bluestein's convolution.
#[derive(Clone, Debug)]
struct Convolution {
    padded: Fft,
    /// exp(-pi i k^2 / length).
    chirp: Vec<Complex>,
    /// Transform of the conjugate chirp, wrapped around, over the padded length.
    kernel: Vec<Complex>,
}

impl Fft {
    /// The plan for a length of at least 1; 0 is taken for 1.
    pub fn new(length: usize) -> Self {
        let length = length.max(1);
        let roots = (0..length).map(|k| Complex::clockwise(2.0 * PI * k as f64 / length as f64)).collect();
        let factors = factors(length);
        let convolution = factors.is_none().then(|| Box::new(Convolution::new(length)));
        Self { length, factors: factors.unwrap_or_default(), roots, convolution }
    }

    /// Transforms in place `lanes` sequences side by side: element k of sequence l is `values[k * lanes + l]`.
    /// X_j = sum_k x_k exp(-2 pi i j k / length), not scaled. What does not fill `length * lanes` is left alone.
    pub fn forward(&self, values: &mut Vec<Complex>, lanes: usize) {
        if lanes == 0 || values.len() < self.length * lanes {
            return;
        }
        if let Some(convolution) = &self.convolution {
            return convolution.forward(values, lanes);
        }
        let mut other = vec![Complex::default(); values.len()];
        let (mut left, mut stride) = (self.length, 1);
        for radix in &self.factors {
            let pass = Pass { radix: *radix, blocks: left / radix, stride, lanes };
            match radix {
                2 => self.pass_of_two(&pass, values, &mut other),
                4 => self.pass_of_four(&pass, values, &mut other),
                _ => self.pass_of_any(&pass, values, &mut other),
            }
            std::mem::swap(values, &mut other);
            left /= radix;
            stride *= radix;
        }
    }

    /// The inverse of [`Fft::forward`], scaled by 1 / length.
    pub fn inverse(&self, values: &mut Vec<Complex>, lanes: usize) {
        values.iter_mut().for_each(|value| *value = value.conjugate());
        self.forward(values, lanes);
        let scale = 1.0 / self.length as f64;
        values.iter_mut().for_each(|value| *value = value.conjugate().scaled(scale));
    }

    fn pass_of_two(&self, pass: &Pass, from: &[Complex], to: &mut [Complex]) {
        for block in 0..pass.blocks {
            let root = self.roots[block * pass.stride];
            let [a, b] = std::array::from_fn(|part| pass.input(from, block, part));
            let (sums, differences) = pass.output(to, block).split_at_mut(pass.run());
            for lane in 0..pass.run() {
                sums[lane] = a[lane] + b[lane];
                differences[lane] = (a[lane] - b[lane]) * root;
            }
        }
    }

    fn pass_of_four(&self, pass: &Pass, from: &[Complex], to: &mut [Complex]) {
        for block in 0..pass.blocks {
            let [r1, r2, r3] = [1, 2, 3].map(|turn| self.roots[turn * block * pass.stride]);
            let [a, b, c, d] = std::array::from_fn(|part| pass.input(from, block, part));
            let (y0, rest) = pass.output(to, block).split_at_mut(pass.run());
            let (y1, rest) = rest.split_at_mut(pass.run());
            let (y2, y3) = rest.split_at_mut(pass.run());
            for lane in 0..pass.run() {
                let (even, odd) = (a[lane] + c[lane], b[lane] + d[lane]);
                let (first, second) = (a[lane] - c[lane], (b[lane] - d[lane]).turned());
                y0[lane] = even + odd;
                y1[lane] = (first + second) * r1;
                y2[lane] = (even - odd) * r2;
                y3[lane] = (first - second) * r3;
            }
        }
    }

    fn pass_of_any(&self, pass: &Pass, from: &[Complex], to: &mut [Complex]) {
        let unit = self.length / pass.radix;
        for block in 0..pass.blocks {
            for (turn, out) in pass.output(to, block).chunks_exact_mut(pass.run()).enumerate() {
                let root = self.roots[turn * block * pass.stride];
                out.copy_from_slice(pass.input(from, block, 0));
                for part in 1..pass.radix {
                    let factor = self.roots[turn * part % pass.radix * unit];
                    for (sum, value) in out.iter_mut().zip(pass.input(from, block, part)) {
                        *sum = *sum + *value * factor;
                    }
                }
                out.iter_mut().for_each(|sum| *sum = *sum * root);
            }
        }
    }
}

/// One pass: `blocks` butterflies of `radix` inputs, each over a run of neighbours.
struct Pass {
    radix: usize,
    blocks: usize,
    stride: usize,
    lanes: usize,
}

impl Pass {
    /// Neighbouring values that go through the same butterfly.
    fn run(&self) -> usize {
        self.stride * self.lanes
    }

    fn input<'a>(&self, from: &'a [Complex], block: usize, part: usize) -> &'a [Complex] {
        let start = (block + part * self.blocks) * self.run();
        &from[start..start + self.run()]
    }

    fn output<'a>(&self, to: &'a mut [Complex], block: usize) -> &'a mut [Complex] {
        let length = self.radix * self.run();
        &mut to[block * length..(block + 1) * length]
    }
}

impl Convolution {
    fn new(length: usize) -> Self {
        let padded = Fft::new((2 * length - 1).next_power_of_two());
        // k^2 modulo 2 length: the angle keeps its precision.
        let turn = |k: usize| (k as u64 * k as u64 % (2 * length as u64)) as f64;
        let chirp: Vec<Complex> =
            (0..length).map(|k| Complex::clockwise(PI * turn(k) / length as f64)).collect();
        let mut kernel = vec![Complex::default(); padded.length];
        for (k, value) in chirp.iter().enumerate() {
            kernel[k] = value.conjugate();
            kernel[(padded.length - k) % padded.length] = value.conjugate();
        }
        padded.forward(&mut kernel, 1);
        Self { padded, chirp, kernel }
    }

    fn forward(&self, values: &mut [Complex], lanes: usize) {
        let mut padded = vec![Complex::default(); self.padded.length * lanes];
        let rows = values.chunks_exact(lanes).zip(padded.chunks_exact_mut(lanes));
        for ((from, to), chirp) in rows.zip(&self.chirp) {
            from.iter().zip(to).for_each(|(value, product)| *product = *value * *chirp);
        }
        self.padded.forward(&mut padded, lanes);
        for (row, kernel) in padded.chunks_exact_mut(lanes).zip(&self.kernel) {
            row.iter_mut().for_each(|value| *value = *value * *kernel);
        }
        self.padded.inverse(&mut padded, lanes);
        let rows = values.chunks_exact_mut(lanes).zip(padded.chunks_exact(lanes));
        for ((to, from), chirp) in rows.zip(&self.chirp) {
            from.iter().zip(to).for_each(|(value, product)| *product = *value * *chirp);
        }
    }
}

/// Radices whose product is `length`; none where a prime factor is too large.
fn factors(mut length: usize) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for radix in [4, 2, 3, 5, 7, 11, LARGEST_FACTOR] {
        while length.is_multiple_of(radix) {
            found.push(radix);
            length /= radix;
        }
    }
    (length == 1).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn noise(length: usize) -> Vec<Complex> {
        let value = |k: usize| (k * k * 31 % 101) as f64 / 50.0 - 1.0;
        (0..length).map(|k| Complex { re: value(k + 1), im: value(k + 37) }).collect()
    }

    fn by_definition(values: &[Complex]) -> Vec<Complex> {
        let turn = |j: usize, k: usize| 2.0 * PI * (j * k % values.len()) as f64 / values.len() as f64;
        let sum = |j| {
            let terms = values.iter().enumerate().map(|(k, value)| *value * Complex::clockwise(turn(j, k)));
            terms.fold(Complex::default(), Add::add)
        };
        (0..values.len()).map(sum).collect()
    }

    fn furthest(a: &[Complex], b: &[Complex]) -> f64 {
        a.iter().zip(b).map(|(a, b)| (*a - *b).power().sqrt()).fold(0.0, f64::max)
    }

    /// 1 2 3 4: sum 10, then -2 + 2i, -2, -2 - 2i.
    #[test]
    fn four_by_hand() {
        let real = |re| Complex { re, im: 0.0 };
        let mut values = vec![real(1.0), real(2.0), real(3.0), real(4.0)];
        Fft::new(4).forward(&mut values, 1);
        let expected =
            [real(10.0), Complex { re: -2.0, im: 2.0 }, real(-2.0), Complex { re: -2.0, im: -2.0 }];
        assert!(furthest(&values, &expected) < 1e-15, "{values:?}");
    }

    #[test]
    fn every_length_agrees_with_the_definition() {
        for length in (1..70).chain([97, 112, 169, 210, 256]) {
            let values = noise(length);
            let mut found = values.clone();
            Fft::new(length).forward(&mut found, 1);
            let gap = furthest(&found, &by_definition(&values));
            assert!(gap < 1e-13 * length as f64, "{length}: {gap}");
        }
    }

    #[test]
    fn too_few_values_are_left_alone() {
        let mut values = noise(3);
        Fft::new(4).forward(&mut values, 1);
        Fft::new(0).forward(&mut values, 0);
        assert_eq!(values, noise(3));
    }

    proptest! {
        #[test]
        fn lanes_are_transforms_of_their_own_and_turn_back(length in 1usize..60, lanes in 1usize..5) {
            let plan = Fft::new(length);
            let together = noise(length * lanes);
            let mut found = together.clone();
            plan.forward(&mut found, lanes);
            for lane in 0..lanes {
                let pick = |values: &[Complex]| values[lane..].iter().step_by(lanes).copied().collect::<Vec<_>>();
                let mut alone = pick(&together);
                plan.forward(&mut alone, 1);
                prop_assert_eq!(alone, pick(&found));
            }
            plan.inverse(&mut found, lanes);
            prop_assert!(furthest(&found, &together) < 1e-12);
        }

        #[test]
        fn energy_is_kept(length in 1usize..200) {
            let mut values = noise(length);
            let before: f64 = values.iter().map(|value| value.power()).sum();
            Fft::new(length).forward(&mut values, 1);
            let after: f64 = values.iter().map(|value| value.power()).sum::<f64>() / length as f64;
            prop_assert!((after / before - 1.0).abs() < 1e-12);
        }
    }
}
