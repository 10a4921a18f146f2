//! Services on Render: the images that `render.yaml` runs.

mod blueprint;

use policy_docker::asker::Asker;
use policy_text::source::Sources;
use policy_text::value::Text;

use crate::found::Found;
use crate::model::image::ImageRole;
use blueprint::Blueprint;

/// The images of all services.
pub(crate) fn read(sources: &Sources<'_>) -> Found {
    let mut found = Found::default();
    let is_blueprint = |name: &str| matches!(name, "render.yaml" | "render.yml");
    for (file, path) in sources.files().filter(|(_, path)| is_blueprint(path.file_name())) {
        let Ok(decoded) = sources.read(file) else { continue };
        let role = ImageRole::in_file(path);
        for (image, at) in Blueprint::parse(file, &decoded.text).images {
            let by = Asker::File(path.file_name().to_owned());
            found.image(&Text::literal(image, at), at, role, &by);
        }
    }
    found
}
