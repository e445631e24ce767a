//! The weights as one flat buffer: what the optimiser steps, checkpoints store and gradients are summed in.

use crate::error::{Error, Result};
use candle_core::backprop::GradStore;
use candle_core::{Tensor, Var};
use candle_nn::VarMap;
use flipside_shared::rng::Rng;
use std::collections::HashMap;

/// Named variables in alphabetical order, and where each lies in the flat buffer.
pub(super) struct Parameters {
    vars: Vec<(String, Var)>,
    /// Numbers in all of them.
    pub(super) length: usize,
}

impl Parameters {
    /// The variables of a map whose name passes `wanted`.
    pub(super) fn of(map: &VarMap, wanted: impl Fn(&str) -> bool) -> Self {
        let mut vars: Vec<(String, Var)> = match map.data().lock() {
            Ok(data) => data.iter().map(|(name, var)| (name.clone(), var.clone())).collect(),
            Err(poisoned) => poisoned.into_inner().iter().map(|(n, v)| (n.clone(), v.clone())).collect(),
        };
        vars.retain(|(name, _)| wanted(name));
        vars.sort_by(|a, b| a.0.cmp(&b.0));
        let length = vars.iter().map(|(_, var)| var.elem_count()).sum();
        Self { vars, length }
    }

    /// Draws fresh weights: matrices normal with a deviation that keeps the width's scale, norms one, biases zero.
    pub(super) fn draw(&self, seed: u64) -> Result<()> {
        for (index, (name, var)) in self.vars.iter().enumerate() {
            let mut rng = Rng::new(seed, FIRST_STREAM + index as u64);
            let dims = var.dims();
            let numbers: Vec<f32> = if dims.len() > 1 {
                let inputs: usize = dims[1..].iter().product();
                let deviation =
                    if name.contains("embed_tokens") { 0.05 } else { (1.0 / inputs as f32).sqrt() * 0.7 };
                (0..var.elem_count()).map(|_| rng.normal() * deviation).collect()
            } else if name.ends_with("bias") {
                vec![0.0; var.elem_count()]
            } else {
                vec![1.0; var.elem_count()]
            };
            var.set(&Tensor::from_vec(numbers, dims, var.device())?)?;
        }
        Ok(())
    }

    /// Takes saved weights; every variable must be among them.
    pub(super) fn load(&self, saved: &HashMap<String, Tensor>) -> Result<()> {
        for (name, var) in &self.vars {
            let Some(tensor) = saved.get(name).filter(|tensor| tensor.shape() == var.shape()) else {
                return Err(Error::Training { reason: format!("the checkpoint has no fitting {name}") });
            };
            var.set(&tensor.to_device(var.device())?)?;
        }
        Ok(())
    }

    /// The weights, flat.
    pub(super) fn read(&self) -> Result<Vec<f32>> {
        let mut flat = Vec::with_capacity(self.length);
        for (_, var) in &self.vars {
            flat.extend(var.as_tensor().flatten_all()?.to_vec1::<f32>()?);
        }
        Ok(flat)
    }

    /// Puts flat weights into the variables.
    pub(super) fn write(&self, flat: &[f32]) -> Result<()> {
        let mut rest = flat;
        for (_, var) in &self.vars {
            let (own, after) = rest.split_at(var.elem_count());
            var.set(&Tensor::from_slice(own, var.shape(), var.device())?)?;
            rest = after;
        }
        Ok(())
    }

    /// Adds the gradients of one backward pass to a flat buffer.
    pub(super) fn gather(&self, grads: &GradStore, flat: &mut [f32]) -> Result<()> {
        let mut rest = flat;
        for (_, var) in &self.vars {
            let (own, after) = rest.split_at_mut(var.elem_count());
            if let Some(grad) = grads.get(var) {
                let numbers = grad.flatten_all()?.to_vec1::<f32>()?;
                own.iter_mut().zip(&numbers).for_each(|(sum, g)| *sum += g);
            }
            rest = after;
        }
        Ok(())
    }

    /// For each number whether weight decay applies: to matrices, not to norms and biases.
    pub(super) fn decayed(&self) -> Vec<bool> {
        self.vars.iter().flat_map(|(_, var)| std::iter::repeat_n(var.rank() > 1, var.elem_count())).collect()
    }

    /// Names and tensors.
    pub(super) fn named(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.vars.iter().map(|(name, var)| (name.as_str(), var.as_tensor()))
    }
}

/// Streams of the generator from here on draw weights, one a tensor.
const FIRST_STREAM: u64 = 1000;
