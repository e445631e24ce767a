//! Runs as pages and as JSON: the list, a run, a family, and the way from a point into the lab.

use crate::{counted_run, lab::Lab};
use flipside_backend::store::ImageStore;
use flipside_shared::lab::LabState;
use flipside_shared::raster::Raster;

/// A server over a folder with one counted run, called `a run`, and things that are no runs.
async fn lab() -> (Lab, tempfile::TempDir) {
    let runs = tempfile::tempdir().unwrap();
    counted_run::write(&runs.path().join("a run"), [[1, 0], [1, 1], [0, 0], [0, 1]]);
    std::fs::create_dir(runs.path().join("empty")).unwrap();
    std::fs::write(runs.path().join("file"), "x").unwrap();
    let lab = Lab::with(&["--runs-dir", runs.path().to_str().unwrap()]).await;
    (lab, runs)
}

async fn page(lab: &Lab, path: &str) -> String {
    let answer = lab.get(path).await;
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 200, "{path}: {text}");
    text
}

/// The addresses in a page that begin so.
fn addresses(page: &str, start: &str) -> Vec<String> {
    let found = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    found
        .map(|text| text.replace("&#x2f;", "/").replace("&amp;", "&"))
        .filter(|text| text.starts_with(start))
        .collect()
}

#[tokio::test]
async fn runs_are_listed_and_read_as_json() {
    let (lab, _runs) = lab().await;
    let list = lab.get("/api/v1/runs").await.expect_success();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!((&list[0]["name"], &list[0]["shards"]), (&"a run".into(), &1.into()));
    let report = lab.get("/api/v1/runs/a%20run").await.expect_success();
    assert_eq!(report["families"][0]["ifr"]["value"], 0.5);
    lab.get("/api/v1/runs/none").await.expect_error(404, "not_found");
    assert!(page(&lab, "/reports").await.contains("a run"));
}

#[tokio::test]
async fn a_point_of_a_run_opens_the_lab_on_its_exact_recipe() {
    let (lab, _runs) = lab().await;
    let report = page(&lab, "/reports/a%20run").await;
    let family = addresses(&report, "/reports/a%20run/family/");
    assert!(family.len() > 3, "names and bars lead to the family: {report}");
    let family = page(&lab, &family[0]).await;
    let points = addresses(&family, "/reports/a%20run/open?");
    // Each prediction once in the chart and once in the table, and one for each member.
    assert_eq!(points.len(), 8 + 8 + 2, "{family}");
    let answer = lab.get(&points[0]).await;
    assert_eq!(answer.status, 303);
    let target = answer.headers["location"].to_str().unwrap().to_owned();
    let state = LabState::from_link(target.strip_prefix("/#").unwrap()).unwrap();
    assert_eq!((state.recipe.operations.len(), state.question.options.len()), (1, 2));
    let picture = points[0].replace("/open?", "/picture?");
    let perturbed = lab.get(&picture).await;
    let clean = lab.get(&format!("{picture}&clean=true")).await;
    assert_eq!((perturbed.status.as_u16(), clean.status.as_u16()), (200, 200));
    assert!(perturbed.body.starts_with(b"\x89PNG") && perturbed.body != clean.body);
}

#[tokio::test]
async fn the_orders_of_a_family_are_orders() {
    let (lab, _runs) = lab().await;
    for (order, first) in [("drift", "<b>green</b>"), ("margin", "<b>green</b>"), ("sample", ">red</td>")] {
        let page = page(&lab, &format!("/reports/a%20run/family/translation?order={order}&page=99")).await;
        let row = page.split("class=\"words\">").nth(2).unwrap();
        assert!(format!(">{row}").contains(first), "{order}: {row}");
    }
    assert_eq!(lab.get("/reports/a%20run/family/translation?order=chaos").await.status, 400);
}

#[tokio::test]
async fn pages_obey_the_policy_and_hostile_names_stay_text() {
    let (lab, _runs) = lab().await;
    for path in ["/reports", "/reports/a%20run", "/reports/a%20run/family/translation", "/reports/none"] {
        let text = String::from_utf8(lab.get(path).await.body).unwrap();
        for banned in ["<style", "<script", "<b>m", "<i>which", "src=\"http", "style=\""] {
            assert!(!text.contains(banned), "{path} has {banned}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_page_that_says_so_and_nothing_outside_is_read() {
    let (lab, runs) = lab().await;
    let outside = runs.path().parent().unwrap();
    counted_run::write(&outside.join(".hidden-run"), [[0; 2]; 4]);
    for path in [
        "/reports/none",
        "/reports/empty",
        "/reports/..%2F.hidden-run",
        "/reports/.hidden-run",
        "/reports/a%20run/family/none",
        "/reports/a%20run/open?sample=9&instance=none",
    ] {
        let answer = lab.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(String::from_utf8(answer.body).unwrap().contains("no such run"), "{path}");
    }
    std::fs::remove_dir_all(outside.join(".hidden-run")).unwrap();
    lab.get("/reports/a%20run/run.json").await.expect_error(404, "not_found");
}

#[tokio::test]
async fn a_growing_run_is_read_anew_and_a_damaged_one_is_an_error_without_detail() {
    let (lab, runs) = lab().await;
    assert_eq!(lab.get("/api/v1/runs/a%20run").await.expect_success()["run"]["samples"], 4);
    let log = runs.path().join("a run/predictions.jsonl");
    let text = std::fs::read_to_string(&log).unwrap();
    let shorter: Vec<&str> = text.lines().take(6).collect();
    std::fs::write(&log, shorter.join("\n") + "\n").unwrap();
    assert_eq!(lab.get("/api/v1/runs/a%20run").await.expect_success()["run"]["samples"], 2);
    std::fs::write(&log, "{ broken\n").unwrap();
    let answer = lab.get("/reports/a%20run").await;
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 500);
    assert!(text.contains("server&#x27;s log") && !text.contains("predictions.jsonl"), "{text}");
}

#[tokio::test]
async fn every_prediction_comes_as_a_file() {
    let (lab, _runs) = lab().await;
    let csv = page(&lab, "/reports/a%20run/predictions.csv").await;
    assert_eq!(csv.lines().count(), 1 + 4 * 3);
    let json = lab.get("/reports/a%20run/predictions.json").await.expect_success();
    assert_eq!(json.as_array().unwrap().len(), 12);
    assert!(lab.get("/reports/a%20run/predictions.parquet").await.body.starts_with(b"PAR1"));
}

#[tokio::test]
async fn a_picture_that_a_run_kept_opens_in_the_lab() {
    let (lab, runs) = lab().await;
    let picture = Raster::filled(9, 7, [1, 2, 3, 255]);
    let id = ImageStore::open(&runs.path().join("a run"), 1).unwrap().put(&picture).unwrap();
    let answer = lab.get(&format!("/api/v1/images/{}", id.0)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.starts_with(b"\x89PNG"));
}
