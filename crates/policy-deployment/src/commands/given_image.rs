//! Images that a script writes into a task definition that it has asked for: `jq '.containerDefinitions[0].image = $IMAGE'`.

use policy_shell::resolve::{Command, Word};
use policy_text::value::Text;

use crate::model::ecs_call::{EcsCall, EcsVerb, NamedKind};
use crate::model::given_image::{GivenImage, Which};

/// Where a task definition has its containers.
const CONTAINERS: &str = ".containerDefinitions[";

/// The images that commands give. `calls` are those of the commands, where they are calls of ECS.
pub(super) fn all_of<'c>(
    commands: impl IntoIterator<Item = (&'c Command, Option<&'c EcsCall>)>,
) -> Vec<GivenImage> {
    let mut family: Option<Text> = None;
    let mut found = Vec::new();
    for (command, call) in commands {
        if let Some(call) = call.filter(|call| call.verb == EcsVerb::Read) {
            family = call.named(NamedKind::Family).next().map(|named| named.name.clone());
        }
        if command.name() == "jq"
            && let Some((container, image)) = written(command)
        {
            found.push(GivenImage { family: family.clone(), container, image });
        }
    }
    found
}

/// The container and the image of a filter that sets it.
fn written(command: &Command) -> Option<(Which, Text)> {
    let words: Vec<&Text> = command.words.iter().filter_map(Word::first).collect();
    let filter = *words.iter().find(|word| word.find(CONTAINERS).is_some())?;
    let (_, after) = filter.split_once(CONTAINERS)?;
    let (index, rest) = after.split_once(']')?;
    let (before, value) = rest.split_once('=')?;
    let index = index.known()?.into_owned();
    let (which, value) = if let Some(name) = selected(&before, &value) {
        name
    } else {
        let is_image =
            before.known()?.trim().trim_end_matches('|').trim() == ".image" && !value.starts_with("=");
        let which = if index.is_empty() { Which::Only } else { Which::At(index.parse().ok()?) };
        (is_image.then_some(which)?, value)
    };
    let value = value.trim();
    if let Some((first, quoted)) = value.split_once('"') {
        let (image, _) = quoted.split_once('"')?;
        return first.is_empty().then_some((which, image));
    }
    let known = value.known_prefix();
    let name = known.strip_prefix('$')?;
    let name = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
    let argument = words.windows(3).find_map(|words| match words {
        [flag, own, image] => {
            let is_own = flag.known().as_deref() == Some("--arg") && own.known().as_deref() == Some(name);
            is_own.then(|| (*image).clone())
        }
        _ => None,
    });
    Some((which, argument?))
}

/// The container that `[] | select(.name == "web") | .image = …` means, and what comes behind.
fn selected(before: &Text, after: &Text) -> Option<(Which, Text)> {
    let before = before.known()?;
    let before: String = before.chars().filter(|c| !c.is_whitespace()).collect();
    // The first sign is that of the comparison.
    if before != "|select(.name" {
        return None;
    }
    let (_, after) = after.split_once('"')?;
    let (name, rest) = after.split_once('"')?;
    let (until, value) = rest.split_once('=')?;
    let until: String = until.known()?.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(until.trim_end_matches('|').trim_matches([')', '|']), ".image")
        .then_some((Which::Named(name), value))
}

#[cfg(test)]
mod tests {
    use crate::commands::tests::found_by;

    /// What a script that asks for the task definition `shop-web` writes into it.
    fn given(filter: &str) -> Vec<String> {
        let script = format!(
            "TASK=$(aws ecs describe-task-definition --task-definition shop-web)\nTAG=r.io/web:1\nNEW=$(echo $TASK | jq --arg IMAGE \"$TAG\" {filter})\naws ecs register-task-definition --cli-input-json \"$NEW\"\n"
        );
        let found = found_by(&script);
        let shown = found.given_images.iter().map(|given| {
            let family = given.family.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{family} {:?} {}", given.container, given.image)
        });
        shown.collect()
    }

    #[test]
    fn filters_that_set_an_image_give_it() {
        for filter in [
            "'.containerDefinitions[0].image = $IMAGE'",
            "'.taskDefinition | .containerDefinitions[0].image |= $IMAGE | del(.revision)'",
            "\".containerDefinitions[0].image = \\\"$TAG\\\"\"",
        ] {
            assert_eq!(given(filter), ["shop-web At(0) r.io/web:1"], "{filter}");
        }
        assert_eq!(given("'.containerDefinitions[].image = $IMAGE'"), ["shop-web Only r.io/web:1"]);
        for filter in [
            "'(.containerDefinitions[] | select(.name == \"web\")).image = $IMAGE'",
            "'(.containerDefinitions[]|select(.name==\"web\")|.image) |= $IMAGE'",
        ] {
            assert_eq!(given(filter).len(), 1, "{filter}");
            assert!(given(filter)[0].contains("Named"), "{filter}");
        }
    }

    #[test]
    fn filters_that_do_something_else_give_none() {
        for filter in [
            "'.containerDefinitions[0].image'",
            "'.containerDefinitions[0].cpu = $IMAGE'",
            "'.containerDefinitions[0].image == $IMAGE'",
            "'.containerDefinitions[0].image = $OTHER'",
            "'(.containerDefinitions[] | select(.name == \"web\")).memory = $IMAGE'",
        ] {
            assert!(given(filter).is_empty(), "{filter}");
        }
    }
}
