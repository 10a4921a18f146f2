//! What jobs of all build services have in common: a shell with variables, the lines that it runs, and the image that it runs
//! in.

use policy_docker::asker::{Asker, Title};
use policy_shell::resolve::{State, expand_document};
use policy_text::embedded::Embedded;
use policy_text::source::RepoPath;
use policy_text::value::Text;
use policy_text::yaml::{Node, Yaml};

use crate::commands;
use crate::found::Found;
use crate::model::image::ImageRole;

/// Reads lines that one shell runs.
pub(super) fn run_lines<'y>(
    yaml: &'y Yaml,
    lines: impl Iterator<Item = Node<'y>>,
    state: State,
    user: &Asker,
    found: &mut Found,
) {
    let caller = commands::Caller::of_a_pipeline(user);
    commands::collect_from_text(script_of(yaml, lines), state, &caller, found);
}

/// The shell that a job starts.
pub(super) fn start(folder: &RepoPath) -> State {
    State::starting_in(Some(folder.clone()), None)
}

/// Sets the variables of a mapping, those that are put together from others last. GitLab also writes a value as a mapping
/// with a description.
pub(super) fn set_variables(variables: Option<Node<'_>>, state: &mut State) {
    let (composed, plain): (Vec<_>, Vec<_>) = variables
        .map(Node::entries)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(name, value)| Some((name.as_str()?, value.get("value").unwrap_or(value).embedded()?)))
        .partition(|(_, text)| text.as_str().contains('$'));
    for (name, text) in plain.into_iter().chain(composed) {
        let values = expand_document(&text, state);
        state.set(name, values);
    }
}

/// The items of a script as one text.
fn script_of<'y>(yaml: &'y Yaml, items: impl Iterator<Item = Node<'y>>) -> Embedded {
    let mut script = Embedded::new(yaml.file());
    for text in items.flat_map(flat).filter_map(Node::embedded) {
        script.push_from(&text, 0..text.as_str().len());
        let end = text.span(text.as_str().len()..text.as_str().len()).range();
        script.push_replacement("\n", end);
    }
    script
}

/// An item, or the items of a list that an alias put in its place.
fn flat(item: Node<'_>) -> Vec<Node<'_>> {
    if item.is_sequence() { item.items().collect() } else { vec![item] }
}

/// An image that a job itself runs in: a tool of the pipeline.
pub(super) fn add_tool(image: Option<Node<'_>>, found: &mut Found) {
    let Some(image) = image.map(|image| image.get("name").unwrap_or(image)) else { return };
    if let Some(text) = image.as_str().filter(|text| !text.contains('$')) {
        found.image(
            &Text::literal(text, image.span()),
            image.span(),
            ImageRole::Development,
            &Asker::Job(Title::None),
        );
    }
}
