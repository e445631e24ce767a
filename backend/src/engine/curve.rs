//! A response curve: points rendered in parallel while the model works, streamed as they are computed, then the
//! flip on either side by bisection. Ends when nobody listens any more.

use super::{
    Engine, EngineError,
    batch::Look,
    control,
    pass::Pass,
    picture::{Picture, Pictures},
    question::Question,
    sweep::{Bracket, Sweep, coarse_first, first_flip},
};
use flipside_shared::{
    api::{CurveEvent, CurvePoint, FlipPoint},
    metrics::{
        drift::{DriftSummary, cosine_distance, relative_percent},
        predictions,
    },
};
use futures::{StreamExt, stream};
use std::{sync::Arc, time::Instant};
use tokio::sync::mpsc;

/// Pictures rendered at the same time.
const PARALLEL_RENDERS: usize = 4;
/// Points that go to the model together.
const POINTS_PER_BATCH: usize = 8;

/// Everything a curve is computed from.
pub struct Curve {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Where scenes are rendered.
    pub pictures: Pictures,
    /// What is swept.
    pub sweep: Sweep,
    /// The clean picture.
    pub clean: Arc<Picture>,
    /// Side at which scenes are rendered, in pixels.
    pub canvas_px: u32,
    /// The question.
    pub question: Question,
}

/// What every point is measured against.
struct Baseline {
    clean: Arc<Pass>,
    control: DriftSummary,
}

impl Curve {
    /// Computes the curve into `events` and returns when it is done or nobody listens.
    ///
    /// # Errors
    /// The first failure; what was sent before stands.
    pub async fn run(self: Arc<Self>, events: &mpsc::Sender<CurveEvent>) -> Result<(), EngineError> {
        tokio::select! {
            biased;
            () = events.closed() => Ok(()),
            outcome = self.compute(events) => outcome,
        }
    }

    async fn compute(self: &Arc<Self>, events: &mpsc::Sender<CurveEvent>) -> Result<(), EngineError> {
        let started = Instant::now();
        let baseline = self.baseline().await?;
        let values = self.sweep.values();
        let renders = stream::iter(coarse_first(values.len()))
            .map(|index| {
                let (curve, value) = (Arc::clone(self), values[index]);
                async move { Ok((index, curve.render(value).await?)) }
            })
            .buffered(PARALLEL_RENDERS)
            .ready_chunks(POINTS_PER_BATCH);
        tokio::pin!(renders);
        let mut flipped = vec![false; values.len()];
        while let Some(chunk) = renders.next().await {
            let chunk: Vec<(usize, Arc<Picture>)> = chunk.into_iter().collect::<Result<_, EngineError>>()?;
            let looks = chunk.iter().map(|(_, picture)| self.look(picture)).collect();
            let passes = self.engine.look(looks).await?.passes;
            for ((index, _), pass) in chunk.iter().zip(&passes) {
                let point = baseline.point(*index, values[*index], pass);
                flipped[*index] = point.flipped;
                // A closed channel ends `run` at its next await.
                let _ = events.send(CurveEvent::Point(point)).await;
            }
        }
        let sides = self.sweep.sides(&flipped);
        let flips = futures::try_join!(self.flip(&baseline, &sides[0]), self.flip(&baseline, &sides[1]))?;
        for flip in [flips.0, flips.1].into_iter().flatten() {
            let _ = events.send(CurveEvent::Flip(flip)).await;
        }
        let points = u32::try_from(values.len()).unwrap_or(u32::MAX);
        let elapsed_ms = started.elapsed().as_secs_f64() * 1e3;
        let _ = events.send(CurveEvent::Done { points, elapsed_ms }).await;
        Ok(())
    }

    async fn baseline(&self) -> Result<Baseline, EngineError> {
        let controls = self.engine.control_looks(&self.clean, &self.question).await?;
        let looks = std::iter::once(self.look(&self.clean)).chain(controls).collect();
        let mut passes = self.engine.look(looks).await?.passes;
        let clean = passes.remove(0);
        let control = control::control_drift(&clean, &passes);
        Ok(Baseline { clean, control })
    }

    async fn render(&self, value: f64) -> Result<Arc<Picture>, EngineError> {
        let recipe = self.sweep.recipe_at(value)?;
        let (pictures, clean, canvas_px) = (self.pictures.clone(), Arc::clone(&self.clean), self.canvas_px);
        super::blocking(move || pictures.perturbed(&recipe, &clean, canvas_px)).await?.map_err(Into::into)
    }

    fn look(&self, picture: &Arc<Picture>) -> Look {
        Look { picture: Arc::clone(picture), question: self.question.clone() }
    }

    async fn measure(&self, value: f64) -> Result<Arc<Pass>, EngineError> {
        let picture = self.render(value).await?;
        let mut passes = self.engine.look(vec![self.look(&picture)]).await?.passes;
        Ok(passes.remove(0))
    }

    /// The flip on one side of the identity, from the points measured there.
    async fn flip(
        &self,
        baseline: &Baseline,
        side: &[(f64, bool)],
    ) -> Result<Option<FlipPoint>, EngineError> {
        let bracket = match (first_flip(side), side.first(), self.sweep.identity_inside()) {
            (Some(bracket), _, _) => bracket,
            // Flipped from the nearest point on: the bracket starts at the identity, if that one stands.
            (None, Some((nearest, true)), Some(identity)) if *nearest != identity => {
                if baseline.flipped(self.measure(identity).await?.as_ref()) {
                    return Ok(None);
                }
                Bracket { unflipped: identity, flipped: *nearest }
            }
            _ => return Ok(None),
        };
        self.bisect(baseline, bracket).await.map(Some)
    }

    async fn bisect(&self, baseline: &Baseline, mut bracket: Bracket) -> Result<FlipPoint, EngineError> {
        let mut answer = self.measure(bracket.flipped).await?.answer();
        for _ in 0..self.sweep.max_halvings() {
            let Some(middle) = self.sweep.middle(bracket) else { break };
            let pass = self.measure(middle).await?;
            if baseline.flipped(&pass) {
                bracket.flipped = middle;
                answer = pass.answer();
            } else {
                bracket.unflipped = middle;
            }
        }
        Ok(FlipPoint { value: bracket.flipped, unflipped_value: bracket.unflipped, answer })
    }
}

impl Baseline {
    fn flipped(&self, pass: &Pass) -> bool {
        pass.answer() != self.clean.answer()
    }

    fn point(&self, index: usize, value: f64, pass: &Pass) -> CurvePoint {
        let drift = cosine_distance(&self.clean.context_state, &pass.context_state);
        CurvePoint {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            value,
            margin: predictions::margin_of(&pass.log_likelihoods, self.clean.answer()),
            drift,
            relative_drift_percent: relative_percent(drift, self.control),
            answer: pass.answer(),
            flipped: self.flipped(pass),
        }
    }
}
