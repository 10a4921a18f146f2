//! Which of the images that are built here a name may mean.

use std::collections::HashSet;

use policy_docker::image::{Pattern, Reference};
use policy_text::source::Span;
use policy_text::value::Text;

use crate::model::built_image::BuiltImage;
use crate::model::context::DockerfilePlace;

/// The image that is built under the name that is written.
pub(crate) fn called<'d>(written: &Text, built: &'d [BuiltImage]) -> Option<&'d BuiltImage> {
    let wanted = Pattern::of(&Reference::parse(written)?.name);
    let is_meant = |own: Reference| {
        // Of a name that ends with what is not known, nothing tells it from others.
        let last = own.name.slice(own.name.rfind('/').map_or(0, |slash| slash + 1)..usize::MAX);
        last.known().is_some() && Pattern::of(&own.name).meets(&wanted)
    };
    let named = built.iter().filter(|image| image.names.iter().filter_map(Reference::parse).any(is_meant));
    only(named.collect())
}

/// Whether `image` may be what `written` names, if a folder says so. Where all of the name is known, whoever pushes the image under
/// another one runs somebody else's, and so does whoever runs what a vendor calls like itself, such as `grafana/grafana`.
pub(crate) fn may_be_called(image: &BuiltImage, written: &Text) -> bool {
    let wanted = Reference::parse(written).filter(|wanted| wanted.name.known().is_some());
    let Some(wanted) = wanted else { return true };
    let own = image.names.iter().filter_map(Reference::parse);
    // A name without a slash is for this machine: nothing is pushed under it.
    let mut pushed = own.filter(|own| own.name.find('/').is_some()).peekable();
    let name = without_registry(&wanted);
    if pushed.peek().is_none() {
        let is_vendors =
            || name.known().and_then(|name| name.split_once('/').map(|(owner, name)| owner == name));
        return wanted.registry().is_some() || is_vendors() != Some(true);
    }
    let pattern = Pattern::of(&name);
    pushed.any(|own| pattern.meets(&Pattern::of(&without_registry(&own))))
}

/// The repository without its registry, of which the name may not be known.
pub(crate) fn without_registry(reference: &Reference) -> Text {
    let repository = reference.repository();
    match repository.split_once('/') {
        Some((first, rest)) if first.pieces().iter().all(|piece| piece.as_literal().is_none()) => rest,
        _ => repository,
    }
}

/// The image, where there is one.
pub(crate) fn only(images: Vec<&BuiltImage>) -> Option<&BuiltImage> {
    match once_each(images).as_slice() {
        [image] => Some(image),
        _ => None,
    }
}

/// Images that differ in nothing but who asks for them are one.
pub(crate) fn once_each(images: Vec<&BuiltImage>) -> Vec<&BuiltImage> {
    of_one_image_each(images, |image| image)
}

/// The first of all that have the same image.
pub(crate) fn of_one_image_each<T>(mut all: Vec<T>, image: impl Fn(&T) -> &BuiltImage) -> Vec<T> {
    let mut known = HashSet::new();
    all.retain(|each| known.insert(identity(image(each))));
    all
}

/// What makes an image another one, whoever asks for it.
fn identity(image: &BuiltImage) -> (DockerfilePlace, Span, String) {
    (image.dockerfile, image.stage.from, image.stage.base.0.to_string())
}
