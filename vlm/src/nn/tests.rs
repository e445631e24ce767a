//! Every operation, fused and by the tensor library as on a GPU, against a plain one: values, and gradients against the
//! library's own and against finite differences; and what half precision costs.

use super::*;
use candle_core::{D, DType, Device, Result, Tensor, Var};

fn random(shape: &[usize]) -> Var {
    Var::from_tensor(&Tensor::randn(0f32, 1f32, shape, &Device::Cpu).unwrap()).unwrap()
}

fn distance(a: &Tensor, b: &Tensor) -> f32 {
    (a - b).unwrap().abs().unwrap().flatten_all().unwrap().max(D::Minus1).unwrap().to_scalar().unwrap()
}

/// Compares values and gradients of two functions of the same variables, and the first one's gradient with a finite
/// difference along a random direction.
fn same(
    vars: &[Var],
    fused: impl Fn(&[Tensor]) -> Result<Tensor>,
    plain: impl Fn(&[Tensor]) -> Result<Tensor>,
) {
    let args: Vec<Tensor> = vars.iter().map(|v| v.as_tensor().clone()).collect();
    let (a, b) = (fused(&args).unwrap(), plain(&args).unwrap());
    assert!(distance(&a, &b) < 2e-5, "values differ by {}", distance(&a, &b));
    let weights = Tensor::randn(0f32, 1f32, a.shape(), &Device::Cpu).unwrap();
    let loss = |t: &Tensor| (t * &weights).unwrap().sum_all().unwrap();
    let (ga, gb) = (loss(&a).backward().unwrap(), loss(&b).backward().unwrap());
    // As on a device that the fused operations do not know: with a graph, and without one.
    let (c, gc) = without_fused(|| {
        let c = fused(&args).unwrap();
        let grads = loss(&c).backward().unwrap();
        let detached: Vec<Tensor> = args.iter().map(Tensor::detach).collect();
        let without_graph = fused(&detached).unwrap();
        assert!(distance(&c, &without_graph) < 2e-5 && !without_graph.track_op());
        (c, grads)
    });
    assert!(distance(&b, &c) < 2e-5, "values of the library differ by {}", distance(&b, &c));
    for (i, var) in vars.iter().enumerate() {
        let (x, y) = (ga.get(var).unwrap(), gb.get(var).unwrap());
        assert!(distance(x, y) < 2e-4, "gradient {i} differs by {}", distance(x, y));
        let z = gc.get(var).unwrap();
        assert!(distance(y, z) < 2e-4, "gradient {i} of the library differs by {}", distance(y, z));

        let direction = Tensor::randn(0f32, 1f32, var.shape(), &Device::Cpu).unwrap();
        let step = 1e-2;
        let at = |sign: f64| -> f64 {
            let mut moved = args.clone();
            moved[i] = (&args[i] + (&direction * (sign * step)).unwrap()).unwrap().detach();
            let y = (fused(&moved).unwrap() * &weights).unwrap().to_dtype(DType::F64).unwrap();
            y.sum_all().unwrap().to_scalar().unwrap()
        };
        let slope = (at(1.) - at(-1.)) / (2. * step);
        let told: f32 = (x * &direction).unwrap().sum_all().unwrap().to_scalar().unwrap();
        let told = f64::from(told);
        assert!(
            (slope - told).abs() < 0.02 * told.abs().max(2.),
            "gradient {i}: {told} told, {slope} measured"
        );
    }
}

#[test]
fn linear_matches() {
    let vars = [random(&[3, 5, 24]), random(&[40, 24]), random(&[40])];
    let plain =
        |v: &[Tensor]| v[0].reshape((15, 24))?.matmul(&v[1].t()?)?.broadcast_add(&v[2])?.reshape((3, 5, 40));
    same(&vars, |v| linear(&v[0], &v[1], Some(&v[2])), plain);
    same(
        &vars[..2],
        |v| linear(&v[0], &v[1], None),
        |v| v[0].reshape((15, 24))?.matmul(&v[1].t()?)?.reshape((3, 5, 40)),
    );
}

