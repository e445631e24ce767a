//! The lab's state as it travels in a link or a file: a recipe and the question asked about it.
//!
//! The page's address is `/#` and [`LabState::to_link`]; the command line reads the same text.

use crate::api::{QuestionBody, RegimeName};
use crate::json::{self, json_struct};
use crate::recipe::canonical::canonical_text;
use crate::recipe::link::{MAX_LINK_JSON_BYTES, pack, unpack};
use crate::recipe::{Recipe, RecipeError, RecipeLimits};
use crate::scene::QuestionSpec;
use serde::{Deserialize, Serialize};

/// Everything that decides the picture and the verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabState {
    /// The picture and what is done to it.
    pub recipe: Recipe,
    /// What is asked.
    pub question: LabQuestion,
    /// Name of the model; the server's default one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// A question, with its meaning where the scene's oracle asked it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LabQuestion {
    /// Its words.
    pub text: String,
    /// The answers to choose from.
    pub options: Vec<String>,
    /// How it is put to the model.
    #[serde(default)]
    pub regime: RegimeName,
    /// Its meaning, by which the oracle knows the true answer; absent for the visitor's own questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<QuestionSpec>,
}

impl LabQuestion {
    /// The question in the words of its meaning.
    pub fn of(spec: QuestionSpec) -> Self {
        Self { text: spec.text(), options: spec.options(), regime: RegimeName::default(), spec: Some(spec) }
    }

    /// The question as it is sent.
    pub fn body(&self) -> QuestionBody {
        QuestionBody { text: self.text.clone(), options: self.options.clone(), regime: self.regime }
    }
}

impl LabState {
    /// The canonical form, see [`Recipe::canonical`].
    ///
    /// # Errors
    /// When a parameter is not finite.
    pub fn canonical(&self) -> Result<String, RecipeError> {
        canonical_text(self)
    }

    /// The state as text that is safe in an address: the canonical form, deflated (RFC 1951), in base64url.
    ///
    /// # Errors
    /// When a parameter is not finite.
    pub fn to_link(&self) -> Result<String, RecipeError> {
        Ok(pack(&self.canonical()?))
    }

    /// Reads and validates what [`LabState::to_link`] wrote.
    ///
    /// # Errors
    /// [`RecipeError::TooLong`] or [`RecipeError::BadLink`] when it does not unpack, otherwise as
    /// [`LabState::from_json`].
    pub fn from_link(link: &str) -> Result<Self, RecipeError> {
        Self::from_json(&unpack(link)?)
    }

    /// Reads and validates a state from JSON.
    ///
    /// # Errors
    /// As [`Recipe::from_value`]; [`RecipeError::Malformed`] where the rest is not a lab's state.
    pub fn from_json(text: &str) -> Result<Self, RecipeError> {
        if text.len() > MAX_LINK_JSON_BYTES {
            return Err(RecipeError::TooLong { bytes: text.len(), limit_bytes: MAX_LINK_JSON_BYTES });
        }
        let malformed = |reason: String| RecipeError::Malformed { reason };
        let document = json::parse(text).map_err(|error| RecipeError::NotJson {
            line: error.line,
            column: error.column,
            reason: error.reason.to_owned(),
        })?;
        let recipe = document.get("recipe").ok_or_else(|| malformed("it has no \"recipe\"".to_owned()))?;
        // First and by itself, for its typed errors: a recipe of a newer version must be told from a broken one.
        let recipe = Recipe::from_value(recipe.clone(), RecipeLimits::default())?;
        let question = document.field("question").map_err(|error| malformed(error.to_string()))?;
        let model = document.field("model").map_err(|error| malformed(error.to_string()))?;
        Ok(Self { recipe, question, model })
    }
}

json_struct! {
    LabState { recipe, question, model }
    LabQuestion { text, options, regime, spec }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Operation, ParamValue, Source};
    use crate::scene::Attributes;

    fn state() -> LabState {
        let mut recipe = Recipe::new(Source::Scene { seed: u64::MAX });
        let rotate = Operation::with_defaults("rotate").unwrap();
        recipe.operations.push(rotate.with_param("angle_deg", &ParamValue::Number(12.5)).unwrap().into());
        let question = LabQuestion::of(QuestionSpec::Colour { of: Attributes::default() });
        LabState { recipe, question, model: None }
    }

    #[test]
    fn a_link_brings_back_the_same_state() {
        let link = state().to_link().unwrap();
        assert!(link.len() < 400 && link.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
        assert_eq!(LabState::from_link(&link).unwrap(), state());
    }

    #[test]
    fn what_is_wrong_with_a_link_is_told_apart() {
        let link = state().to_link().unwrap();
        assert!(matches!(LabState::from_link(&link[..link.len() / 2]), Err(RecipeError::BadLink { .. })));
        assert!(matches!(LabState::from_link("%%%"), Err(RecipeError::BadLink { .. })));
        let json = serde_json::to_string(&state()).unwrap();
        let newer = json.replace("\"version\":1", "\"version\":99");
        assert!(matches!(LabState::from_json(&newer), Err(RecipeError::NewerVersion { found: 99, .. })));
        let unknown = json.replace("\"rotate\"", "\"melt\"");
        assert!(matches!(LabState::from_json(&unknown), Err(RecipeError::UnknownOperation { .. })));
        let bare = format!("{{\"recipe\":{}}}", serde_json::to_string(&state().recipe).unwrap());
        assert!(matches!(LabState::from_json(&bare), Err(RecipeError::Malformed { .. })));
    }
}
