//! Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004).
//!
//! As scikit-image's `structural_similarity` computes it by default, on luma: a uniform 7 x 7 window, sample
//! covariance, K1 = 0.01, K2 = 0.03, data range 255, the mean over all windows that lie inside the picture.
//! Luma is Pillow's conversion to "L": (19595 R + 38470 G + 7471 B + 2^15) / 2^16.

use crate::raster::Raster;

const WINDOW: usize = 7;

/// The mean structural similarity of two pictures of the same size, at most 1; none when a side is below 7 pixels.
pub fn ssim(a: &Raster, b: &Raster) -> Option<f64> {
    let (width, height) = (a.width_px as usize, a.height_px as usize);
    if (a.width_px, a.height_px) != (b.width_px, b.height_px) || width.min(height) < WINDOW {
        return None;
    }
    let (a, b) = (luma(a), luma(b));
    let mut columns = Moments::new(width);
    let mut windows = Moments::new(width - WINDOW + 1);
    let mut total = 0.0;
    for row in 0..height {
        let line = row * width..(row + 1) * width;
        columns.add(&a[line.clone()], &b[line]);
        if row + 1 >= WINDOW {
            windows.sum_over(&columns);
            total += windows.similarity();
            let oldest = row + 1 - WINDOW;
            let line = oldest * width..(oldest + 1) * width;
            columns.subtract(&a[line.clone()], &b[line]);
        }
    }
    Some(total / ((width - WINDOW + 1) * (height - WINDOW + 1)) as f64)
}

/// Luma of every pixel, 0 to 255.
pub(super) fn luma(image: &Raster) -> Vec<u32> {
    let weigh = |pixel: &[u8]| {
        (19595 * u32::from(pixel[0]) + 38470 * u32::from(pixel[1]) + 7471 * u32::from(pixel[2]) + 0x8000)
            >> 16
    };
    image.rgba.chunks_exact(4).map(weigh).collect()
}

/// Sums over windows (or over the columns that make them up) of a, b, a^2 + b^2 and a b: exact, in 32 bits.
struct Moments {
    a: Vec<u32>,
    b: Vec<u32>,
    squares: Vec<u32>,
    product: Vec<u32>,
}

impl Moments {
    fn new(length: usize) -> Self {
        let zeros = vec![0; length];
        Self { a: zeros.clone(), b: zeros.clone(), squares: zeros.clone(), product: zeros }
    }

    fn add(&mut self, a: &[u32], b: &[u32]) {
        for (sum, a) in self.a.iter_mut().zip(a) {
            *sum += a;
        }
        for (sum, b) in self.b.iter_mut().zip(b) {
            *sum += b;
        }
        for ((sum, a), b) in self.squares.iter_mut().zip(a).zip(b) {
            *sum += a * a + b * b;
        }
        for ((sum, a), b) in self.product.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }

    fn subtract(&mut self, a: &[u32], b: &[u32]) {
        for (sum, a) in self.a.iter_mut().zip(a) {
            *sum -= a;
        }
        for (sum, b) in self.b.iter_mut().zip(b) {
            *sum -= b;
        }
        for ((sum, a), b) in self.squares.iter_mut().zip(a).zip(b) {
            *sum -= a * a + b * b;
        }
        for ((sum, a), b) in self.product.iter_mut().zip(a).zip(b) {
            *sum -= a * b;
        }
    }

    fn sum_over(&mut self, columns: &Self) {
        for (sums, columns) in [
            (&mut self.a, &columns.a),
            (&mut self.b, &columns.b),
            (&mut self.squares, &columns.squares),
            (&mut self.product, &columns.product),
        ] {
            sums.fill(0);
            for shift in 0..WINDOW {
                for (sum, column) in sums.iter_mut().zip(&columns[shift..]) {
                    *sum += column;
                }
            }
        }
    }

    /// The sum of the similarities of a row of windows.
    fn similarity(&self) -> f64 {
        const SAMPLES: f64 = (WINDOW * WINDOW) as f64;
        const SAMPLE_COVARIANCE: f64 = SAMPLES / (SAMPLES - 1.0);
        const C1: f64 = (0.01 * 255.0) * (0.01 * 255.0);
        const C2: f64 = (0.03 * 255.0) * (0.03 * 255.0);
        let sums = self.a.iter().zip(&self.b).zip(self.squares.iter().zip(&self.product));
        sums.map(|((a, b), (squares, product))| {
            let (a, b) = (f64::from(*a) / SAMPLES, f64::from(*b) / SAMPLES);
            let means = a * a + b * b;
            let variances = SAMPLE_COVARIANCE * (f64::from(*squares) / SAMPLES - means);
            let covariance = SAMPLE_COVARIANCE * (f64::from(*product) / SAMPLES - a * b);
            (2.0 * a * b + C1) * (2.0 * covariance + C2) / ((means + C1) * (variances + C2))
        })
        .sum()
    }
}