#[test]
fn frozen_weights_get_no_gradient() {
    let (x, w) = (random(&[4, 8]), random(&[6, 8]));
    let frozen = w.as_tensor().detach();
    let check = || {
        let y = linear(&x, &frozen, None).unwrap();
        let grads = y.sum_all().unwrap().backward().unwrap();
        assert!(grads.get(&x).is_some() && grads.get(&w).is_none());
        assert_eq!(grads.get_ids().count(), 1, "nothing is kept for the weight under another name");
    };
    check();
    without_fused(check);
}

#[test]
fn norm_matches() {
    let plain = |v: &[Tensor]| {
        let mean = v[0].sqr()?.mean_keepdim(D::Minus1)?;
        v[0].broadcast_div(&(mean + 1e-6)?.sqrt()?)?.broadcast_mul(&v[1])
    };
    same(&[random(&[3, 7, 40]), random(&[40])], |v| rms_norm(&v[0], &v[1], 1e-6), plain);
}

#[test]
fn layer_norm_matches() {
    let plain = |v: &[Tensor]| {
        let centred = v[0].broadcast_sub(&v[0].mean_keepdim(D::Minus1)?)?;
        let deviation = (centred.sqr()?.mean_keepdim(D::Minus1)? + 1e-5)?.sqrt()?;
        centred.broadcast_div(&deviation)?.broadcast_mul(&v[1])?.broadcast_add(&v[2])
    };
    let vars = [random(&[3, 7, 40]), random(&[40]), random(&[40])];
    same(&vars, |v| layer_norm(&v[0], &v[1], &v[2], 1e-5), plain);
    assert!(layer_norm(&vars[0], &vars[1], &random(&[39]), 1e-5).is_err());
}

#[test]
fn activations_match() {
    let vars = [random(&[3, 77]), random(&[3, 77])];
    same(&vars, |v| silu_mul(&v[0], &v[1]), |v| v[0].silu()? * &v[1]);
    same(&vars[..1], |v| gelu(&v[0]), |v| v[0].gelu_erf());
    same(&vars[..1], |v| gelu_tanh(&v[0]), |v| v[0].gelu());
    same(&vars[..1], |v| quick_gelu(&v[0]), |v| &v[0] * candle_nn::ops::sigmoid(&(&v[0] * 1.702)?)?);
}

#[test]
fn extreme_inputs_stay_finite() {
    let x = Tensor::new(&[[-1e4f32, -100., 0., 100., 1e4]], &Device::Cpu).unwrap();
    let one = x.ones_like().unwrap();
    let check = || {
        let gated = [gelu_tanh(&x).unwrap(), quick_gelu(&x).unwrap()];
        let others = [silu_mul(&x, &one).unwrap(), gelu(&x).unwrap(), softmax_last(&x).unwrap()];
        for y in others.iter().chain(&gated) {
            assert!(y.flatten_all().unwrap().to_vec1::<f32>().unwrap().iter().all(|y| y.is_finite()));
        }
    };
    check();
    without_fused(check);
}

/// The numbers of `f` of operands rounded to `dtype` against those of the same operands in f32.
fn cost(dtype: DType, operands: &[Tensor], f: impl Fn(&[Tensor]) -> Result<Tensor>) -> f32 {
    let rounded: Vec<Tensor> = operands.iter().map(|t| t.to_dtype(dtype).unwrap()).collect();
    let exact: Vec<Tensor> = rounded.iter().map(|t| t.to_dtype(DType::F32).unwrap()).collect();
    distance(&f(&rounded).unwrap().to_dtype(DType::F32).unwrap(), &f(&exact).unwrap())
}

/// What rounding to eight bits of mantissa costs where everything in between is f32: half a unit of a result of 4.
#[test]
fn bfloat16_rounds_only_what_comes_out() {
    let x = random(&[6, 64]).as_tensor().detach();
    let (w, up) = (random(&[64]).as_tensor().detach(), random(&[6, 64]).as_tensor().detach());
    let (cos, sin) = angles(&[6, 32]);
    let bf16 = |operands: &[Tensor], f: &dyn Fn(&[Tensor]) -> Result<Tensor>| cost(DType::BF16, operands, f);
    let steep = (&x * 4.).unwrap();
    assert!(bf16(&[x.clone(), w.clone()], &|v| rms_norm(&v[0], &v[1], 1e-6)) < 0.04);
    assert!(bf16(&[x.clone(), w.clone(), w], &|v| layer_norm(&v[0], &v[1], &v[2], 1e-6)) < 0.04);
    assert!(bf16(std::slice::from_ref(&steep), &|v| softmax_last(&v[0])) < 0.002);
    assert!(bf16(std::slice::from_ref(&steep), &|v| log_softmax_last(&v[0])) < 1e-5);
    assert!(bf16(&[steep], &|v| cross_entropy(&v[0], &[1, 2, 3, 4, 5, 6], &[0.1; 6])) < 1e-4);
    let heads_first = x.reshape((1, 1, 6, 64)).unwrap();
    assert!(bf16(&[heads_first], &|v| rope(&v[0], &cos, &sin)) < 0.02);
    // The library rounds within these two.
    for f in [gelu, gelu_tanh] {
        assert!(bf16(std::slice::from_ref(&x), &|v| f(&v[0])) < 0.04);
    }
    assert!(bf16(&[x, up], &|v| silu_mul(&v[0], &v[1])) < 0.1);
}

