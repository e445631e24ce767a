//! Loops compiled once for every instruction set that matters and chosen at run time, since the default x86-64
//! target stops at SSE2.
//!
//! Knows slices of `f32`; nothing of tensors.

/// Lanes that the loops work in: one AVX-512 register, two of AVX2, four of SSE2 or wasm.
pub(crate) const LANES: usize = 16;

/// Defines a function whose body is compiled for AVX-512, for AVX2 and for the target's baseline. Inside, the
/// constant `FMA` tells [`fma`] whether a fused product is one instruction.
macro_rules! kernel {
    ($(#[$meta:meta])* fn $name:ident $(<const $c:ident: usize>)? ($($arg:ident: $kind:ty),* $(,)?) $body:block) => {
        $(#[$meta])*
        pub(crate) fn $name $(<const $c: usize>)? ($($arg: $kind),*) {
            #[inline(always)]
            #[allow(clippy::too_many_arguments, clippy::extra_unused_type_parameters)]
            fn body<$(const $c: usize,)? const FMA: bool>($($arg: $kind),*) $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
                fn wide $(<const $c: usize>)? ($($arg: $kind),*) { body::<$($c,)? true>($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                fn middle $(<const $c: usize>)? ($($arg: $kind),*) { body::<$($c,)? true>($($arg),*) }
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("fma")
                {
                    // SAFETY: the features were just found on this processor.
                    return unsafe { wide $(::<$c>)? ($($arg),*) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: as above.
                    return unsafe { middle $(::<$c>)? ($($arg),*) };
                }
            }
            body::<$($c,)? false>($($arg),*)
        }
    };
}
pub(crate) use kernel;

/// `a * b + c`, fused where that is one instruction.
#[inline(always)]
pub(crate) fn fma<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// e^x to a relative error of 2e-7: a power of two and a polynomial. Below -87 it gives (almost) zero, above 88 it
/// stays finite.
#[inline(always)]
pub(crate) fn exp<const FMA: bool>(x: f32) -> f32 {
    // Adding and taking away 1.5 * 2^23 rounds to the nearest integer without a branch.
    const ROUND: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = fma::<FMA>(x, std::f32::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = fma::<FMA>(n, -0.693_359_4, x);
    let r = fma::<FMA>(n, 2.121_944_4e-4, r);
    let p = fma::<FMA>(r, 1.987_569_1e-4, 1.398_199_9e-3);
    let p = fma::<FMA>(p, r, 8.333_452e-3);
    let p = fma::<FMA>(p, r, 4.166_579_6e-2);
    let p = fma::<FMA>(p, r, 1.666_666_5e-1);
    let p = fma::<FMA>(p, r, 5e-1);
    let p = fma::<FMA>(p * r, r, r + 1.0);
    let scale = f32::from_bits(((n as i32 + 127) << 23) as u32);
    p * scale
}

/// Sum of `f(i)` over `0..n`, in [`LANES`] partial sums: the order is fixed, so results repeat on a machine.
#[inline(always)]
pub(crate) fn sum<const FMA: bool>(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; LANES];
    let (whole_a, rest_a) = a.as_chunks::<LANES>();
    let (whole_b, rest_b) = b.as_chunks::<LANES>();
    for (x, y) in whole_a.iter().zip(whole_b) {
        for l in 0..LANES {
            lanes[l] = fma::<FMA>(x[l], y[l], lanes[l]);
        }
    }
    let mut total: f32 = lanes.iter().sum();
    for (x, y) in rest_a.iter().zip(rest_b) {
        total = fma::<FMA>(*x, *y, total);
    }
    total
}
