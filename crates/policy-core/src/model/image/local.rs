//! The names of images that this repository builds and nothing pushes: no registry serves them.

use std::collections::BTreeSet;

use super::{ImageRole, ImageUse, Reference};

/// Names without tags, with `*` for what is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalNames(BTreeSet<String>);

/// The names that builds give and no push takes to a registry.
pub fn local_names(images: &[ImageUse]) -> LocalNames {
    let named = |role: ImageRole| {
        images
            .iter()
            .filter(move |image| image.role == role)
            .filter_map(|image| Reference::parse(&image.reference))
            .map(|reference| reference.name.render('*'))
    };
    let pushed: BTreeSet<String> = named(ImageRole::Pushed).collect();
    LocalNames(named(ImageRole::Built).filter(|name| !pushed.contains(name)).collect())
}

impl LocalNames {
    /// Whether the reference is such a name. One that begins with a registry's host comes from that registry.
    pub fn holds(&self, reference: &Reference) -> bool {
        reference.registry().is_none() && self.0.contains(&reference.name.render('*'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::Text;
    use crate::source::{FileId, Span};

    fn image(role: ImageRole, reference: &str) -> ImageUse {
        let at = Span::start_of(FileId(0));
        ImageUse { reference: Text::literal(reference, at), at, role, user: String::new() }
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
}
