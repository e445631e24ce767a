//! The checkpoint's own chat template: from a prompt (and perhaps an answer) to the text of the conversation.
//!
//! Templates are Jinja as Python's transformers runs them: blocks trimmed, Python string methods, `raise_exception`.
//! Knows text only; the image stays the single placeholder that the template writes.

use crate::error::{Error, Result};
use minijinja::{Environment, ErrorKind, context};
use serde_json::{Value, json};

const NAME: &str = "chat_template";

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
        environment.add_template_owned(NAME, source.to_owned()).map_err(failed)?;
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

    /// The user's turn and the assistant's whole turn.
    ///
    /// # Errors
    /// [`Error::ChatTemplate`].
    pub fn answered(&self, prompt: &str, answer: &str) -> Result<String> {
        let answer = json!({"role": "assistant", "content": [{"type": "text", "text": answer}]});
        self.render(&[user(prompt), answer], false)
    }

    fn render(&self, messages: &[Value], add_generation_prompt: bool) -> Result<String> {
        let template = self.environment.get_template(NAME).map_err(failed)?;
        template.render(context! { messages, add_generation_prompt }).map_err(failed)
    }
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
    fn mistakes_and_absence() {
        assert!(matches!(ChatTemplate::new("{% if %}"), Err(Error::ChatTemplate { .. })));
        let list = r#"{"chat_template": [{"name": "default", "template": "x"}]}"#;
        assert_eq!(ChatTemplate::source_in_json("f", list).unwrap().as_deref(), Some("x"));
        assert_eq!(ChatTemplate::source_in_json("f", "{}").unwrap(), None);
    }
}
