//! The page's file of metrics says what the catalogue says, and the lab has a value for everything that it lists as live.

use flipside_shared::metrics::catalogue::{FAMILIES, Family, Metric, Scope};
use flipside_tests::source::root;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Set to write the file anew after a change of the catalogue.
const BLESS: &str = "FLIPSIDE_BLESS";

fn title(family: Family) -> &'static str {
    match family {
        Family::Labels => "Labels",
        Family::Predictions => "Predictions",
        Family::Representation => "Representation",
        Family::Spectrum => "Spectrum",
        Family::Pictures => "Image",
        Family::Statistics => "Statistics",
    }
}

fn entry(metric: &Metric) -> Value {
    let scope = match metric.scope {
        Scope::Picture => "picture",
        Scope::Run => "run",
    };
    json!({
        "id": metric.id, "scope": scope, "name": metric.name, "unit": metric.unit, "explanation": metric.explanation,
        "citation": metric.source.citation, "standing": metric.source.standing.words(),
    })
}

/// An object with its keys in the order of the alphabet, whatever the build makes of objects.
fn sorted(object: &Value) -> String {
    let fields: BTreeMap<&String, &Value> = object.as_object().into_iter().flatten().collect();
    let fields: Vec<String> = fields.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

/// A line for each metric, so that a change reads well.
fn file() -> String {
    let family = |(family, metrics): (Family, &[Metric])| {
        let entries: Vec<String> = metrics.iter().map(|metric| sorted(&entry(metric))).collect();
        format!("{{\"family\":\"{}\",\"metrics\":[\n{}\n]}}", title(family), entries.join(",\n"))
    };
    format!("[\n{}\n]\n", FAMILIES.map(family).join(",\n"))
}

#[test]
fn the_page_s_file_is_the_catalogue() {
    let path = root().join("frontend/assets/metrics.json");
    let now = file();
    serde_json::from_str::<Value>(&now).expect("the file is JSON");
    if std::env::var_os(BLESS).is_some() {
        std::fs::write(&path, &now).expect("the file can be written");
        panic!("{} is written anew; run again without {BLESS}", path.display());
    }
    let there = std::fs::read_to_string(&path).expect("the file is in the repository");
    let changed: Vec<&str> = now.lines().filter(|line| !there.lines().any(|known| known == *line)).collect();
    assert!(there == now, "the catalogue has changed (set {BLESS} to write the file anew): {changed:#?}");
}