/// Products add up in f32 on either device, and what goes on between them is rounded to eight bits.
#[test]
fn bfloat16_products_are_close() {
    let (x, w) = (random(&[9, 64]).as_tensor().detach(), random(&[32, 64]).as_tensor().detach());
    let worst = cost(DType::BF16, &[x, w], |v| linear(&v[0], &v[1], None));
    assert!(worst < 0.15, "{worst}");
    let token = |heads| random(&[1, 11, heads, 32]).as_tensor().detach();
    let (cos, sin) = angles(&[11, 16]);
    for scope in [Scope::Runs(vec![4, 4, 3]), Scope::Runs(vec![11])] {
        let worst = cost(DType::BF16, &[token(4), token(2), token(2)], |v| {
            attention(&v[0], &v[1], &v[2], Rotation { cos: &cos, sin: &sin }, &scope)
        });
        assert!(worst < 0.05, "{worst}");
    }
}

#[test]
fn softmax_and_cross_entropy_match() {
    let vars = [random(&[6, 37])];
    same(&vars, |v| softmax_last(&v[0]), |v| candle_nn::ops::softmax(&v[0], D::Minus1));
    let (targets, weights) = ([3u32, 0, 36, 5, 5, 1], [1f32, 0.5, 0., 2., 1., 1.]);
    let plain = |v: &[Tensor]| {
        let log = candle_nn::ops::log_softmax(&v[0], D::Minus1)?;
        let picked = log.gather(&Tensor::new(&targets, &Device::Cpu)?.unsqueeze(1)?, 1)?.squeeze(1)?;
        (picked * Tensor::new(&weights, &Device::Cpu)?)?.sum_all()?.neg()
    };
    same(&vars, |v| cross_entropy(&v[0], &targets, &weights), plain);
    assert!(cross_entropy(&vars[0], &[37; 6], &weights).is_err());
}

/// The same attention from elementary operations, with a mask for either scope.
fn slow_attention(v: &[Tensor], rotation: Rotation, mask: &Tensor) -> Result<Tensor> {
    let (_, _, heads, dim) = v[0].dims4()?;
    let group = heads / v[1].dim(2)?;
    let first = |t: &Tensor, copies: usize| {
        let (b, s, h, d) = t.dims4()?;
        let t = t.unsqueeze(3)?.broadcast_as((b, s, h, copies, d))?.reshape((b, s, h * copies, d))?;
        t.transpose(1, 2)?.contiguous()
    };
    let query = rope(&first(&v[0], 1)?, rotation.cos, rotation.sin)?;
    let key = rope(&first(&v[1], group)?, rotation.cos, rotation.sin)?;
    let scores = (query.matmul(&key.t()?)? * (dim as f64).powf(-0.5))?.broadcast_add(mask)?;
    candle_nn::ops::softmax(&scores, D::Minus1)?.matmul(&first(&v[2], group)?)?.transpose(1, 2)?.contiguous()
}

fn angles(shape: &[usize]) -> (Tensor, Tensor) {
    let angles = Tensor::randn(0f32, 2f32, shape, &Device::Cpu).unwrap();
    (angles.cos().unwrap(), angles.sin().unwrap())
}

