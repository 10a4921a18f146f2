//! The names of images that no registry serves: what is built on the machine that uses it.

use std::collections::BTreeSet;

use policy_docker::image::{Reference, is_official};

use super::{ImageRole, ImageUse};

/// Names without tags, with `*` for what is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalNames {
    built: BTreeSet<String>,
    pushed: BTreeSet<String>,
}

/// The names that builds give and that pushes take to a registry.
pub fn local_names(images: &[ImageUse]) -> LocalNames {
    let named = |role: ImageRole| {
        images
            .iter()
            .filter(move |image| image.role == role)
            .filter_map(|image| Reference::parse(&image.reference))
            .map(|reference| reference.name.render('*'))
    };
    LocalNames { built: named(ImageRole::Built).collect(), pushed: named(ImageRole::Pushed).collect() }
}

impl LocalNames {
    /// Whether the reference is such a name: nothing pushes it, and it is built here, or has no slash and is none of
    /// the official images. One that begins with a registry's host comes from that registry.
    pub fn holds(&self, reference: &Reference) -> bool {
        let name = reference.name.render('*');
        if self.pushed.contains(&name) {
            return false;
        }
        match reference.registry().map(|registry| registry.render('*')) {
            None => self.built.contains(&name) || !name.contains(['/', '*']) && !is_official(&name),
            // Podman's name for what it has built.
            Some(registry) => registry == "localhost",
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_docker::asker::Asker;
    use policy_text::source::{FileId, Span};
    use policy_text::value::Text;

    use super::*;

    fn image(role: ImageRole, reference: &str) -> ImageUse {
        let at = Span::start_of(FileId(0));
        ImageUse {
            reference: Text::literal(reference, at),
            at,
            role,
            user: Asker::Command("deploy"),
            caveat: None,
        }
    }

    #[test]
    fn what_is_built_and_not_pushed_is_local() {
        let images = [
            image(ImageRole::Built, "shop-web"),
            image(ImageRole::Built, "team/shop:1"),
            image(ImageRole::Pushed, "team/shop:latest"),
            image(ImageRole::Built, "ghcr.io/team/api"),
        ];
        let local = local_names(&images);
        let holds = |name: &str| {
            local.holds(&Reference::parse(&Text::literal(name, Span::start_of(FileId(0)))).unwrap())
        };
        assert!(holds("shop-web") && holds("shop-web:latest"));
        assert!(!holds("team/shop") && !holds("ghcr.io/team/api") && !holds("redis"));
    }

    #[test]
    fn a_name_without_a_slash_is_local_unless_it_is_an_official_image_or_pushed() {
        let local = local_names(&[image(ImageRole::Pushed, "api")]);
        let holds = |name: &str| {
            local.holds(&Reference::parse(&Text::literal(name, Span::start_of(FileId(0)))).unwrap())
        };
        assert!(holds("shop-web") && holds("shop-web:latest") && holds("redis-web"));
        assert!(!holds("nginx:latest") && !holds("team/web") && !holds("api"));
        assert!(holds("localhost/web:latest") && !holds("localhost:5000/web:latest"));
        let mut unknown =
            Text::hole(policy_text::value::Origin::Environment("NAME".into()), Span::start_of(FileId(0)));
        unknown.append(&Text::literal("-web:latest", Span::start_of(FileId(0))));
        assert!(!local.holds(&Reference::parse(&unknown).unwrap()));
    }
}
