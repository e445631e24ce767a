//! Which frequencies an answer rests on: the picture with only low or only high frequencies at a row of cutoffs, and
//! under noise of one band, each asked of the model. Pictures are filtered in parallel while the model works.

use super::{
    Engine, EngineError, batch::Look, measuring::failed, pass::Pass, picture::Picture, question::Question,
};
use flipside_shared::{
    api::MeasureEvent,
    decimal::fixed,
    metrics::{
        at_hand::{Measured, NEVER, NOISE_BANDS, UNDEFINED},
        mean::share,
        predictions::margin_of,
        spectrum::{
            band_noise::{BandNoise, PUBLISHED_LEVELS, PUBLISHED_TRIALS, add_band_noise},
            filter::{Keep, keep},
            keep_curve::{KeepPoint, flip_threshold, published_cutoffs},
        },
    },
    raster::Raster,
};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Pictures filtered at the same time.
const PARALLEL_FILTERS: usize = 4;
/// Ids of the margin and the flip threshold of each keep curve.
const KEEPS: [(Keep, &str, &str); 2] = [
    (Keep::Low, "low_pass_margin", "low_pass_threshold"),
    (Keep::High, "high_pass_margin", "high_pass_threshold"),
];

/// What is measured.
#[derive(Clone)]
pub struct Spectral {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The picture; flips are against the answer on it as it is.
    pub picture: Arc<Picture>,
    /// The question.
    pub question: Question,
}

/// A version of the picture.
#[derive(Clone, Copy)]
enum Version {
    Kept(Keep, f64),
    Noisy(BandNoise),
}

impl Spectral {
    /// Measures into `events`.
    ///
    /// # Errors
    /// The first failure of the model.
    pub async fn measure(&self, events: &mpsc::Sender<MeasureEvent>) -> Result<(), EngineError> {
        let answer = self.look(Arc::clone(&self.picture)).await?.answer();
        for (which, margin_id, threshold_id) in KEEPS {
            let mut points = Vec::new();
            let cutoffs = published_cutoffs();
            let passes = self.passes(cutoffs.map(|cutoff| Version::Kept(which, cutoff)).into());
            let mut passes = std::pin::pin!(passes.zip(stream::iter(cutoffs)));
            while let Some((pass, cutoff)) = passes.next().await {
                let Some(pass) = pass? else { continue };
                let margin = margin_of(&pass.log_likelihoods, answer);
                points.push(KeepPoint { cutoff, margin, flipped: pass.answer() != answer });
                send(events, Measured::number(margin_id, margin).part(&fixed(cutoff, 2))).await;
            }
            let threshold = match flip_threshold(&points, which) {
                Ok(Some(cutoff)) => Measured::number(threshold_id, cutoff),
                Ok(None) => Measured::word(threshold_id, NEVER),
                Err(_) => Measured::word(threshold_id, UNDEFINED),
            };
            send(events, threshold).await;
        }
        for (band, low, high) in NOISE_BANDS {
            for rms_levels in PUBLISHED_LEVELS {
                let noisy = |seed| Version::Noisy(BandNoise { low, high, rms_levels, seed });
                let trials = (0..u64::from(PUBLISHED_TRIALS)).map(noisy).collect();
                let passes: Vec<Option<Arc<Pass>>> = self.passes(trials).try_collect().await?;
                let passes: Vec<Arc<Pass>> = passes.into_iter().flatten().collect();
                let flips = passes.iter().filter(|pass| pass.answer() != answer).count() as u64;
                if let Some(flips) = share(flips, passes.len() as u64) {
                    let part = format!("{band}, {rms_levels}/255");
                    send(events, Measured::number("band_noise_flips", flips).part(&part)).await;
                }
            }
        }
        Ok(())
    }

    /// The passes over versions of the picture, in order; none over a version that does not exist.
    fn passes(
        &self,
        versions: Vec<Version>,
    ) -> impl Stream<Item = Result<Option<Arc<Pass>>, EngineError>> + use<> {
        let this = self.clone();
        stream::iter(versions)
            .map(move |version| {
                let this = this.clone();
                async move {
                    let picture = Arc::clone(&this.picture);
                    let made = super::blocking(move || version.of(&picture.raster).map(Picture::new)).await?;
                    match made {
                        Some(made) => this.look(made).await.map(Some),
                        None => Ok(None),
                    }
                }
            })
            .buffered(PARALLEL_FILTERS)
    }

    async fn look(&self, picture: Arc<Picture>) -> Result<Arc<Pass>, EngineError> {
        let look = Look { picture, question: self.question.clone() };
        let passes = self.engine.look(vec![look]).await?.passes;
        passes.into_iter().next().ok_or_else(|| failed("no pass for a look"))
    }
}

impl Version {
    /// None where a tiny picture has no frequency in the band.
    fn of(self, picture: &Raster) -> Option<Raster> {
        match self {
            Self::Kept(which, cutoff) => keep(picture, which, cutoff).ok(),
            Self::Noisy(noise) => add_band_noise(picture, noise).ok(),
        }
    }
}

/// A closed channel ends the measuring at its next await.
async fn send(events: &mpsc::Sender<MeasureEvent>, value: Measured) {
    let _ = events.send(MeasureEvent::Values { values: vec![value] }).await;
}
