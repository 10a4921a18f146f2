//! The configuration of nginx that an image holds, and what it is once a container fills its templates.

use std::collections::BTreeMap;

use policy_nginx::files::Files;
pub use policy_nginx::model::{
    Configuration, Content, Listen, Location, Matcher, Pass, Server, Step, Upstream,
};
use policy_nginx::resolve::resolve;
pub use policy_nginx::route::{Outcome, route};
pub use policy_nginx::template::Placeholder;
use policy_nginx::template::filled;
use policy_text::source::{FileId, Span};

use super::built_image::FinalStage;
use super::private_names::written_out;
use super::task_definition::Environment;

/// The configuration of nginx in an image.
#[derive(Debug)]
pub struct NginxImage {
    /// What nginx reads, with the files that its base has.
    pub files: Files,
    /// For each file, the source of the `COPY` that brings it, or the command that writes it.
    pub brought: Vec<(FileId, Span)>,
    /// The files that are filled with variables when a container starts.
    pub templates: Vec<Template>,
    /// Whether all is known that its base has: one of nginx's own images is at the bottom.
    pub base_is_known: bool,
    /// Whether the image starts nothing but nginx, with the configuration in its usual place.
    pub is_alone: bool,
    /// Where something may change it that nothing here tells.
    pub doubt: Option<Span>,
}

/// A file that is filled when a container starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its path.
    pub from: String,
    /// The path of what comes of it.
    pub into: String,
    /// The variables that are filled, where not all are.
    pub names: Option<Vec<String>>,
}

/// The configuration of a container.
#[derive(Clone, Debug)]
pub struct Configured {
    /// What nginx makes of it.
    pub configuration: Configuration,
    /// The variables of the container that templates were filled with.
    pub filled: Vec<Placeholder>,
}

/// Variables of a container with their values.
pub type Variables = BTreeMap<String, String>;

/// The variables that are known in a container of an image with the last stage `stage`; see [`written_out`] for those of
/// which a part is not known.
pub fn variables(stage: &FinalStage, given: Option<&Environment>) -> Variables {
    let of_image = stage.environment.iter().filter_map(|(name, value)| Some((name.clone(), value.known()?)));
    let mut variables: Variables = of_image.map(|(name, value)| (name, value.into_owned())).collect();
    for variable in given.into_iter().flat_map(|given| &given.variables) {
        match variable.value.as_ref().and_then(written_out) {
            Some(value) => variables.insert(variable.name.clone(), value),
            None => variables.remove(&variable.name),
        };
    }
    variables
}

impl NginxImage {
    /// What nginx makes of it in a container with `variables`.
    pub fn configured(&self, variables: &Variables) -> Configured {
        let mut files = self.files.clone();
        let mut all_filled = Vec::new();
        for template in &self.templates {
            let Some(text) = self.files.get(&template.from) else { continue };
            let is_filled =
                |name: &str| template.names.as_ref().is_none_or(|names| names.iter().any(|own| own == name));
            let value = |name: &str| variables.get(name).map(String::as_str).filter(|_| is_filled(name));
            let (text, filled) = filled(text, value);
            files.add(&template.into, text);
            all_filled.extend(filled);
        }
        Configured { configuration: resolve(&files), filled: all_filled }
    }

    /// Every port that a container with `configuration` opens. `None` where there may be others.
    pub fn opens<'c>(&self, configuration: &'c Configuration) -> Option<Vec<(&'c Listen, u16)>> {
        let is_known = self.base_is_known
            && self.is_alone
            && self.doubt.is_none()
            && configuration.gaps.is_empty()
            && configuration.servers.iter().all(|server| server.gap.is_none());
        let ports = configuration.listens().filter(|listen| !listen.address.starts_with("unix:"));
        let ports: Option<Vec<_>> = ports.map(|listen| Some((listen, listen.port?))).collect();
        ports.filter(|ports| is_known && !ports.is_empty())
    }

    /// What brings the file into the image.
    pub fn brought_by(&self, file: FileId) -> Option<Span> {
        self.brought.iter().rev().find(|(own, _)| *own == file).map(|(_, by)| *by)
    }
}
