//! Where names and points of a page lead: straight into a lab, or deeper into the pages of a server.

use super::lab_link::lab_link;
use crate::jobs::evaluate::Run;
use flipside_shared::api::{ExampleKey, FamilyRow};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What may not stand in a part of a path or of a query as it is.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'/')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Addresses for the marks of a report.
#[derive(Clone, Copy, Debug)]
pub enum Links<'a> {
    /// A page that stands alone: every mark opens a lab on a prediction.
    Lab {
        /// Address of the lab, without a slash at its end.
        url: &'a str,
        /// The run that the predictions are looked up in.
        run: &'a Run,
    },
    /// The pages of a server: families have pages of their own.
    Server {
        /// The run's name on the server.
        run_name: &'a str,
    },
}

impl Links<'_> {
    /// Where a family leads.
    pub fn family(&self, row: &FamilyRow) -> Option<String> {
        match self {
            Self::Lab { .. } => self.prediction(row.members.iter().rev().find_map(|m| m.example.as_ref())?),
            Self::Server { run_name } => {
                Some(format!("{}/family/{}", run_path(run_name), encoded(&row.family)))
            }
        }
    }

    /// Where a prediction leads: the lab, on that exact recipe and question.
    pub fn prediction(&self, key: &ExampleKey) -> Option<String> {
        match self {
            Self::Lab { url, run } => Some(format!("{url}/#{}", lab_link(run, key)?)),
            Self::Server { run_name } => Some(format!("{}/open?{}", run_path(run_name), query(key))),
        }
    }

    /// Address of the lab itself, in front of `#`.
    pub fn lab(&self) -> &str {
        match self {
            Self::Lab { url, .. } => url,
            Self::Server { .. } => "",
        }
    }
}

/// Path of a run's page.
pub fn run_path(run_name: &str) -> String {
    format!("/reports/{}", encoded(run_name))
}

/// Address of a prediction's picture on a server; of the clean one where `clean`.
pub fn picture_path(run_name: &str, key: &ExampleKey, clean: bool) -> String {
    format!("{}/picture?{}&clean={clean}", run_path(run_name), query(key))
}

fn query(key: &ExampleKey) -> String {
    format!("sample={}&instance={}", key.sample, encoded(&key.instance))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_their_part_of_the_address() {
        let key = ExampleKey { sample: 3, instance: "shift/4&a=b #".to_owned() };
        let links = Links::Server { run_name: "../my run" };
        assert_eq!(
            links.prediction(&key).unwrap(),
            "/reports/..%2Fmy%20run/open?sample=3&instance=shift%2F4%26a%3Db%20%23"
        );
    }
}
