//! MMMU as Parquet.

use crate::written::{Folder, categories, format_of, images, png, read, shades, texts};
use flipside_dataset::{Answer, Format, Part, Regime};

#[test]
fn several_images_and_options_in_a_text() {
    let folder = Folder::new();
    let image = |shade: u8| Some((Some(png(shade)), Some("a.png")));
    let path = folder.parquet(
        "validation.parquet",
        vec![
            ("id", texts(&[Some("validation_Art_Theory_1"), Some("dev_Math_2"), Some("test_Math_3")])),
            (
                "question",
                texts(&[Some("Is <image 1> like <image 3>? <image 9>"), Some("How much?"), Some("q")]),
            ),
            (
                "options",
                texts(&[Some("['<image 3>', \"it's None\", 'None']"), Some("[]"), Some("['a', 'b']")]),
            ),
            ("explanation", texts(&[None, Some(""), None])),
            ("image_1", images(&[image(1), image(11), image(12)])),
            ("image_2", images(&[None, None, None])),
            ("image_3", images(&[image(3), None, None])),
            ("img_type", texts(&[Some("['Paintings', 'Tables']"), Some("Plots"), None])),
            ("answer", texts(&[Some("B"), Some("['24/7', '3.429']"), Some("?")])),
            ("topic_difficulty", texts(&[Some("Easy"), Some("Hard"), None])),
            ("question_type", texts(&[Some("multiple-choice"), Some("open"), Some("multiple-choice")])),
            ("subfield", texts(&[Some("Theory"), Some("Algebra"), None])),
        ],
    );
    assert_eq!(format_of(&path), Format::Mmmu);
    let [choice, open, test] = &read(&path)[..] else { panic!() };
    assert_eq!(choice.options, ["<image 3>", "it's None", "None"]);
    assert_eq!((choice.right_option(), choice.regime, shades(choice)), (Some(1), Regime::Mcq, vec![1, 3]));
    let parts = choice.parts(&choice.question);
    assert_eq!(
        parts,
        [Part::Text("Is "), Part::Image(0), Part::Text(" like "), Part::Image(1), Part::Text("? <image 9>")]
    );
    assert_eq!(choice.parts(&choice.options[0]), [Part::Image(1)]);
    assert_eq!(choice.split.as_deref(), Some("validation"));
    assert_eq!(categories(choice, "category"), ["Art_Theory"]);
    assert_eq!(categories(choice, "img_type"), ["Paintings", "Tables"]);
    assert_eq!(categories(open, "img_type"), ["Plots"]);
    assert_eq!(open.answer, Some(Answer::Open(vec!["24/7".to_owned(), "3.429".to_owned()])));
    assert_eq!((open.options.len(), open.regime), (0, Regime::Plain));
    assert_eq!((test.options.len(), &test.answer), (2, &None));
}
