//! The checkpoint's own chat template: from a prompt (and perhaps an answer) to the text of the conversation.
//!
//! Templates are Jinja as Python's transformers runs them: blocks trimmed, Python string methods, `raise_exception`.
//! Knows text only; the image stays the single placeholder that the template writes.

use crate::error::{Error, Result};
use minijinja::{Environment, ErrorKind, context};
use serde_json::{Value, json};

const NAME: &str = "chat_template";
/// Stands for an answer where only what follows one is looked for.
const MARK: &str = "(the answer)";

/// A parsed chat template.
#[derive(Debug)]
pub struct ChatTemplate {
    environment: Environment<'static>,
}

impl ChatTemplate {
    /// Parses Jinja source.
    ///
    /// # Errors
    /// [`Error::ChatTemplate`] with the place of the mistake.
    pub fn new(source: &str) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<String, minijinja::Error> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
        });
        environment.add_template_owned(NAME, without_training_marks(source)).map_err(failed)?;
        Ok(Self { environment })
    }

    /// The template out of `tokenizer_config.json` or `chat_template.json`: a string, or a list of named ones of which
    /// `default` is taken. `None` when the file has none.
    ///
    /// # Errors
    /// [`Error::BadJson`].
    pub fn source_in_json(file: &str, json: &str) -> Result<Option<String>> {
        let root: Value = serde_json::from_str(json)
            .map_err(|e| Error::BadJson { file: file.to_owned(), reason: e.to_string() })?;
        Ok(match root.get(NAME) {
            Some(Value::String(source)) => Some(source.clone()),
            Some(Value::Array(named)) => named
                .iter()
                .find(|entry| entry["name"] == "default")
                .and_then(|entry| entry["template"].as_str().map(str::to_owned)),
            _ => None,
        })
    }

    /// The user's turn (the image, then `prompt`) with the generation prompt after it.
    ///
    /// # Errors
    /// [`Error::ChatTemplate`].
    pub fn prompt(&self, prompt: &str) -> Result<String> {
        self.render(&[user(prompt)], true)
    }

    /// The user's turn and the assistant's whole turn, which goes on from [`ChatTemplate::prompt`].
    ///
    /// Some published templates open an answer in another way than they ask for one (LLaVA-OneVision's has a blank
    /// more). The model answers what it is asked, so there the answer and what ends it follow the prompt as it is.
    ///
    /// # Errors
    /// [`Error::ChatTemplate`].
    pub fn answered(&self, prompt: &str, answer: &str) -> Result<String> {
        let turn = |answer: &str| {
            let answer = json!({"role": "assistant", "content": [{"type": "text", "text": answer}]});
            self.render(&[user(prompt), answer], false)
        };
        let whole = turn(answer)?;
        let asked = self.prompt(prompt)?;
        if whole.starts_with(&asked) {
            return Ok(whole);
        }
        let marked = turn(MARK)?;
        let Some((_, end)) = marked.rsplit_once(MARK) else {
            return Err(Error::ChatTemplate {
                reason: "it does not write the assistant's answer".to_owned(),
            });
        };
        Ok(asked + answer + end)
    }

    fn render(&self, messages: &[Value], add_generation_prompt: bool) -> Result<String> {
        let template = self.environment.get_template(NAME).map_err(failed)?;
        template.render(context! { messages, add_generation_prompt }).map_err(failed)
    }
}

/// Templates may mark what the assistant says with a tag of transformers' own, for training. It writes nothing, and what
/// it holds stays.
fn without_training_marks(source: &str) -> String {
    let mut kept = source.to_owned();
    for (tag, same) in [("generation", "if true"), ("endgeneration", "endif")] {
        for (open, close) in [("{%", "%}"), ("{%-", "%}"), ("{%", "-%}"), ("{%-", "-%}")] {
            kept = kept.replace(&format!("{open} {tag} {close}"), &format!("{open} {same} {close}"));
        }
    }
    kept
}

fn user(prompt: &str) -> Value {
    json!({"role": "user", "content": [{"type": "image"}, {"type": "text", "text": prompt}]})
}

fn failed(error: minijinja::Error) -> Error {
    Error::ChatTemplate { reason: format!("{error:#}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written after the published one: a default system turn, content lists, counters, Python string methods.
    const FULL: &str = r"{% set image_count = namespace(value=0) %}
{% for message in messages %}
    {% if loop.first and message['role'] != 'system' %}
<|im_start|>system
You are helpful.<|im_end|>
    {% endif %}
<|im_start|>{{ message['role'] }}
    {% if message['content'] is string %}
{{ message['content'].strip() }}<|im_end|>
    {% else %}
        {% for part in message['content'] %}
            {% if part['type'] == 'image' or 'image_url' in part %}
                {% set image_count.value = image_count.value + 1 %}
{% if add_vision_id %}Picture {{ image_count.value }}: {% endif %}<|vision_start|><|image_pad|><|vision_end|>
            {%- elif 'text' in part %}
{{ part['text'].strip() }}{% if part.text.startswith('!') %}{{ raise_exception('no shouting') }}{% endif %}
            {% endif %}
        {% endfor %}
<|im_end|>
    {% endif %}
{% endfor %}
{% if add_generation_prompt %}
<|im_start|>assistant
{% endif %}";

    #[test]
    fn published_constructs_render() {
        let template = ChatTemplate::new(FULL).unwrap();
        let head = "<|im_start|>system\nYou are helpful.<|im_end|>\n<|im_start|>user\n\
                    <|vision_start|><|image_pad|><|vision_end|>What is it?<|im_end|>\n<|im_start|>assistant\n";
        assert_eq!(template.prompt(" What is it?").unwrap(), head);
        assert_eq!(template.answered("What is it?", "A cube").unwrap(), format!("{head}A cube<|im_end|>\n"));
        let message = template.prompt("!").unwrap_err().to_string();
        assert!(message.contains("no shouting"), "{message}");
    }

    #[test]
    fn an_answer_follows_the_prompt_that_asked_for_it() {
        let template = ChatTemplate::new(
            "{% for message in messages %}{{ '<|im_start|>' + message['role'] + ' ' }}\
             {% for part in message['content'] | selectattr('type', 'equalto', 'image') %}<image>{% endfor %}\
             {% for part in message['content'] | selectattr('type', 'equalto', 'text') %}\
             {%- generation -%}{{ '\n' + part['text'] }}{% endgeneration %}{% endfor %}<|im_end|>{% endfor %}\
             {% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
        )
        .unwrap();
        let asked = template.prompt("What?").unwrap();
        assert_eq!(asked, "<|im_start|>user <image>\nWhat?<|im_end|><|im_start|>assistant\n");
        assert_eq!(template.answered("What?", "A cube").unwrap(), format!("{asked}A cube<|im_end|>"));
        assert_eq!(template.answered("What?", "").unwrap(), format!("{asked}<|im_end|>"));
    }

    #[test]
    fn mistakes_and_absence() {
        assert!(matches!(ChatTemplate::new("{% if %}"), Err(Error::ChatTemplate { .. })));
        let list = r#"{"chat_template": [{"name": "default", "template": "x"}]}"#;
        assert_eq!(ChatTemplate::source_in_json("f", list).unwrap().as_deref(), Some("x"));
        assert_eq!(ChatTemplate::source_in_json("f", "{}").unwrap(), None);
    }
}
