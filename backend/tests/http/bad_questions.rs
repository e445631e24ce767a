//! Questions that cannot be asked.

use crate::lab::{Lab, rendered, request, turned};
use crate::stand_in::REFUSE;
use serde_json::{Value, json};

#[tokio::test]
async fn each_fault_of_a_question_has_its_own_name() {
    let lab = Lab::new().await;
    let recipe = turned(1, 5.0);
    let picture = rendered(&recipe);
    let long = "x".repeat(100_000);
    let many: Vec<String> = (0..40).map(|option| option.to_string()).collect();
    let cases: [(Value, Value, &str); 8] = [
        (json!(""), json!(["a", "b"]), "question_empty"),
        (json!(" \n\t "), json!(["a", "b"]), "question_empty"),
        (json!(long), json!(["a", "b"]), "question_too_long"),
        (json!("q"), json!(["a"]), "question_too_few_options"),
        (json!("q"), json!(["yes", "no", "yes"]), "question_duplicate_option"),
        (json!("q"), json!(["a", ""]), "question_empty_option"),
        (json!("q"), json!(many), "question_too_many_options"),
        (json!("q\u{0}"), json!(["a", "b"]), "question_control_character"),
    ];
    for (text, options, reason) in cases {
        let mut asked = request(&recipe, "");
        asked["question"] = json!({ "text": text, "options": options });
        let body = lab.verdict(&asked, &picture).await.expect_error(422, "invalid_question");
        assert_eq!(body["reason"], reason);
        assert!(body["field"].as_str().unwrap().starts_with("question."));
        assert!(body["message"].as_str().unwrap().len() < 200, "the question must not come back whole");
    }
    lab.verdict(&request(&recipe, "how bright?"), &picture).await.expect_success();
}

#[tokio::test]
async fn a_question_that_the_model_refuses_is_the_clients_to_mend() {
    let lab = Lab::new().await;
    let recipe = turned(1, 5.0);
    let answer = lab.verdict(&request(&recipe, REFUSE), &rendered(&recipe)).await;
    let body = answer.expect_error(422, "invalid_question");
    assert!(body["message"].as_str().unwrap().contains("refuses"));
}
