//! The reducer, action by action.

use super::*;
use flipside_shared::api::{ErrorBody, ErrorCode};
use flipside_shared::recipe::{Operation, ParamValue};

fn start() -> State {
    State::new(Settings::default(), Some(Ok(plain_start())))
}

fn after(state: State, actions: impl IntoIterator<Item = Action>) -> State {
    actions.into_iter().fold(state, |state, action| state.reduced(action))
}

fn edit(edit: Edit) -> Action {
    Action::Edit(edit)
}

fn ids(state: &State) -> Vec<&'static str> {
    state.lab().recipe.operations.iter().map(|step| step.operation.schema().id).collect()
}

#[test]
fn the_plain_start_asks_in_the_words_of_its_meaning() {
    let question = plain_start().question;
    assert_eq!(question, LabQuestion::of(question.spec.unwrap()));
}

#[test]
fn a_stack_is_built_reordered_and_undone() {
    let state = after(
        start(),
        [
            edit(Edit::AddStep("rotate")),
            edit(Edit::AddStep("camera")),
            edit(Edit::DuplicateStep(0)),
            edit(Edit::MoveStep { from: 2, to: 0 }),
            edit(Edit::ToggleStep(1)),
        ],
    );
    assert_eq!(ids(&state), ["camera", "rotate", "rotate"]);
    assert!(!state.lab().recipe.operations[1].enabled);
    let state = after(state, [Action::Undo, Action::Undo, Action::Undo]);
    assert_eq!(ids(&state), ["rotate", "camera"]);
    let state = after(state, [Action::Redo, Action::Redo, edit(Edit::RemoveStep(0))]);
    assert_eq!(ids(&state), ["rotate", "rotate"]);
}

#[test]
fn edits_of_what_is_not_there_change_nothing() {
    for nonsense in [
        Edit::RemoveStep(3),
        Edit::DuplicateStep(0),
        Edit::MoveStep { from: 0, to: 1 },
        Edit::ToggleStep(9),
        Edit::AddStep("melt"),
        Edit::SetParam { step: 0, key: "angle_deg", value: ParamValue::Number(1.0) },
    ] {
        assert_eq!(start().reduced(edit(nonsense.clone())), start(), "{nonsense:?}");
    }
}

#[test]
fn numbers_are_brought_into_range_and_nonsense_is_refused() {
    let with = |value| {
        let set = Edit::SetParam { step: 0, key: "angle_deg", value };
        let state = after(start(), [edit(Edit::AddStep("rotate")), edit(set)]);
        state.lab().recipe.operations[0].operation.param("angle_deg")
    };
    let (min, max) = Operation::with_defaults("rotate").unwrap().schema().params[0].kind.range().unwrap();
    assert_eq!(with(ParamValue::Number(1e9)), Some(ParamValue::Number(max)));
    assert_eq!(with(ParamValue::Number(-1e9)), Some(ParamValue::Number(min)));
    let default = Operation::with_defaults("rotate").unwrap().param("angle_deg");
    assert_eq!(with(ParamValue::Number(f64::NAN)), default);
    assert_eq!(with(ParamValue::Text("x".to_owned())), default);
}

#[test]
fn a_picture_takes_no_scene_operations_and_undo_brings_them_back() {
    let id = flipside_shared::raster::ImageId("a".repeat(64));
    let picture = Source::Image { id, width_px: 10, height_px: 10 };
    let state = after(
        start(),
        [edit(Edit::AddStep("camera")), edit(Edit::AddStep("rotate")), edit(Edit::SetSource(picture))],
    );
    assert_eq!(ids(&state), ["rotate"]);
    assert!(state.lab().question.spec.is_none());
    assert_eq!(ids(&state.reduced(Action::Undo)), ["camera", "rotate"]);
}

#[test]
fn a_failure_keeps_what_was_shown_and_only_silence_is_a_lost_server() {
    let body = ErrorBody {
        code: ErrorCode::QueueFull,
        reason: None,
        message: "full".to_owned(),
        field: None,
        retry_after_s: Some(2),
        request_id: "r".to_owned(),
    };
    let busy = start().reduced(Action::NotJudged(Problem::Server(body)));
    assert_eq!(busy.connection, Connection::Up);
    assert!(busy.answer.problem.as_ref().is_some_and(|problem| problem.retry_after_s() == Some(2)));
    let lost = busy.reduced(Action::NotJudged(Problem::Unreachable));
    assert_eq!(lost.connection, Connection::Lost);
    assert_eq!(lost.lab(), busy.lab());
}

#[test]
fn a_stopped_curve_ignores_what_still_comes() {
    let param = &Operation::with_defaults("rotate").unwrap().schema().params[0];
    let plan = CurvePlan { step: 0, param, from: -30.0, to: 30.0 };
    let done = CurveEvent::Done { points: 25, elapsed_ms: 1.0 };
    let state = after(
        start(),
        [
            edit(Edit::AddStep("rotate")),
            Action::CurveBegun(plan),
            Action::CurveCancelled,
            Action::CurveEvent(done),
        ],
    );
    let curve = state.curve.as_ref().unwrap();
    assert_eq!(curve.status, CurveStatus::Cancelled);
    let turned = Edit::SetParam { step: 0, key: "angle_deg", value: ParamValue::Number(7.0) };
    assert!(curve.holds_for(state.reduced(edit(turned)).lab()));
    assert!(!curve.holds_for(state.reduced(edit(Edit::SetSource(Source::Scene { seed: 99 }))).lab()));
}

#[test]
fn the_same_notice_is_shown_once() {
    let state =
        after(start(), [Action::Notify(NoticeKind::LinkCopied), Action::Notify(NoticeKind::LinkCopied)]);
    assert_eq!(state.notices.len(), 1);
    assert!(state.reduced(Action::Dismiss(state.notices[0].id)).notices.is_empty());
}

#[test]
fn a_broken_link_opens_a_working_page_and_says_so() {
    let broken = State::new(Settings::default(), Some(LabState::from_link("no-such-thing")));
    assert_eq!(broken.lab(), State::new(Settings::default(), None).lab());
    assert!(matches!(broken.notices[0].kind, NoticeKind::Problem(Problem::Link(_))));
    assert!(!broken.history.can_undo());
}

#[test]
fn the_page_says_from_where_on_a_drift_is_called_hidden() {
    let percent = format!("{} %", super::answer::HIDDEN_DRIFT_PERCENT);
    assert!(crate::text::EN.metrics_intro.contains(&percent), "{percent}");
}
