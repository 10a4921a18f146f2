//! Apps on Fly: the image that `fly.toml` runs.

mod manifest;

use policy_docker::asker::Asker;
use policy_text::source::{RepoPath, Sources};
use policy_text::value::Text;

use crate::found::Found;
use crate::model::image::ImageRole;
use manifest::Manifest;

/// The images of all apps.
pub(crate) fn read(sources: &Sources<'_>) -> Found {
    let mut found = Found::default();
    for (file, path) in sources.files().filter(|(_, path)| is_manifest(path)) {
        let Ok(decoded) = sources.read(file) else { continue };
        let role = ImageRole::in_file(path);
        if let Some((image, at)) = Manifest::parse(file, &decoded.text).image {
            let by = Asker::File(path.file_name().to_owned());
            found.image(&Text::literal(image, at), at, role, &by);
        }
    }
    found
}

/// `fly.toml`, and those of other environments: `fly.staging.toml`.
fn is_manifest(path: &RepoPath) -> bool {
    path.file_name().starts_with("fly.") && path.extension() == Some("toml")
}
