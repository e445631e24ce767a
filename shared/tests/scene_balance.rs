//! Questions give nothing away: no answer is favoured, and the words of a question do not tell its answer.

use std::collections::BTreeMap;

use flipside_shared::rng::{Rng, stream};
use flipside_shared::scene::{
    Attributes, Axis, Question, QuestionKind, QuestionSpec, Scene, View, answer, ask, caption, words,
};

/// Questions of every kind with their right options, over fresh scenes.
fn questions(scenes: u64, draws: u32) -> Vec<(Question, usize)> {
    let mut rng = Rng::new(11, stream::QUESTION);
    let mut questions = Vec::new();
    for seed in 0..scenes {
        let scene = Scene::from_seed(500_000 + seed);
        let view = View::new(&scene);
        for kind in QuestionKind::ALL {
            for _ in 0..draws {
                questions.extend(ask(&view, kind, &mut rng));
            }
        }
    }
    questions
}

/// Kind, with the two relations apart: they have different options.
fn group(question: &Question) -> String {
    match question.spec {
        QuestionSpec::Relation { axis: Axis::Depth, .. } => "relation in depth".into(),
        _ => question.kind.name().into(),
    }
}

/// Which attributes the question names, not their values.
fn pattern(question: &Question) -> String {
    let named = |of: &Attributes| {
        let named = [of.size.is_some(), of.colour.is_some(), of.material.is_some(), of.shape.is_some()];
        named.map(|named| if named { '1' } else { '0' }).iter().collect::<String>()
    };
    match &question.spec {
        QuestionSpec::Relation { subject, reference, .. } => named(subject) + &named(reference),
        QuestionSpec::Comparison { these, those } => named(these) + &named(those),
        QuestionSpec::Existence { what } | QuestionSpec::Count { what } => named(what),
        QuestionSpec::Colour { of }
        | QuestionSpec::Shape { of }
        | QuestionSpec::Material { of }
        | QuestionSpec::Size { of }
        | QuestionSpec::Column { of }
        | QuestionSpec::Row { of } => named(of),
    }
}

/// How often the answer most frequent for this key in one half of the questions is right in the other half.
fn guessed_from(questions: &[&(Question, usize)], key: fn(&Question) -> String) -> f64 {
    let (learnt, tried) = questions.split_at(questions.len() / 2);
    let mut seen: BTreeMap<String, BTreeMap<usize, u32>> = BTreeMap::new();
    for (question, right) in learnt {
        *seen.entry(key(question)).or_default().entry(*right).or_default() += 1;
    }
    let guess = |question: &Question| {
        seen.get(&key(question))
            .and_then(|answers| answers.iter().max_by_key(|(_, n)| **n))
            .map(|(right, _)| *right)
    };
    let hits = tried.iter().filter(|(question, right)| guess(question).unwrap_or(0) == *right).count();
    hits as f64 / tried.len() as f64
}

#[test]
fn no_answer_is_favoured_overall_or_by_the_words() {
    let questions = questions(2_500, 4);
    let mut groups: BTreeMap<String, Vec<&(Question, usize)>> = BTreeMap::new();
    for question in &questions {
        groups.entry(group(&question.0)).or_default().push(question);
    }
    assert_eq!(groups.len(), 9);
    for (name, group) in groups {
        let options = group[0].0.options.len();
        let even = 1.0 / options as f64;
        let total = group.len() as f64;
        assert!(total > 1_500.0, "{name}: only {total}");
        // Two points, and three standard deviations of counting this few.
        let allowed = 0.02 + 3.0 * (even * (1.0 - even) / total).sqrt();
        for option in 0..options {
            let share = group.iter().filter(|(_, right)| *right == option).count() as f64 / total;
            assert!(
                (share - even).abs() <= allowed,
                "{name}: option {option} is right in {share:.3} of {total}"
            );
        }
        for (from, key) in [("pattern", pattern as fn(&Question) -> String), ("text", |it| it.text.clone())] {
            let guessed = guessed_from(&group, key);
            let allowed = 0.025 + 3.0 * (even * (1.0 - even) * 2.0 / total).sqrt();
            assert!(
                guessed <= even + allowed,
                "{name}: the {from} alone gives {guessed:.3}, even is {even:.3}"
            );
        }
    }
}

#[test]
fn every_question_is_answered_and_written_in_known_words() {
    let mut rng = Rng::new(12, stream::QUESTION);
    let known = |text: &str| {
        let spaced = text.replace('?', " ?").replace(',', " ,");
        spaced.split_whitespace().all(|word| words().contains(&word))
    };
    let mut asked = 0;
    for seed in 0..150 {
        let scene = Scene::from_seed(seed);
        let view = View::new(&scene);
        assert!(known(&caption(&view)), "{}", caption(&view));
        for kind in QuestionKind::ALL.into_iter().chain(QuestionKind::AUXILIARY) {
            let Some((question, right)) = ask(&view, kind, &mut rng) else { continue };
            asked += 1;
            assert_eq!(question.kind, kind);
            assert_eq!(answer(&view, &question.spec), Some(right));
            assert!(right < question.options.len());
            assert!(known(&question.text), "{}", question.text);
            assert!(question.options.iter().all(|option| known(option)));
            let json = serde_json::to_string(&question).unwrap();
            assert_eq!(serde_json::from_str::<Question>(&json).unwrap(), question);
        }
    }
    assert!(asked > 600, "{asked}");
}
