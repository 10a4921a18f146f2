//! Names of variables and inputs that hold an image or its tag.

/// What a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// A whole reference.
    Image,
    /// A tag alone.
    Tag,
}

struct Name {
    /// What the names of a project's own variables end in: a project has few, and `web_image` is the image that it runs.
    ending: &'static str,
    holds: Holds,
    /// The inputs of modules, by their whole names: a module has many, and `build_image` is not what it runs.
    inputs: &'static [&'static str],
}

const NAMES: [Name; 7] = [
    Name {
        ending: "image",
        holds: Holds::Image,
        inputs: &["image", "container_image", "docker_image", "app_image", "service_image"],
    },
    Name { ending: "image_uri", holds: Holds::Image, inputs: &["image_uri"] },
    Name { ending: "image_url", holds: Holds::Image, inputs: &[] },
    Name { ending: "image_name", holds: Holds::Image, inputs: &[] },
    Name {
        ending: "image_tag",
        holds: Holds::Tag,
        inputs: &["image_tag", "container_image_tag", "docker_image_tag"],
    },
    Name { ending: "container_tag", holds: Holds::Tag, inputs: &["container_tag"] },
    Name { ending: "docker_tag", holds: Holds::Tag, inputs: &[] },
];

/// What a variable of the project holds.
pub(crate) fn held_by_variable(variable: &str) -> Option<Holds> {
    NAMES.iter().find(|name| variable.ends_with(name.ending)).map(|name| name.holds)
}

/// What an input of a module holds.
pub(crate) fn held_by_input(input: &str) -> Option<Holds> {
    NAMES.iter().find(|name| name.inputs.contains(&input)).map(|name| name.holds)
}

/// The inputs of modules that hold what is asked for.
#[cfg(test)]
pub(crate) fn inputs(holds: Holds) -> impl Iterator<Item = &'static str> {
    NAMES.iter().filter(move |name| name.holds == holds).flat_map(|name| name.inputs).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_holds_what_a_variable_of_its_name_does() {
        for holds in [Holds::Image, Holds::Tag] {
            for input in inputs(holds) {
                assert_eq!(held_by_variable(input), Some(holds), "{input}");
            }
        }
        assert_eq!(
            (held_by_variable("build_image"), held_by_input("build_image")),
            (Some(Holds::Image), None)
        );
    }
}
