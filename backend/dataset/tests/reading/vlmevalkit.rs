//! VLMEvalKit tables, with every documented oddity in one file.

use crate::written::{Folder, categories, error, format_of, picture, png, read, shades};
use flipside_dataset::{Answer, Format, Regime, Scoring};

const HEADER: &str =
    "index\timage\timage_path\tquestion\thint\tA\tB\tC\tD\tanswer\tcategory\tl2-category\tsplit\n";

fn odd_table() -> String {
    let one = picture(1);
    let rows = [
        // A question with tab, newline and quotes; "None" and "nan" are texts, an empty option is absent.
        format!(
            "1\t{one}\t\t\"Is \"\"it\"\"\ta\ncat?\"\tLook.\tcat\tNone\t\tnan\tD\tanimals, tame\tfine\tdev\n"
        ),
        // The image of an earlier row.
        "2\t1\t\tAgain?\t\tx\ty\t\t\tA\tanimals\tfine\tdev\n".to_owned(),
        // The image of a later row.
        "3\tlast\t\tLater?\t\tx\ty\t\t\tB\tanimals\tfine\tdev\n".to_owned(),
        // Several images, one of them another row's; an answer by its text.
        format!("4\t['{}', '1']\t\t<image 2> or <image 1>?\t\tNone\ty\t\t\tNone\tc\tl\tdev\n", picture(4)),
        // The image in a file; an answer that is kept back.
        "5\t\t./pics/five.png\tWhich?\t\tx\ty\t\t\t\tc\tl\ttest\n".to_owned(),
        // Yes or no, with POPE's joined categories.
        "6\t1\t\tIs there a dog?\t\t\t\t\t\tNo\tadversarial,popular,random\t\t\n".to_owned(),
        // HallusionBench keeps its keys in the index, and a question without a picture has none.
        "VD_ocr_x_0_3_4_5\t\t\tIs it?\t\t\t\t\t\tYes\tVD\tocr_x\t\n".to_owned(),
        // An open answer.
        "7\t1\t\tHow many?\t\t\t\t\t\t3\tc\tl\tdev\n".to_owned(),
        format!("last\t{}\tnot/used.png\tÜber?\t\tä\tö\t\t\tB\tc\tl\tdev", picture(9)),
    ];
    format!("\u{feff}{HEADER}{}", rows.concat())
}

#[test]
fn every_documented_oddity() {
    let folder = Folder::new();
    let path = folder.write("MMBench.tsv", odd_table());
    folder.write("pics/five.png", png(5));
    assert_eq!(format_of(&path), Format::VlmEvalKit);
    let samples = read(&path);
    let [first, again, later, several, file, pope, hallusion, open, last] = &samples[..] else {
        panic!("{} samples", samples.len())
    };

    assert_eq!(first.id, "1");
    assert_eq!(first.question, "Is \"it\"\ta\ncat?");
    assert_eq!(first.hint.as_deref(), Some("Look."));
    assert_eq!(first.options, ["cat", "None", "nan"]);
    assert_eq!(first.answer, Some(Answer::Option(2)));
    assert_eq!(categories(first, "category"), ["animals, tame"]);
    assert_eq!(categories(first, "l2-category"), ["fine"]);
    assert_eq!((first.split.as_deref(), first.regime), (Some("dev"), Regime::Mcq));
    assert_eq!(first.place.to_string(), format!("{}, line 2", path.display()));

    assert_eq!(shades(again), [1]);
    assert_eq!(again.image_cluster(), first.image_cluster());
    assert_eq!(again.place.to_string(), format!("{}, line 4", path.display()));
    assert_eq!(shades(later), [9]);
    assert_eq!(later.image_cluster(), last.image_cluster());
    assert_ne!(later.image_cluster(), first.image_cluster());

    assert_eq!(shades(several), [4, 1]);
    assert_eq!(several.right_option(), Some(0));
    assert_eq!(several.options[0], "None");
    let parts = format!("{:?}", several.parts(&several.question));
    assert_eq!(parts, "[Image(1), Text(\" or \"), Image(0), Text(\"?\")]");

    assert_eq!((shades(file), &file.answer), (vec![5], &None));
    assert_eq!(file.image_cluster().as_deref(), Some("file:pics/five.png"));

    assert_eq!((pope.options.len(), pope.right_option(), pope.regime), (2, Some(1), Regime::Pope));
    assert_eq!(categories(pope, "category"), ["adversarial", "popular", "random"]);
    assert_eq!(pope.scoring, Scoring::YesNo);

    let keys =
        "category: \"VD\", subcategory: \"ocr_x\", visual_input: 0, set_id: 3, figure_id: 4, question_id: 5";
    assert_eq!(format!("{:?}", hallusion.scoring), format!("Figures {{ {keys} }}"));
    assert_eq!((hallusion.images.len(), hallusion.image_cluster()), (0, None));

    assert_eq!(open.answer, Some(Answer::Open(vec!["3".to_owned()])));
    assert_eq!((last.question.as_str(), shades(last)), ("Über?", vec![9]));
}

#[test]
fn a_reference_leads_to_a_row_with_an_image() {
    let table = |reference: &str| {
        let image = picture(1);
        format!("index\timage\tquestion\n1\t{image}\tq\n2\t1\tq\n3\t{reference}\tq\n")
    };
    for reference in ["4", "2", "3", "pics/a.png"] {
        let folder = Folder::new();
        let path = folder.write("a.tsv", table(reference));
        let error = error(&path);
        assert!(error.contains(&format!("a.tsv, line 4, column image: {reference:?}")), "{error}");
        assert!(error.contains("image_path"), "{error}");
    }
}

#[test]
fn lines_that_end_in_carriage_returns() {
    let folder = Folder::new();
    let table = format!("index\timage\tquestion\r\n1\t{}\t\"a\r\nb\"\r\n2\t1\tq\r\n", picture(1));
    let samples = read(&folder.write("a.tsv", table));
    let lines: Vec<String> = samples.iter().map(|sample| sample.place.to_string()).collect();
    assert!(lines[0].ends_with("line 2") && lines[1].ends_with("line 4"), "{lines:?}");
    assert_eq!((samples[0].question.as_str(), shades(&samples[1])), ("a\r\nb", vec![1]));
}

#[test]
fn several_images_in_files() {
    let folder = Folder::new();
    let name = |number: u8| format!("a folder with a rather long name, as some have/{number:080}.png");
    let paths: Vec<String> = (1..=4).map(|number| format!("'{}'", name(number))).collect();
    let path =
        folder.write("a.tsv", format!("index\timage_path\tquestion\n1\t[{}]\tAlike?\n", paths.join(", ")));
    (1..=4).for_each(|number| drop(folder.write(&name(number), png(number))));
    assert_eq!(shades(&read(&path)[0]), [1, 2, 3, 4]);
}
