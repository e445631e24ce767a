//! The table of messages, in English.

macro_rules! messages {
    ($($name:ident: $en:literal;)*) => {
        /// Every message of the page in one language.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Messages {
            $(#[doc = $en] pub $name: &'static str,)*
        }

        /// English.
        pub static EN: Messages = Messages { $($name: $en,)* };

        impl Messages {
            /// Every message.
            pub fn each(&mut self) -> impl Iterator<Item = &mut &'static str> {
                [$(&mut self.$name,)*].into_iter()
            }
        }
    };
}

messages! {
    app_name: "Flipside";
    skip_to_lab: "Skip to the lab";
    loading: "Loading…";
    model: "Model";
    model_none: "no server yet";
    parameters: "{millions} M parameters";
    undo: "Undo";
    redo: "Redo";
    share: "Copy link";
    share_uploads: "Copy link (stores your picture on this server)";
    link_copied: "Link copied. It opens exactly this picture, question and verdict.";
    picture_shared: "Your picture is now stored on this server, so that the copied link works. Anyone with the link can see it.";
    scene_steps_dropped: "Scene operations do not apply to a picture and were removed. Undo brings them back.";
    reports: "Reports";
    download: "Download";
    download_png: "Perturbed picture (PNG)";
    download_json: "State and verdict (JSON)";
    download_bars: "Option probabilities (SVG)";
    download_curve: "Response curve (SVG)";
    download_heat: "Dirichlet energy map (SVG)";
    switch_language: "中文";
    switch_language_label: "Switch the page to Chinese";
    theme: "Theme: {name}";
    theme_system: "system";
    theme_light: "light";
    theme_dark: "dark";
    help: "Help and keys";
    close: "Close";
    dismiss: "Dismiss";
    retry: "Try again";

    picture: "Picture";
    view: "View";
    view_after: "After";
    view_before_after: "Before / after";
    view_difference: "Difference";
    view_energy: "Dirichlet";
    clean: "clean";
    perturbed: "perturbed";
    split_label: "Border between the clean and the perturbed picture";
    picture_label: "The picture after all operations, {width} by {height} pixels";
    statistics_same: "identical to the clean picture";
    statistic_max: "max |Δ| {value}";
    statistic_mean: "mean |Δ| {value}";
    statistic_ssim: "SSIM {value}";
    statistic_psnr: "PSNR {value} dB";
    statistics_title: "Grey levels of 0 to 255; SSIM and PSNR against the clean picture.";
    difference_gain: "|clean − perturbed| × {gain}";
    energy_legend: "Mean squared difference of each vision token to its neighbours";
    energy_waiting: "The map comes with the verdict.";

    source: "Source";
    another_scene: "Another scene";
    scene_seed: "Scene seed";
    gallery: "Scene gallery";
    gallery_scene: "Scene {seed}";
    own_picture: "Your picture";
    choose_file: "Choose a file";
    own_picture_hint: "or drop, paste, or use the camera. PNG, JPEG or WebP. Its pixels go to this server for the verdict; they are stored only when you copy a link.";
    camera: "Camera";
    take_picture: "Take the picture";
    picture_source: "your picture, {width} × {height} px";

    question: "Question";
    question_placeholder: "Ask something about the picture";
    ask_another: "Ask another…";
    ask_about_scene: "Questions about this scene";
    more_questions: "More questions";
    options: "Options";
    option_n: "Option {n}";
    add_option: "Add an option";
    remove_option: "Remove option {n}";
    regime: "Prompt";
    regime_plain: "plain";
    regime_open: "open";
    regime_mcq: "choice (MCQ)";
    regime_open_with_options: "open + options";
    regime_pope: "yes/no (POPE)";
    kind_existence: "existence";
    kind_count: "count";
    kind_colour: "colour";
    kind_shape: "shape";
    kind_material: "material";
    kind_size: "size";
    kind_relation: "relation";
    kind_comparison: "comparison";
    truth_is: "True answer";
    truth_undefined: "none: what the question names is absent, ambiguous or hidden";
    truth_unknown: "Only questions of the scene's oracle have a known true answer.";
    truth_changed: "Your scene edit changed the true answer from “{before}” to “{after}”: a flip may be right here.";
    truth_none_short: "none";

    verdict: "Verdict";
    flipped: "FLIPPED";
    same_answer: "SAME ANSWER";
    reading_flipped: "The answer changed.";
    reading_hidden: "Same answer, different representation.";
    reading_steady: "Same answer, nearly the same representation.";
    verdict_waiting: "Asking the model…";
    verdict_none: "The verdict appears here.";
    verdict_of_older: "Updating…";
    probabilities: "Probability of each option, clean against perturbed";
    margin: "Margin";
    margin_unit: "nats";
    drift: "Drift";
    hidden_drift: "Hidden drift";
    drift_reading: "of the way to a different picture";
    drift_axis_same: "same picture";
    drift_axis_other: "a different picture";
    drift_label: "Drift: {percent} % of the mean distance to {pictures} different pictures";
    energy: "Dirichlet energy";
    entropy: "Entropy";
    metrics: "Metrics";
    metrics_intro: "All of them for this picture, with their meaning and source. The words “hidden drift” from 20 % on are ours.";
    metrics_rest: "Needs a data set: flipside evaluate";
    metrics_frequencies: "Ask about frequencies";
    mismatch: "The server's own rendering of this recipe differs from the pixels that were judged. Please report this.";
    timing: "{elapsed} ms from edit to verdict, {inference} ms of them in the model";
    elapsed_only: "{elapsed} ms from edit to verdict; the answer was cached";

    presets: "Start from";
    stack: "Operations";
    add_operation: "Add";
    group_pixels: "Image";
    group_scene: "Scene";
    clear: "Clear";
    stack_empty: "No operation yet: the picture is clean. Add one and move its sliders.";
    step_label: "Step {n}: {title}";
    enable: "Apply this step";
    move_up: "Move up";
    move_down: "Move down";
    drag: "Drag to reorder";
    duplicate: "Duplicate";
    delete: "Delete";
    reset: "Reset {label}";
    value_of: "{label}, value";
    recipe_seed: "Random seed";
    no_object: "object {n} (not there)";

    curve: "Response curve";
    curve_parameter: "Parameter";
    curve_run: "Compute";
    curve_cancel: "Stop";
    curve_progress: "{done} of {all} points";
    curve_intro: "Sweep one parameter over its range: where does the answer flip, and how far has the representation moved by then?";
    curve_no_parameter: "Add an operation with a numeric parameter first.";
    curve_flip: "Flips at {value}";
    curve_no_flip: "No value of this sweep flips the answer.";
    curve_hint: "Choose a point to set the slider to it.";
    curve_stale: "Computed for an earlier state.";
    curve_cancelled: "Stopped; the points so far stay.";
    curve_table: "The same as a table";
    curve_value: "Value";
    curve_drift: "Drift (%)";
    curve_answer: "Answer";
    curve_set: "Set {label} to {value}";

    server_lost: "The server does not answer. Your work is kept here; the page asks again by itself.";
    help_intro: "Change the picture, and watch two things: whether the answer flips, and how far the model's inner representation moves even when it does not.";
    help_keys: "Keys";
    key_undo: "Undo, redo";
    key_add: "Add an operation";
    key_view: "After, before/after, difference, Dirichlet map";
    key_scene: "Another scene";
    key_question: "Edit the question";
    key_curve: "Compute the response curve";
    key_share: "Copy link";
    key_reorder: "Move the focused step (on its handle)";
    key_help: "This help";
    help_source: "Quantities and names: arXiv 2602.06652, “Same Answer, Different Representations”. Dashed labels mark our own reconstructions.";
    api_docs: "The server's API";

    problem_unreachable: "The server does not answer. The page asks again by itself.";
    problem_bad_answer: "The server's answer could not be understood. Page and server may be of different versions: reload the page.";
    problem_worker_lost: "The part of the page that draws pictures broke down. It was started again; if this repeats, reload the page.";
    problem_no_picture: "That was not a picture. PNG, JPEG and WebP work.";
    problem_file_too_large: "The file has {size} MB, too much for any picture that fits here.";
    problem_picture_gone: "The link names a picture that this server does not hold. Whoever made the link must share it from here.";
    problem_clipboard: "The browser does not let the page copy. The address bar holds the same link.";
    server_malformed_request: "The server could not read the request. Page and server may be of different versions: reload the page.";
    server_invalid_recipe: "The server refuses this stack of operations.";
    server_newer_recipe: "This was made with a newer Flipside than this server's.";
    server_invalid_question: "The question cannot be asked like this.";
    server_invalid_image: "The server cannot read the picture.";
    server_image_too_large: "The picture has too many pixels for this server.";
    server_body_too_large: "That is more data than this server takes.";
    server_unsupported_media_type: "The server does not take this kind of file. PNG, JPEG and WebP work.";
    server_image_not_found: "This server does not hold that picture.";
    server_clean_image_needed: "The server no longer holds the clean picture. Choose it again.";
    server_model_not_found: "This server has no such model loaded.";
    server_not_found: "The server does not know this request. Page and server may be of different versions: reload the page.";
    server_queue_full: "The server is busy. The page asks again in a moment.";
    server_timed_out: "The model took too long.";
    server_superseded: "A newer request took its place.";
    server_shutting_down: "The server is stopping.";
    server_not_ready: "The model is being loaded. The page asks again in a moment.";
    server_store_full: "The server has no room left for shared pictures.";
    server_model_failed: "The model failed on this picture and question.";
    server_invalid_sweep: "This parameter cannot be swept over that range.";
    server_cross_origin: "The server answers only its own page. Open the page at the server's own address.";
    server_internal: "Something went wrong inside the server.";
    link_newer_version: "This link was made with a newer Flipside. The page shows its start instead.";
    link_bad_link: "This link is damaged or incomplete. The page shows its start instead.";
    link_other: "This link asks for something that this page cannot do. The page shows its start instead.";
    drawing_not_an_image: "That is no picture that can be opened here. PNG, JPEG and WebP work.";
    drawing_image_too_large: "That picture has too many pixels.";
    drawing_image_damaged: "The picture file is damaged or empty.";
    drawing_no_such_object: "A step names an object that is not in the scene.";
    drawing_too_small: "The picture is too small for a corruption, which takes at least 32 pixels on both sides.";
    drawing_nothing_left: "A step leaves nothing of the picture.";
    drawing_too_large: "A step makes the picture too large.";
    drawing_recipe_too_many_operations: "There are too many steps.";
    drawing_failed: "The picture could not be drawn.";
    question_empty: "Write a question.";
    question_too_long: "The question or an option is too long.";
    question_too_few_options: "Give at least two options.";
    question_too_many_options: "These are more options than the server takes.";
    question_empty_option: "An option is empty.";
    question_duplicate_option: "Two options are the same.";
}