#[test]
fn masked_attention_matches() {
    for dim in [32, 72, 128, 8] {
        let (batch, seq) = (2, 37);
        let vars =
            [random(&[batch, seq, 4, dim]), random(&[batch, seq, 2, dim]), random(&[batch, seq, 2, dim])];
        let (cos, sin) = angles(&[batch, seq, dim / 2]);
        let rotation = Rotation { cos: &cos, sin: &sin };
        // Two segments behind a shared prefix of 5, as in a packed sequence.
        let seen = |row: usize, key: usize| key <= row && (key < 5 || (key < 20) == (row < 20));
        let mask: Vec<f32> = (0..batch * seq * seq)
            .map(|i| if seen(i / seq % seq, i % seq) { 0. } else { f32::NEG_INFINITY })
            .collect();
        let mask = Tensor::from_vec(mask, (batch, 1, seq, seq), &Device::Cpu).unwrap();
        let scope = Scope::Mask(mask.clone());
        same(
            &vars,
            |v| attention(&v[0], &v[1], &v[2], rotation, &scope),
            |v| slow_attention(v, rotation, &mask),
        );
    }
}

#[test]
fn attention_in_runs_matches() {
    for dim in [32, 8] {
        let runs = [19, 19, 3];
        let seq = 41;
        let vars = [random(&[2, seq, 2, dim]), random(&[2, seq, 2, dim]), random(&[2, seq, 2, dim])];
        let (cos, sin) = angles(&[seq, dim / 2]);
        let rotation = Rotation { cos: &cos, sin: &sin };
        let run = |i: usize| {
            if i < 19 {
                0
            } else if i < 38 {
                1
            } else {
                2
            }
        };
        let mask: Vec<f32> = (0..seq * seq)
            .map(|i| if run(i / seq) == run(i % seq) { 0. } else { f32::NEG_INFINITY })
            .collect();
        let mask = Tensor::from_vec(mask, (1, 1, seq, seq), &Device::Cpu).unwrap();
        let scope = Scope::Runs(runs.to_vec());
        same(
            &vars,
            |v| attention(&v[0], &v[1], &v[2], rotation, &scope),
            |v| slow_attention(v, rotation, &mask),
        );
    }
}

#[test]
fn attention_without_rotation_matches() {
    for dim in [32, 8] {
        let seq = 21;
        let vars = [random(&[2, seq, 2, dim]), random(&[2, seq, 2, dim]), random(&[2, seq, 2, dim])];
        let still = Tensor::zeros((seq, dim / 2), DType::F32, &Device::Cpu).unwrap();
        let (cos, sin) = (still.cos().unwrap(), still.sin().unwrap());
        let mask = Tensor::zeros((1, 1, seq, seq), DType::F32, &Device::Cpu).unwrap();
        same(
            &vars,
            |v| attention(&v[0], &v[1], &v[2], None, &Scope::Runs(vec![seq])),
            |v| slow_attention(v, Rotation { cos: &cos, sin: &sin }, &mask),
        );
    }
}

#[test]
fn wrong_shapes_are_refused() {
    let q = random(&[1, 4, 2, 32]);
    let (cos, sin) = angles(&[3, 16]);
    let rotation = Rotation { cos: &cos, sin: &sin };
    assert!(attention(&q, &q, &q, rotation, &Scope::Runs(vec![4])).is_err());
    assert!(attention(&q, &q, &q, rotation, &Scope::Runs(vec![3])).is_err());
    assert!(linear(&random(&[2, 3]), &random(&[4, 5]), None).is_err());
}

#[test]
fn brief_products_are_close() {
    // Whole tiles, left-over rows, and the two transposed products of the gradient.
    for rows in [16, 45, 130] {
        let (x, w) = (random(&[rows, 96]), random(&[64, 96]));
        let exact = linear(&x, &w, None).unwrap();
        let brief = with_brief_products(|| linear(&x, &w, None)).unwrap();
        assert!(distance(&exact, &brief) < 0.3, "{}", distance(&exact, &brief));
        let weights = Tensor::randn(0f32, 1f32, exact.shape(), &Device::Cpu).unwrap();
        let loss = (&exact * &weights).unwrap().sum_all().unwrap();
        let (a, b) = (loss.backward().unwrap(), with_brief_products(|| loss.backward()).unwrap());
        for var in [&x, &w] {
            let (a, b) = (a.get(var).unwrap(), b.get(var).unwrap());
            assert!(distance(a, b) < 0.4, "{rows} rows: {}", distance(a, b));
        }
    }
}
