//! The one place where reports become HTML: the templates, what they may call, and that everything is escaped.

use minijinja::{AutoEscape, Environment, Error, Value};
use serde::Serialize;

/// The style of every page.
pub const STYLE: &str = include_str!("page/report.css");

/// A template of [`render`].
#[derive(Clone, Copy, Debug)]
pub enum Template {
    /// A run's report.
    Report,
    /// One family of a run.
    Family,
    /// All runs.
    Runs,
    /// What went wrong.
    Trouble,
    /// A chosen benchmark.
    BenchC,
}

/// How a page gets its style.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Inside the page, which then stands alone.
    Inside,
    /// From a server, which forbids inline style.
    Linked,
}

/// Fills a template.
///
/// # Errors
/// When the template, which is part of the program, does not fit its values.
pub fn render(template: Template, values: &Value) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("number", number);
    environment.add_filter("share", |value: Value| number(value, 3));
    environment.add_filter("estimate", estimate);
    environment.add_template("head", include_str!("page/head.html"))?;
    environment.add_global("style_text", Value::from_safe_string(STYLE.to_owned()));
    let source = match template {
        Template::Report => include_str!("page/report.html"),
        Template::Family => include_str!("page/family.html"),
        Template::Runs => include_str!("page/runs.html"),
        Template::Trouble => include_str!("page/trouble.html"),
        Template::BenchC => include_str!("page/bench_c.html"),
    };
    environment.add_template("page", source)?;
    environment.get_template("page")?.render(values)
}

/// A number with some decimals; a dash where there is none.
fn number(value: Value, decimals: usize) -> String {
    match f64::try_from(value) {
        Ok(value) if value.is_finite() => format!("{value:.decimals$}"),
        _ => "–".to_owned(),
    }
}

/// An estimate with its interval.
fn estimate(value: Value) -> String {
    let part = |name: &str| value.get_attr(name).map_or_else(|_| "–".to_owned(), |part| number(part, 3));
    if value.is_none() {
        return "–".to_owned();
    }
    format!("{} [{}, {}]", part("value"), part("low"), part("high"))
}
