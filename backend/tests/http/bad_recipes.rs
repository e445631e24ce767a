//! Recipes that cannot be read or carried out.

use crate::lab::{Lab, rendered, request, turned};
use serde_json::{Value, json};

/// A change to a sound request, and what must come of it.
struct Case {
    what: &'static str,
    change: fn(&mut Value),
    status: u16,
    code: &'static str,
    reason: Option<&'static str>,
}

const CASES: [Case; 12] = [
    Case {
        what: "newer",
        change: |request| request["recipe"]["version"] = json!(99),
        status: 422,
        code: "newer_recipe",
        reason: Some("recipe_newer_version"),
    },
    Case {
        what: "unknown operation",
        change: |request| request["recipe"]["operations"][0]["operation"]["op"] = json!("melt"),
        status: 422,
        code: "invalid_recipe",
        reason: Some("recipe_unknown_operation"),
    },
    Case {
        what: "not a number",
        change: |request| request["recipe"]["operations"][0]["operation"]["angle_deg"] = Value::Null,
        status: 422,
        code: "invalid_recipe",
        reason: Some("recipe_not_finite"),
    },
    Case {
        what: "out of range",
        change: |request| request["recipe"]["operations"][0]["operation"]["angle_deg"] = json!(1e30),
        status: 422,
        code: "invalid_recipe",
        reason: Some("recipe_out_of_range"),
    },
    Case {
        what: "missing parameter",
        change: |request| {
            let operation = request["recipe"]["operations"][0]["operation"].as_object_mut();
            operation.map(|operation| operation.remove("angle_deg"));
        },
        status: 422,
        code: "invalid_recipe",
        reason: Some("recipe_missing_parameter"),
    },
    Case {
        what: "unknown parameter",
        change: |request| request["recipe"]["operations"][0]["operation"]["speed"] = json!(1),
        status: 422,
        code: "invalid_recipe",
        reason: Some("recipe_unknown_parameter"),
    },
    Case {
        what: "wrong type",
        change: |request| request["recipe"]["operations"][0]["operation"]["angle_deg"] = json!("ten"),
        status: 422,
        code: "invalid_recipe",
        reason: Some("recipe_wrong_type"),
    },
    Case {
        what: "10,000 operations",
        change: |request| {
            let step = request["recipe"]["operations"][0].clone();
            request["recipe"]["operations"] = Value::Array(vec![step; 10_000]);
        },
        status: 422,
        code: "invalid_recipe",
        reason: Some("recipe_too_many_operations"),
    },
    Case {
        what: "an object that is not there",
        change: |request| {
            let operation = json!({ "op": "remove_object", "object": 100 });
            request["recipe"]["operations"][0]["operation"] = operation;
        },
        status: 422,
        code: "invalid_recipe",
        reason: Some("no_such_object"),
    },
    Case {
        what: "no recipe at all",
        change: |request| drop(request.as_object_mut().map(|request| request.remove("recipe"))),
        status: 400,
        code: "malformed_request",
        reason: None,
    },
    Case {
        what: "an impossible canvas",
        change: |request| request["canvas_px"] = json!(1_000_000),
        status: 400,
        code: "malformed_request",
        reason: None,
    },
    Case {
        what: "an unknown model",
        change: |request| request["model"] = json!("oracle"),
        status: 404,
        code: "model_not_found",
        reason: None,
    },
];

#[tokio::test]
async fn each_fault_of_a_recipe_has_its_own_name() {
    let lab = Lab::new().await;
    let recipe = turned(1, 5.0);
    let picture = rendered(&recipe);
    for case in &CASES {
        let mut changed = request(&recipe, "how bright?");
        (case.change)(&mut changed);
        let answer = lab.verdict(&changed, &picture).await;
        println!("{}: {}", case.what, String::from_utf8_lossy(&answer.body));
        let body = answer.expect_error(case.status, case.code);
        assert_eq!(body["reason"].as_str(), case.reason, "{}", case.what);
    }
    lab.verdict(&request(&recipe, "how bright?"), &picture).await.expect_success();
}

#[tokio::test]
async fn the_number_of_operations_is_a_setting() {
    let lab = Lab::with(&["--max-operations", "0"]).await;
    let recipe = turned(1, 5.0);
    let answer = lab.verdict(&request(&recipe, "how bright?"), &rendered(&recipe)).await;
    assert_eq!(answer.expect_error(422, "invalid_recipe")["reason"], "recipe_too_many_operations");
}
