//! What a service of a compose file starts, and with which variables.

use policy_text::source::Span;
use policy_text::value::{Origin, Provenance, Text};
use policy_text::yaml::Node;

use crate::model::container_start::ContainerStart;
use crate::model::setting::Setting;
use crate::model::task_definition::{Environment, Variable, Words};

/// Keys by which something else may decide what is started, or for whom.
const ELSEWHERE: [&str; 3] = ["extends", "<<", "network_mode"];

/// `None` where another file or service may decide it.
pub(super) fn of_service(service: Node<'_>) -> Option<ContainerStart> {
    let is_elsewhere = ELSEWHERE.iter().any(|key| service.get(key).is_some());
    (!is_elsewhere).then(|| ContainerStart {
        entry_point: words(service.get("entrypoint")),
        command: words(service.get("command")),
        environment: environment(service),
    })
}

/// The words of a list, or of a text that is read as a shell reads it.
fn words(node: Option<Node<'_>>) -> Setting<Words> {
    let Some(node) = node.filter(|node| !node.is_null()) else { return Setting::Unset };
    let known = |words: Words| Setting::Known(words, Provenance::at(node.span()));
    if let Some(text) = node.as_str() {
        let shell = |word: &str| (Text::literal(word, node.span()), node.span());
        return known(vec![shell("sh"), shell("-c"), (written(text, node.span()), node.span())]);
    }
    let words: Option<Words> =
        node.items().map(|word| Some((written(word.as_str()?, word.span()), word.span()))).collect();
    words.map_or_else(|| Setting::Unknown(Origin::Other("it is no list of words".into()), node.span()), known)
}

/// A text of which compose puts in a part, and which has `$$` for a dollar.
fn written(text: &str, at: Span) -> Text {
    let without_dollars = text.replace("$$", "");
    if without_dollars.contains('$') {
        Text::hole(Origin::Other("compose puts a variable in".into()), at)
    } else {
        Text::literal(text.replace("$$", "$"), at)
    }
}

/// How many variables a service has.
pub(super) fn variables(service: Node<'_>) -> usize {
    service.get("environment").map_or(0, |given| given.entries().len() + given.items().count())
}

fn environment(service: Node<'_>) -> Environment {
    let mut environment = Environment { variables: Vec::new(), more: service.get("env_file").is_some() };
    let Some(given) = service.get("environment") else { return environment };
    let mut add = |name: &str, value: Option<&str>, at: Span| match value {
        Some(value) => environment.variables.push(Variable {
            name: name.to_owned(),
            value: Some(written(value, at)),
            name_at: at,
            at,
        }),
        // Whoever runs compose gives the value.
        None => environment.variables.push(Variable { name: name.to_owned(), value: None, name_at: at, at }),
    };
    for (name, value) in given.entries() {
        if let Some(name) = name.as_str() {
            add(name, value.as_str(), value.span());
        }
    }
    for item in given.items() {
        if let Some(text) = item.as_str() {
            let (name, value) =
                text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            add(name, value, item.span());
        }
    }
    environment
}
