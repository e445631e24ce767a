//! The table of messages.

macro_rules! messages {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        /// Every message of the page in one language.
        pub struct Messages {
            $(#[doc = $en] pub $name: &'static str,)*
        }

        /// English.
        pub static EN: Messages = Messages { $($name: $en,)* };

        /// Simplified Chinese.
        pub static ZH: Messages = Messages { $($name: $zh,)* };

        /// Every message by name in both languages.
        #[cfg(test)]
        pub fn pairs() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
            [$((stringify!($name), $en, $zh),)*].into_iter()
        }
    };
}

messages! {
    app_name: "Flipside", "Flipside";
    skip_to_lab: "Skip to the lab", "跳到实验台";
    loading: "Loading…", "正在加载…";
    model: "Model", "模型";
    model_none: "no server yet", "尚未连接服务器";
    parameters: "{millions} M parameters", "{millions} M 参数";
    undo: "Undo", "撤销";
    redo: "Redo", "重做";
    share: "Copy link", "复制链接";
    share_uploads: "Copy link (stores your picture on this server)", "复制链接(会把图片存到本服务器)";
    link_copied: "Link copied. It opens exactly this picture, question and verdict.", "链接已复制。打开它会得到完全相同的图片、问题和判定。";
    picture_shared: "Your picture is now stored on this server, so that the copied link works. Anyone with the link can see it.", "图片已存到本服务器,链接因此可用。任何拿到链接的人都能看到它。";
    scene_steps_dropped: "Scene operations do not apply to a picture and were removed. Undo brings them back.", "场景操作不适用于图片,已移除。撤销可恢复。";
    download: "Download", "下载";
    download_png: "Perturbed picture (PNG)", "扰动后的图片(PNG)";
    download_json: "State and verdict (JSON)", "状态与判定(JSON)";
    download_bars: "Option probabilities (SVG)", "选项概率图(SVG)";
    download_curve: "Response curve (SVG)", "响应曲线(SVG)";
    download_heat: "Dirichlet energy map (SVG)", "狄利克雷能量图(SVG)";
    switch_language: "中文", "English";
    switch_language_label: "Switch the page to Chinese", "切换为英文界面";
    theme: "Theme: {name}", "主题:{name}";
    theme_system: "system", "跟随系统";
    theme_light: "light", "浅色";
    theme_dark: "dark", "深色";
    help: "Help and keys", "帮助与快捷键";
    close: "Close", "关闭";
    dismiss: "Dismiss", "知道了";
    retry: "Try again", "重试";

    picture: "Picture", "图片";
    view: "View", "视图";
    view_after: "After", "扰动后";
    view_before_after: "Before / after", "前后对比";
    view_difference: "Difference", "差异";
    view_energy: "Dirichlet", "狄利克雷";
    clean: "clean", "原图";
    perturbed: "perturbed", "扰动后";
    split_label: "Border between the clean and the perturbed picture", "原图与扰动图的分界";
    picture_label: "The picture after all operations, {width} by {height} pixels", "经过全部操作的图片,{width}×{height} 像素";
    statistics_same: "identical to the clean picture", "与原图完全相同";
    statistic_max: "max |Δ| {value}", "最大 |Δ| {value}";
    statistic_mean: "mean |Δ| {value}", "平均 |Δ| {value}";
    statistic_ssim: "SSIM {value}", "SSIM 为 {value}";
    statistic_psnr: "PSNR {value} dB", "PSNR 为 {value} dB";
    statistics_title: "Grey levels of 0 to 255; SSIM and PSNR against the clean picture.", "灰度级 0 到 255;SSIM 与 PSNR 相对原图。";
    difference_gain: "|clean − perturbed| × {gain}", "|原图 − 扰动图| × {gain}";
    energy_legend: "Mean squared difference of each vision token to its neighbours", "每个视觉词元与相邻词元的均方差";
    energy_waiting: "The map comes with the verdict.", "热图随判定一起给出。";

    source: "Source", "来源";
    another_scene: "Another scene", "换一个场景";
    scene_seed: "Scene seed", "场景种子";
    gallery: "Scene gallery", "场景图库";
    gallery_scene: "Scene {seed}", "场景 {seed}";
    own_picture: "Your picture", "你的图片";
    choose_file: "Choose a file", "选择文件";
    own_picture_hint: "or drop, paste, or use the camera. PNG, JPEG or WebP. Its pixels go to this server for the verdict; they are stored only when you copy a link.", "也可拖放、粘贴或拍照。支持 PNG、JPEG、WebP。像素会发送到本服务器以作判定;只有复制链接时才会保存。";
    camera: "Camera", "相机";
    take_picture: "Take the picture", "拍照";
    picture_source: "your picture, {width} × {height} px", "你的图片,{width} × {height} 像素";

    question: "Question", "问题";
    question_placeholder: "Ask something about the picture", "就图片提一个问题";
    ask_another: "Ask another…", "换一个问题…";
    ask_about_scene: "Questions about this scene", "关于此场景的问题";
    more_questions: "More questions", "更多问题";
    options: "Options", "选项";
    option_n: "Option {n}", "选项 {n}";
    add_option: "Add an option", "添加选项";
    remove_option: "Remove option {n}", "删除选项 {n}";
    regime: "Prompt", "提示方式";
    regime_plain: "plain", "仅问题";
    regime_open: "open", "开放式";
    regime_mcq: "choice (MCQ)", "多项选择";
    regime_open_with_options: "open + options", "开放式(列出选项)";
    regime_pope: "yes/no (POPE)", "是 / 否(POPE)";
    kind_existence: "existence", "存在";
    kind_count: "count", "计数";
    kind_colour: "colour", "颜色";
    kind_shape: "shape", "形状";
    kind_material: "material", "材质";
    kind_size: "size", "大小";
    kind_relation: "relation", "位置关系";
    kind_comparison: "comparison", "数量比较";
    truth_is: "True answer", "正确答案";
    truth_undefined: "none: what the question names is absent, ambiguous or hidden", "无:问题所指的物体不存在、不唯一或被遮挡";
    truth_unknown: "Only questions of the scene's oracle have a known true answer.", "只有场景出题器给出的问题才有已知的正确答案。";
    truth_changed: "Your scene edit changed the true answer from “{before}” to “{after}”: a flip may be right here.", "你的场景编辑把正确答案从“{before}”变成了“{after}”:此处的翻转可能是对的。";
    truth_none_short: "none", "无";

    verdict: "Verdict", "判定";
    flipped: "FLIPPED", "已翻转";
    same_answer: "SAME ANSWER", "答案未变";
    reading_flipped: "The answer changed.", "答案改变了。";
    reading_hidden: "Same answer, different representation.", "答案相同,表征不同。";
    reading_steady: "Same answer, nearly the same representation.", "答案相同,表征也几乎相同。";
    verdict_waiting: "Asking the model…", "正在询问模型…";
    verdict_none: "The verdict appears here.", "判定将显示在这里。";
    verdict_of_older: "Updating…", "更新中…";
    probabilities: "Probability of each option, clean against perturbed", "各选项概率:原图与扰动图";
    margin: "Margin", "边际";
    margin_unit: "nats", "奈特";
    drift: "Hidden drift", "隐藏漂移";
    drift_reading: "of the way to a different picture", "(相当于到另一张图片的距离)";
    drift_axis_same: "same picture", "同一张图";
    drift_axis_other: "a different picture", "另一张图";
    drift_label: "Hidden drift {percent} % of the mean distance to {pictures} different pictures", "隐藏漂移:相当于与 {pictures} 张不同图片平均距离的 {percent} %";
    energy: "Dirichlet energy", "狄利克雷能量";
    energy_scale_free: "Scale-free energy", "无尺度能量";
    entropy: "Entropy", "熵";
    vision_drift: "Vision drift", "视觉漂移";
    answer_drift: "Answer drift", "答案漂移";
    ours: "our reconstruction", "我们的重构";
    what_numbers_mean: "What the numbers mean", "这些数字的含义";
    explain_probability: "Softmax of the log-likelihood of each option's text as the assistant's answer, end of turn included. arXiv 2602.06652, option scoring.", "把每个选项文本作为助手回答(含结束符)时对数似然的 softmax。arXiv 2602.06652,选项打分。";
    explain_margin: "s(clean answer) minus the best other option, in nats; below zero the answer has flipped. arXiv 2602.06652, margins.", "s(原图答案)减去其他选项中的最高值,单位奈特;小于零即翻转。arXiv 2602.06652,边际。";
    explain_drift: "Cosine distance of the last prompt token's hidden state between clean and perturbed, in percent of the mean distance between different pictures under the same question. arXiv 2602.06652, relative drift (ctx). The words “hidden drift” from {percent} % on are ours.", "提示末词元隐状态在原图与扰动图之间的余弦距离,占同一问题下不同图片之间平均距离的百分比。arXiv 2602.06652,相对漂移(ctx)。以 {percent} % 为“隐藏漂移”的界线是我们定的。";
    explain_energy: "Mean squared difference between neighbouring vision tokens on their grid. arXiv 2602.06652, structural smoothness.", "网格上相邻视觉词元之间的均方差。arXiv 2602.06652,结构平滑性。";
    explain_scale_free: "The energy divided by the tokens' variance, to compare pictures of different size.", "能量除以词元方差,便于比较不同尺寸的图片。";
    explain_entropy: "Of the option probabilities, in nats: 0 is certain.", "选项概率的熵,单位奈特:0 表示确定。";
    explain_other_drift: "Cosine distance of the mean vision token and of the mean answer token.", "平均视觉词元与平均答案词元的余弦距离。";
    mismatch: "The server's own rendering of this recipe differs from the pixels that were judged. Please report this.", "服务器对该配方的渲染与所判定的像素不一致,请报告此问题。";
    timing: "{elapsed} ms from edit to verdict, {inference} ms of them in the model", "从编辑到判定 {elapsed} 毫秒,其中模型 {inference} 毫秒";
    elapsed_only: "{elapsed} ms from edit to verdict; the answer was cached", "从编辑到判定 {elapsed} 毫秒;结果来自缓存";

    presets: "Start from", "从这里开始";
    stack: "Operations", "操作";
    add_operation: "Add", "添加";
    group_pixels: "Image", "图像";
    group_scene: "Scene", "场景";
    clear: "Clear", "清空";
    stack_empty: "No operation yet: the picture is clean. Add one and move its sliders.", "尚无操作:图片保持原样。添加一个操作并拖动滑块。";
    step_label: "Step {n}: {title}", "第 {n} 步:{title}";
    enable: "Apply this step", "启用此步";
    move_up: "Move up", "上移";
    move_down: "Move down", "下移";
    drag: "Drag to reorder", "拖动以重新排序";
    duplicate: "Duplicate", "复制此步";
    delete: "Delete", "删除";
    reset: "Reset {label}", "重置{label}";
    value_of: "{label}, value", "{label},数值";
    recipe_seed: "Random seed", "随机种子";
    no_object: "object {n} (not there)", "物体 {n}(不存在)";

    curve: "Response curve", "响应曲线";
    curve_parameter: "Parameter", "参数";
    curve_run: "Compute", "计算";
    curve_cancel: "Stop", "停止";
    curve_progress: "{done} of {all} points", "{done} / {all} 个点";
    curve_intro: "Sweep one parameter over its range: where does the answer flip, and how far has the representation moved by then?", "让一个参数扫过它的范围:答案在哪里翻转?到那时表征已经移动了多远?";
    curve_no_parameter: "Add an operation with a numeric parameter first.", "请先添加一个带数值参数的操作。";
    curve_flip: "Flips at {value}", "在 {value} 处翻转";
    curve_no_flip: "No value of this sweep flips the answer.", "此范围内没有任何值使答案翻转。";
    curve_hint: "Choose a point to set the slider to it.", "点击一个点即可把滑块设为该值。";
    curve_stale: "Computed for an earlier state.", "此曲线对应较早的状态。";
    curve_cancelled: "Stopped; the points so far stay.", "已停止;已有的点会保留。";
    curve_table: "The same as a table", "以表格显示";
    curve_value: "Value", "数值";
    curve_drift: "Drift (%)", "漂移(%)";
    curve_answer: "Answer", "答案";
    curve_set: "Set {label} to {value}", "把{label}设为 {value}";

    server_lost: "The server does not answer. Your work is kept here; the page asks again by itself.", "服务器没有响应。你的内容都保留在这里;页面会自动重试。";
    help_intro: "Change the picture, and watch two things: whether the answer flips, and how far the model's inner representation moves even when it does not.", "改变图片,观察两件事:答案是否翻转;以及即使答案不变,模型内部的表征移动了多远。";
    help_keys: "Keys", "快捷键";
    key_undo: "Undo, redo", "撤销、重做";
    key_add: "Add an operation", "添加操作";
    key_view: "After, before/after, difference, Dirichlet map", "扰动后、前后对比、差异、狄利克雷热图";
    key_scene: "Another scene", "换一个场景";
    key_question: "Edit the question", "编辑问题";
    key_curve: "Compute the response curve", "计算响应曲线";
    key_share: "Copy link", "复制链接";
    key_reorder: "Move the focused step (on its handle)", "移动所选步骤(焦点在手柄上时)";
    key_help: "This help", "本帮助";
    help_source: "Quantities and names: arXiv 2602.06652, “Same Answer, Different Representations”. Dashed labels mark our own reconstructions.", "量与名称来自 arXiv 2602.06652《Same Answer, Different Representations》。虚线标签表示我们自己的重构。";
    api_docs: "The server's API", "服务器 API";
}
