//! The files of the embedded checkpoint besides its weights, in the layout of published Qwen2.5-VL folders.

use super::plan::ModelSize;
use super::vocabulary::Vocabulary;
use flipside_shared::scene::words;
use serde_json::{Value, json};

/// Turns without role names: every token costs training time.
pub(super) const CHAT_TEMPLATE: &str = "{% for message in messages %}<|im_start|>{% if message['content'] is string %}\
{{ message['content'] }}{% else %}{% for part in message['content'] %}{% if part['type'] == 'image' or 'image' in part \
or 'image_url' in part %}<|vision_start|><|image_pad|><|vision_end|>{% elif 'text' in part %}{{ part['text'] }}{% endif \
%}{% endfor %}{% endif %}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>{% endif %}";

/// Everything a checkpoint folder has besides weights: `(name, text)`.
pub(super) struct Files {
    pub(super) vocabulary: Vocabulary,
    pub(super) config: String,
    pub(super) preprocessor: String,
    pub(super) tokenizer: String,
}

impl Files {
    pub(super) fn new(size: ModelSize) -> Self {
        let vocabulary = Vocabulary::of_words(words());
        let config = pretty(&config(&vocabulary, &Widths::of(size)));
        let tokenizer = pretty(&vocabulary.tokenizer_json());
        Self { config, tokenizer, preprocessor: pretty(&preprocessor()), vocabulary }
    }

    /// All of them, by file name.
    pub(super) fn all(&self) -> Vec<(&'static str, String)> {
        let end = self.vocabulary.special("<|im_end|>");
        let pad = self.vocabulary.special("<|endoftext|>");
        vec![
            ("config.json", self.config.clone()),
            ("preprocessor_config.json", self.preprocessor.clone()),
            ("tokenizer.json", self.tokenizer.clone()),
            ("tokenizer_config.json", pretty(&self.tokenizer_config())),
            ("chat_template.jinja", CHAT_TEMPLATE.to_owned()),
            (
                "generation_config.json",
                pretty(&json!({"do_sample": false, "eos_token_id": [end, pad], "pad_token_id": pad})),
            ),
        ]
    }

    fn tokenizer_config(&self) -> Value {
        let added: serde_json::Map<String, Value> = super::vocabulary::SPECIAL
            .iter()
            .map(|name| {
                let token = json!({"content": name, "lstrip": false, "normalized": false, "rstrip": false,
                    "single_word": false, "special": true});
                (self.vocabulary.special(name).to_string(), token)
            })
            .collect();
        json!({
            "add_prefix_space": false, "added_tokens_decoder": added, "bos_token": null,
            "chat_template": CHAT_TEMPLATE, "clean_up_tokenization_spaces": false, "eos_token": "<|im_end|>",
            "errors": "replace", "model_max_length": 4096, "pad_token": "<|endoftext|>", "split_special_tokens": false,
            "tokenizer_class": "Qwen2Tokenizer", "unk_token": null,
        })
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn preprocessor() -> Value {
    json!({
        "do_convert_rgb": true, "do_normalize": true, "do_rescale": true, "do_resize": true,
        "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "image_processor_type": "Qwen2VLImageProcessor",
        "max_pixels": 12544, "min_pixels": 12544, "size": {"longest_edge": 12544, "shortest_edge": 12544},
        "merge_size": 2, "patch_size": 8, "temporal_patch_size": 2, "resample": 3, "rescale_factor": 1.0 / 255.0,
        "processor_class": "Qwen2_5_VLProcessor",
    })
}

/// What differs between the sizes. Heads are 32 wide in all of them, which the fused attention takes.
struct Widths {
    vision_width: usize,
    vision_inner: usize,
    vision_heads: usize,
    /// Blocks whose tokens look at the whole picture are every second one.
    vision_depth: usize,
    text_width: usize,
    text_inner: usize,
    text_heads: usize,
    text_key_value_heads: usize,
    text_layers: usize,
}

impl Widths {
    const fn of(size: ModelSize) -> Self {
        match size {
            ModelSize::Base => Self {
                vision_width: 128,
                vision_inner: 384,
                vision_heads: 4,
                vision_depth: 6,
                text_width: 192,
                text_inner: 576,
                text_heads: 6,
                text_key_value_heads: 3,
                text_layers: 5,
            },
            ModelSize::Small => Self {
                vision_width: 96,
                vision_inner: 256,
                vision_heads: 3,
                vision_depth: 4,
                text_width: 128,
                text_inner: 320,
                text_heads: 4,
                text_key_value_heads: 2,
                text_layers: 4,
            },
        }
    }
}

fn config(vocabulary: &Vocabulary, widths: &Widths) -> Value {
    let whole_picture: Vec<usize> = (0..widths.vision_depth).filter(|block| block % 2 == 1).collect();
    let id = |name: &str| vocabulary.special(name);
    let mut config = json!({
        "architectures": ["Qwen2_5_VLForConditionalGeneration"], "model_type": "qwen2_5_vl",
        "bos_token_id": id("<|endoftext|>"), "eos_token_id": id("<|im_end|>"),
        "image_token_id": id("<|image_pad|>"), "video_token_id": id("<|video_pad|>"),
        "vision_start_token_id": id("<|vision_start|>"), "vision_end_token_id": id("<|vision_end|>"),
        "vision_token_id": id("<|video_pad|>"), "tie_word_embeddings": true, "torch_dtype": "float16",
        "vision_config": {
            "depth": widths.vision_depth, "hidden_act": "silu", "hidden_size": widths.vision_width,
            "intermediate_size": widths.vision_inner, "num_heads": widths.vision_heads,
            "in_channels": 3, "in_chans": 3, "out_hidden_size": widths.text_width, "patch_size": 8, "spatial_patch_size": 8,
            "spatial_merge_size": 2, "temporal_patch_size": 2, "tokens_per_second": 2, "window_size": 64,
            "fullatt_block_indexes": whole_picture,
        },
        // Shown wherever the model answers.
        "flipside": {"limits": "embedded demo model, knows only rendered scenes"},
    });
    let text = json!({
        "attention_dropout": 0.0, "hidden_act": "silu", "hidden_size": widths.text_width,
        "intermediate_size": widths.text_inner, "num_hidden_layers": widths.text_layers,
        "num_attention_heads": widths.text_heads, "num_key_value_heads": widths.text_key_value_heads, "vocab_size": vocabulary.len(),
        "initializer_range": 0.02, "max_position_embeddings": 4096, "max_window_layers": widths.text_layers, "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0, "rope_scaling": {"type": "mrope", "mrope_section": [4, 6, 6]},
        "sliding_window": null, "use_sliding_window": false, "use_cache": true,
    });
    if let (Some(whole), Value::Object(text)) = (config.as_object_mut(), text) {
        whole.extend(text);
    }
    config
}
