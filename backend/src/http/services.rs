//! What the handlers share: one value, cheap to copy, made once per server.

use crate::{
    config::{LimitsConfig, ServerConfig},
    engine::{Admission, Engine, Pictures, Turns},
    error::Error,
    report::Library,
    store::{ImageStore, StoreError},
    telemetry::Metrics,
};
use flipside_shared::{raster::ImageId, recipe::RecipeLimits};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

use super::page::Page;

/// Everything a handler may use.
#[derive(Clone)]
pub struct Services {
    /// The loaded models; the first is the default. Never empty.
    pub engines: Arc<[Arc<Engine>]>,
    /// Places in the queue.
    pub admission: Admission,
    /// Clean pictures seen lately.
    pub pictures: Pictures,
    /// Which request of a client is the newest.
    pub turns: Turns,
    /// Shared pictures on disk.
    pub store: Arc<ImageStore>,
    /// Evaluations for those who browse.
    pub library: Arc<Library>,
    /// The page's files.
    pub page: Page,
    /// The process's metrics.
    pub metrics: Metrics,
    /// What a client may send.
    pub limits: LimitsConfig,
    /// The longest time a request may take.
    pub request_timeout: Duration,
    /// Fires when the server begins to stop.
    pub stopping: CancellationToken,
}

impl Services {
    /// Joins the parts.
    ///
    /// # Errors
    /// When the picture store cannot be opened.
    pub fn new(config: &ServerConfig, engines: Vec<Engine>, metrics: Metrics) -> Result<Self, StoreError> {
        Ok(Self {
            engines: engines.into_iter().map(Arc::new).collect(),
            admission: Admission::new(config.engine.queue_capacity),
            pictures: Pictures::new(config.engine.picture_cache_mib),
            turns: Turns::default(),
            store: Arc::new(ImageStore::open(&config.store.data_dir, config.store.data_quota_mib)?),
            library: Arc::new(Library::new(config.store.runs_dir.clone(), config.store.open_reports)),
            page: Page::new(config.http.page_dir.clone()),
            metrics,
            limits: config.limits.clone(),
            request_timeout: config.http.request_timeout(),
            stopping: CancellationToken::new(),
        })
    }

    /// The engine of the model called `name`, or of the default one.
    ///
    /// # Errors
    /// [`Error::ModelNotFound`].
    pub fn engine(&self, name: Option<&str>) -> Result<&Arc<Engine>, Error> {
        let found = match name {
            None => self.engines.first(),
            Some(name) => self.engines.iter().find(|engine| engine.info().name == name),
        };
        let shortened = || name.unwrap_or_default().chars().take(40).collect();
        found.ok_or_else(|| Error::ModelNotFound { name: shortened() })
    }

    /// The PNG file of a picture that a visitor shared or a run kept; none where there is none. Blocks.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn picture_file(&self, id: &ImageId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.store.get(id)?.or_else(|| self.library.picture(id)))
    }

    /// Runs `work` for at most the configured time.
    ///
    /// # Errors
    /// [`Error::TimedOut`], or what the work said.
    pub async fn in_time<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let timed_out = |_| Error::TimedOut { limit_s: self.request_timeout.as_secs() };
        tokio::time::timeout(self.request_timeout, work).await.map_err(timed_out)?
    }

    /// Bounds on recipes.
    pub fn recipe_limits(&self) -> RecipeLimits {
        RecipeLimits { max_operations: self.limits.max_operations as usize, ..RecipeLimits::default() }
    }
}
