//! Every metric of one picture that takes the model: the values that come from a handful of passes, and on demand
//! those that take the model over the picture's frequencies. Sent as they are computed; ends when nobody listens.

use super::{
    Engine, EngineError, batch::Look, control, pass::Pass, picture::Picture, question::Question,
    spectral::Spectral,
};
use flipside_shared::{
    api::{MeasureEvent, RegimeName, TokenMaps},
    metrics::{
        at_hand::{Answers, FLIPPED, Measured, NEEDS_WRITING, SCORED_CHANNELS, UNDEFINED, answers},
        channels::{Channel, Stability},
        drift::{cosine_distance, relative_percent},
        drift_to_prior::{AgainstBlank, distance_to_prior, margin_to_prior},
        predictions::margin_of,
        token_drift::{TokenDistance, token_drift},
    },
    raster::Raster,
};
use std::{sync::Arc, time::Instant};
use tokio::sync::mpsc;

/// Everything that is measured.
pub struct Measuring {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The clean picture.
    pub clean: Arc<Picture>,
    /// The perturbed picture.
    pub perturbed: Arc<Picture>,
    /// The question.
    pub question: Question,
    /// The true option of both pictures, where it is known.
    pub truth: Option<usize>,
    /// Whether to go on to the frequencies.
    pub frequencies: bool,
}

impl Measuring {
    /// Measures into `events` and returns when it is done or nobody listens.
    ///
    /// # Errors
    /// The first failure; what was sent before stands.
    pub async fn run(self, events: &mpsc::Sender<MeasureEvent>) -> Result<(), EngineError> {
        tokio::select! {
            biased;
            () = events.closed() => Ok(()),
            outcome = self.compute(events) => outcome,
        }
    }

    async fn compute(&self, events: &mpsc::Sender<MeasureEvent>) -> Result<(), EngineError> {
        let started = Instant::now();
        // A closed channel ends `run` at its next await.
        let _ = events.send(MeasureEvent::Values { values: self.answers().await? }).await;
        let _ = events.send(MeasureEvent::Values { values: self.channels().await? }).await;
        let _ = events.send(MeasureEvent::Maps(self.maps().await?)).await;
        if self.frequencies {
            let (engine, picture) = (Arc::clone(&self.engine), Arc::clone(&self.perturbed));
            Spectral { engine, picture, question: self.question.clone() }.measure(events).await?;
        }
        let elapsed_ms = started.elapsed().as_secs_f64() * 1e3;
        let _ = events.send(MeasureEvent::Done { elapsed_ms }).await;
        Ok(())
    }

    fn look(&self, picture: &Arc<Picture>) -> Look {
        Look { picture: Arc::clone(picture), question: self.question.clone() }
    }

    /// What scores and states say under the question as it is put.
    async fn answers(&self) -> Result<Vec<Measured>, EngineError> {
        let white = Raster::filled(self.clean.raster.width_px, self.clean.raster.height_px, [255; 4]);
        let blank = super::blocking(move || Picture::new(white)).await?;
        let controls = self.engine.control_looks(&self.clean, &self.question).await?;
        let own = [&self.clean, &self.perturbed, &blank].map(|picture| self.look(picture));
        let passes = self.engine.look(own.into_iter().chain(controls).collect()).await?.passes;
        let [clean, perturbed, blank, controls @ ..] = &passes[..] else {
            return Err(failed("fewer passes than looks"));
        };
        let of = Answers {
            options: &self.question.options,
            clean: &clean.log_likelihoods,
            perturbed: &perturbed.log_likelihoods,
            truth: self.truth,
        };
        let mut values = answers(of).map_err(|error| failed(&error.to_string()))?;
        values.extend(priors(clean, perturbed, blank));
        values.extend(drifts(clean, perturbed, controls));
        let (before, after) = (&clean.smoothness, &perturbed.smoothness);
        values.extend([
            Measured::pair("dirichlet_energy", before.dirichlet_energy, after.dirichlet_energy),
            Measured::number("dirichlet_change", after.dirichlet_energy - before.dirichlet_energy),
            Measured::pair("scale_free_energy", before.scale_free_energy, after.scale_free_energy),
        ]);
        Ok(values)
    }

