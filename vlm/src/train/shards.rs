//! One step's gradient from several threads: the batch is cut into shards, each with a graph of its own, and the
//! shards' gradients are added in their order, so the sum does not depend on how many threads there are.

use super::parameters::Parameters;
use crate::error::{Error, Result};
use crate::nn;
use candle_core::Tensor;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a shard hands back: its loss with a graph, and numbers to report.
pub(super) struct ShardLoss {
    pub(super) loss: Tensor,
    pub(super) report: Vec<f64>,
}

/// The gradient of all shards together and the sum of their reports.
pub(super) struct BatchGradient {
    pub(super) gradient: Vec<f32>,
    pub(super) report: Vec<f64>,
}

/// Runs `work` on shards `0..shards`.
pub(super) fn gradient(
    parameters: &Parameters,
    shards: usize,
    threads: usize,
    work: impl Fn(usize) -> Result<ShardLoss> + Sync,
) -> Result<BatchGradient> {
    let one = |shard: usize| -> Result<BatchGradient> {
        nn::with_brief_products(|| {
            let ShardLoss { loss, report } = work(shard)?;
            let mut gradient = vec![0.0; parameters.length];
            parameters.gather(&loss.backward()?, &mut gradient)?;
            Ok(BatchGradient { gradient, report })
        })
    };
    let parts = each(shards, threads, one)?;
    let mut parts = parts.into_iter();
    let Some(mut sum) = parts.next() else {
        return Ok(BatchGradient { gradient: vec![0.0; parameters.length], report: Vec::new() });
    };
    for part in parts {
        sum.gradient.iter_mut().zip(&part.gradient).for_each(|(a, b)| *a += b);
        sum.report.iter_mut().zip(&part.report).for_each(|(a, b)| *a += b);
    }
    Ok(sum)
}

/// Runs `work` on `0..count` over several threads; results in order.
pub(super) fn each<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<Result<T>>>> = Mutex::new((0..count).map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        return;
                    }
                    let result = work(index);
                    if let Ok(mut done) = done.lock() {
                        done[index] = Some(result);
                    }
                }
            });
        }
    });
    let done = done.into_inner().map_err(|_| Error::Training { reason: "a thread panicked".to_owned() })?;
    done.into_iter()
        .map(|slot| slot.unwrap_or_else(|| Err(Error::Training { reason: "a shard was not run".to_owned() })))
        .collect()
}
