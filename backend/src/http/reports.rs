//! Runs for those who browse: pages under `/reports`, the same as JSON under `/api/v1/runs`. Every point of a page
//! leads to the lab, on that prediction's exact recipe.

use super::services::Services;
use crate::{
    engine,
    error::Error,
    report::{
        self, OpenRun,
        family_page::{FamilyView, Order, family_page},
        html::{PageFacts, Shown, page},
        lab_link::lab_link,
        library::LibraryError,
        links::{Links, picture_path, run_path},
        pictures,
        template::{Style, Template, render},
    },
};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use flipside_shared::api::{ErrorBody, ExampleKey, Report, RunCard};
use minijinja::context;
use serde::Deserialize;
use std::sync::Arc;

/// All runs of this server, the one that changed last first.
#[utoipa::path(get, path = "/api/v1/runs", tag = "reports", responses((status = 200, body = Vec<RunCard>)))]
pub async fn runs(State(services): State<Services>) -> Result<Json<Vec<RunCard>>, Error> {
    Ok(Json(engine::blocking(move || services.library.list()).await?))
}

/// The report of a run, as `flipside report` writes it.
#[utoipa::path(
    get, path = "/api/v1/runs/{name}", tag = "reports",
    params(("name" = String, Path, description = "The run's name, as the list has it")),
    responses(
        (status = 200, body = Report),
        (status = 404, body = ErrorBody, description = "There is no run of this name"),
    )
)]
pub async fn run(State(services): State<Services>, Path(name): Path<String>) -> Result<Json<Report>, Error> {
    let opened = engine::blocking(move || services.library.open(&name)).await?;
    Ok(Json(opened.map_err(api_error)?.report.clone()))
}

fn api_error(error: LibraryError) -> Error {
    match error {
        LibraryError::NotFound => Error::NotFound,
        LibraryError::Unreadable(error) => Error::Internal(error.to_string()),
    }
}

/// A page, or the page that says why there is none.
struct Answer(Result<String, Trouble>);

/// Why there is no page.
enum Trouble {
    NotFound,
    Broken(String),
}

impl From<LibraryError> for Trouble {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::NotFound => Self::NotFound,
            LibraryError::Unreadable(error) => Self::Broken(error.to_string()),
        }
    }
}

impl From<minijinja::Error> for Trouble {
    fn from(error: minijinja::Error) -> Self {
        Self::Broken(format!("{error:#}"))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let (status, words) = match self.0 {
            Ok(html) => return ([(header::CACHE_CONTROL, "no-cache")], Html(html)).into_response(),
            Err(Trouble::NotFound) => {
                (StatusCode::NOT_FOUND, "There is no such run, family or prediction here.")
            }
            Err(Trouble::Broken(reason)) => {
                tracing::error!(reason, "a report cannot be shown");
                (StatusCode::INTERNAL_SERVER_ERROR, "This run cannot be read. The server's log says why.")
            }
        };
        let values = context! { title => "Reports", words => words, style => Style::Linked };
        (status, Html(render(Template::Trouble, &values).unwrap_or_else(|_| words.to_owned())))
            .into_response()
    }
}

/// Makes a page off the threads that serve.
async fn made(make: impl FnOnce() -> Result<String, Trouble> + Send + 'static) -> Answer {
    Answer(engine::blocking(make).await.unwrap_or_else(|error| Err(Trouble::Broken(error.to_string()))))
}

/// `/reports`: the list.
pub async fn list(State(services): State<Services>) -> impl IntoResponse {
    made(move || {
        let runs: Vec<_> = services
            .library
            .list()
            .iter()
            .map(|card| context! { path => run_path(&card.name), ..minijinja::Value::from_serialize(card) })
            .collect();
        let folder = services.library.folder().display().to_string();
        let values = context! { title => "Reports", runs => runs, folder => folder, style => Style::Linked };
        Ok(render(Template::Runs, &values)?)
    })
    .await
}