    /// The five channels: two prompts, clean and perturbed.
    async fn channels(&self) -> Result<Vec<Measured>, EngineError> {
        let [open, choice] =
            [RegimeName::Open, RegimeName::Mcq].map(|regime| Question { regime, ..self.question.clone() });
        let looks = [&open, &choice].into_iter().flat_map(|question| {
            [&self.clean, &self.perturbed]
                .map(|picture| Look { picture: Arc::clone(picture), question: question.clone() })
        });
        let passes = self.engine.look(looks.collect()).await?.passes;
        let [open_clean, open_perturbed, mcq_clean, mcq_perturbed] = &passes[..] else {
            return Err(failed("fewer passes than looks"));
        };
        let answer = mcq_clean.answer();
        let mut values = Vec::new();
        for channel in Channel::ALL {
            let states = match channel {
                Channel::ContextOpen => Some((&open_clean.context_state, &open_perturbed.context_state)),
                Channel::ContextMcq => Some((&mcq_clean.context_state, &mcq_perturbed.context_state)),
                Channel::AnswerMcq => {
                    mcq_clean.option_states.get(answer).zip(mcq_perturbed.option_states.get(answer))
                }
                // Of generated answers, which the models here do not give.
                Channel::AnswerOpen | Channel::AnswerMcqFree => None,
            };
            let stability = states.map(|(clean, perturbed)| Stability::of(clean, perturbed));
            for (id, of) in [
                ("cosine_similarity", (|it: Stability| it.cosine_similarity) as fn(Stability) -> f64),
                ("embedding_l2", |it| it.l2),
            ] {
                let value = match stability {
                    None => Measured::word(id, NEEDS_WRITING),
                    Some(Ok(stability)) => Measured::number(id, of(stability)),
                    Some(Err(_)) => Measured::word(id, UNDEFINED),
                };
                values.push(value.part(channel.id()));
            }
        }
        Ok(values)
    }

    async fn maps(&self) -> Result<TokenMaps, EngineError> {
        let pictures = vec![Arc::clone(&self.clean), Arc::clone(&self.perturbed)];
        let tokens = self.engine.encode(pictures).await?;
        let [clean, perturbed] = &tokens[..] else {
            return Err(failed("fewer pictures encoded than asked for"));
        };
        let smoothness = super::pass::smoothness(perturbed);
        let drift =
            token_drift(super::pass::grid(clean), super::pass::grid(perturbed), TokenDistance::Cosine);
        Ok(TokenMaps {
            rows: smoothness.rows,
            columns: smoothness.columns,
            energy: smoothness.token_energy,
            drift: drift.unwrap_or_default(),
        })
    }
}

/// Against the blank picture of the clean one's size.
fn priors(clean: &Pass, perturbed: &Pass, blank: &Pass) -> [Measured; 3] {
    let margin = |pass: &Pass| margin_of(&pass.log_likelihoods, clean.answer());
    let margins = AgainstBlank { clean: margin(clean), perturbed: margin(perturbed), blank: margin(blank) };
    let to_blank = |pass: &Pass| cosine_distance(&pass.context_state, &blank.context_state);
    let defined = |id: &str, value: Result<f64, _>| {
        value.map_or_else(|_| Measured::word(id, UNDEFINED), |value| Measured::number(id, value))
    };
    [
        Measured::number("margin_blank", margins.blank),
        defined("margin_to_prior", margin_to_prior(margins)),
        defined("distance_to_prior", distance_to_prior(to_blank(perturbed), to_blank(clean))),
    ]
}

/// In each channel of a scored answer, and against other pictures.
fn drifts(clean: &Pass, perturbed: &Pass, controls: &[Arc<Pass>]) -> Vec<Measured> {
    let answer = clean.answer();
    let context = cosine_distance(&clean.context_state, &perturbed.context_state);
    let channels = [
        context,
        cosine_distance(&clean.option_states[answer], &perturbed.option_states[answer]),
        cosine_distance(&clean.vision_mean, &perturbed.vision_mean),
    ];
    let drift = |(part, value): (&str, f64)| Measured::number("perturbation_drift", value).part(part);
    let mut values: Vec<Measured> = SCORED_CHANNELS.into_iter().zip(channels).map(drift).collect();
    let yardstick = control::control_drift(clean, controls);
    values.push(Measured::number("control_drift", yardstick.mean));
    values.push(Measured::number("relative_drift", relative_percent(context, yardstick)));
    values.push(match perturbed.answer() == answer {
        true => Measured::number("hidden_drift", context),
        false => Measured::word("hidden_drift", FLIPPED),
    });
    values
}

/// What should not happen, for the log.
pub(super) fn failed(reason: &str) -> EngineError {
    EngineError::ModelFailed { reason: reason.to_owned() }
}
