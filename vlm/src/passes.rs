//! How much goes through a model's layers together: lists cut into passes, side by side on the processor, one after the
//! other on a GPU.

use crate::error::Result;
use candle_core::Device;
use rayon::prelude::*;

/// Most that goes through the layers together.
pub(crate) struct PassSize {
    /// On the processor, where passes run side by side: small ones stay in its cache, larger ones were slower.
    pub(crate) cpu: usize,
    /// On a GPU, where they follow each other: enough to fill it, little enough for the scores of attention in its
    /// memory. Not yet measured.
    pub(crate) gpu: usize,
}

/// Patches of a pass through a vision tower.
pub(crate) const PATCHES: PassSize = PassSize { cpu: 1024, gpu: 16384 };

/// Runs a list in stretches of fitting sizes; results in order.
pub(crate) fn in_passes<T: Sync, R: Send>(
    device: &Device,
    list: &[T],
    most: &PassSize,
    size: impl Fn(&T) -> usize,
    run: impl Fn(&[T]) -> Result<Vec<R>> + Sync,
) -> Result<Vec<R>> {
    let done: Vec<Vec<R>> = if device.is_cpu() {
        // Smaller ones when that keeps every thread busy.
        let total: usize = list.iter().map(&size).sum();
        let most = most.cpu.min(total.div_ceil(rayon::current_num_threads()));
        stretches(list, most, size).into_par_iter().map(&run).collect::<Result<_>>()?
    } else {
        stretches(list, most.gpu, size).into_iter().map(&run).collect::<Result<_>>()?
    };
    Ok(done.into_iter().flatten().collect())
}

/// Cuts a list into stretches whose sizes add up to at most `most`, at least one entry each.
fn stretches<T>(list: &[T], most: usize, size: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut stretches = Vec::new();
    let (mut start, mut sum) = (0, 0);
    for (index, entry) in list.iter().enumerate() {
        let own = size(entry);
        if index > start && sum + own > most {
            stretches.push(&list[start..index]);
            (start, sum) = (index, 0);
        }
        sum += own;
    }
    if start < list.len() {
        stretches.push(&list[start..]);
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::stretches;

    #[test]
    fn stretches_hold_everything_once_and_at_most_what_fits() {
        let cut = stretches(&[3, 3, 5, 9, 1], 8, |size| *size);
        assert_eq!(cut, [&[3, 3][..], &[5][..], &[9][..], &[1][..]]);
        assert!(stretches(&[0; 0], 8, |size| *size).is_empty());
    }
}