/// `/reports/{name}`: one run.
pub async fn report(State(services): State<Services>, Path(name): Path<String>) -> impl IntoResponse {
    made(move || {
        let opened = services.library.open(&name)?;
        let OpenRun { run, report, .. } = &*opened;
        let shown: Vec<Shown<'_>> = report
            .worst
            .iter()
            .map(|example| {
                let pictures = [true, false].map(|clean| picture_path(&name, &example.key, clean));
                Shown { example, pictures: Some(pictures) }
            })
            .collect();
        let command = report::command(&run.manifest, &services.library.folder().join(&name));
        let files = report::export::FILES.map(|file| (file, format!("{}/{file}", run_path(&name))));
        let links = Links::Server { run_name: &name };
        Ok(page(
            report,
            &shown,
            &PageFacts { command: &command, links, style: Style::Linked, files: &files },
        )?)
    })
    .await
}

/// How a family's table is looked at.
#[derive(Debug, Default, Deserialize)]
pub struct FamilyQuery {
    #[serde(default)]
    order: Order,
    page: Option<usize>,
}

/// `/reports/{name}/family/{family}`: every prediction of a family.
pub async fn family(
    State(services): State<Services>,
    Path((name, family)): Path<(String, String)>,
    Query(query): Query<FamilyQuery>,
) -> impl IntoResponse {
    made(move || {
        let opened = services.library.open(&name)?;
        let view = FamilyView {
            run_name: &name,
            family: &family,
            order: query.order,
            page: query.page.unwrap_or(1),
        };
        Ok(family_page(&opened.run, &opened.report, view).ok_or(Trouble::NotFound)??)
    })
    .await
}

/// Names a prediction.
#[derive(Debug, Deserialize)]
pub struct PredictionQuery {
    sample: u64,
    instance: String,
    #[serde(default)]
    clean: bool,
}

impl PredictionQuery {
    fn key(&self) -> ExampleKey {
        ExampleKey { sample: self.sample, instance: self.instance.clone() }
    }
}

/// `/reports/{name}/open`: the lab, on a prediction.
pub async fn open(
    State(services): State<Services>,
    Path(name): Path<String>,
    Query(query): Query<PredictionQuery>,
) -> Response {
    let found = engine::blocking(move || {
        let opened = services.library.open(&name)?;
        Ok(lab_link(&opened.run, &query.key()).ok_or(LibraryError::NotFound)?)
    });
    match found.await.unwrap_or_else(|error| Err(Trouble::Broken(error.to_string()))) {
        Ok(link) => Redirect::to(&format!("/#{link}")).into_response(),
        Err(trouble) => Answer(Err(trouble)).into_response(),
    }
}

/// `/reports/{name}/picture`: a prediction's picture, small.
pub async fn picture(
    State(services): State<Services>,
    Path(name): Path<String>,
    Query(query): Query<PredictionQuery>,
) -> Result<impl IntoResponse, Error> {
    let found = engine::blocking(move || {
        let opened = services.library.open(&name).map_err(api_error)?;
        let kept = |id: &_| opened.picture(id).or_else(|| services.store.get(id).ok().flatten());
        let [clean, perturbed] =
            pictures::pair(&opened.run, &query.key(), &kept).ok_or(Error::ImageNotFound)?;
        Ok::<_, Error>(if query.clean { clean } else { perturbed })
    });
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, max-age=3600")];
    Ok((headers, found.await??))
}

/// `/reports/{name}/{file}`: every prediction as a file.
pub async fn file(
    State(services): State<Services>,
    Path((name, file)): Path<(String, String)>,
) -> Result<Response, Error> {
    let kind = report::export::Kind::of_file(&file).ok_or(Error::NotFound)?;
    let bytes = engine::blocking(move || {
        let opened: Arc<OpenRun> = services.library.open(&name).map_err(api_error)?;
        let mut bytes = Vec::new();
        report::export::write(&opened.run, kind, &mut bytes)
            .map_err(|error| Error::Internal(format!("{error:#}")))?;
        Ok::<_, Error>(bytes)
    });
    let disposition = HeaderValue::from_static("attachment");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type())),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes.await??).into_response())
}

/// `/reports/style.css`.
pub async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, report::template::STYLE)
}

/// `/reports/icon.svg`: the page's own has its hash in its name.
pub async fn icon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml")], include_str!("../../../frontend/assets/favicon.svg"))
}
