//! Manifests of platforms that run an app by its image: `fly.toml` of Fly, `render.yaml` of Render.

use policy_text::embedded::Embedded;
use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use policy_text::value::Text;
use policy_text::yaml::{Node, parse_tree};
use serde::Deserialize;

use crate::found::Found;
use crate::model::image::ImageRole;

/// The images of all manifests.
pub(crate) fn read(sources: &Sources<'_>) -> Found {
    let mut found = Found::default();
    for (file, path) in sources.files() {
        let images: fn(FileId, &str) -> Vec<Image> = match (path.file_name(), path.extension()) {
            ("render.yaml" | "render.yml", _) => render,
            (name, Some("toml")) if name.starts_with("fly.") => fly,
            _ => continue,
        };
        let Ok(decoded) = sources.read(file) else { continue };
        for image in images(file, &decoded.text) {
            let reference = Text::literal(image.reference, image.at);
            found.image(&reference, image.at, role(path), &format!("`{}`", path.file_name()));
        }
    }
    found
}

struct Image {
    reference: String,
    at: Span,
}

fn role(path: &RepoPath) -> ImageRole {
    if purpose::is_for_development(path) { ImageRole::Development } else { ImageRole::Deployed }
}

#[derive(Deserialize)]
struct Fly {
    build: Option<FlyBuild>,
}

#[derive(Deserialize)]
struct FlyBuild {
    image: Option<toml::Spanned<String>>,
}

/// `[build] image = "…"`. A file that is no TOML is Fly's to refuse.
fn fly(file: FileId, text: &str) -> Vec<Image> {
    let image = toml::from_str::<Fly>(text).ok().and_then(|fly| fly.build?.image);
    let image = image.map(|image| {
        let quoted = image.span();
        // Without its quotes.
        let at = Span::new(file, quoted.start + 1..quoted.end.saturating_sub(1).max(quoted.start + 1));
        Image { reference: image.into_inner(), at }
    });
    image.into_iter().collect()
}

/// `services: [{image: {url: …}}]`
fn render(file: FileId, text: &str) -> Vec<Image> {
    let (yaml, _) = parse_tree(&Embedded::whole(file, text));
    let services = yaml.root().and_then(|root| root.get("services"));
    let images = services.into_iter().flat_map(Node::items).filter_map(|service| {
        let url = service.path(&["image", "url"])?;
        Some(Image { reference: url.as_str()?.to_owned(), at: url.span() })
    });
    images.collect()
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;

    #[test]
    fn platforms_run_the_image_that_a_manifest_names() {
        let fly = "app = \"web\"\n[build]\n  image = \"r.io/web:latest\"\n";
        let render = "services:\n  - type: web\n    image: {url: 'docker.io/acme/api:latest'}\n";
        let tree = MemoryTree::new()
            .with(RepoPath::new("fly.toml").unwrap(), fly)
            .with(RepoPath::new("fly.staging.toml").unwrap(), "[build]\n  dockerfile = \"Dockerfile\"\n")
            .with(RepoPath::new("render.yaml").unwrap(), render);
        let sources = Sources::open(&tree);
        let images = read(&sources).images;
        let found: Vec<_> = images.iter().map(|image| image.reference.to_string()).collect();
        assert_eq!(found, ["r.io/web:latest", "docker.io/acme/api:latest"]);
        assert_eq!(&fly[images[0].at.range()], "r.io/web:latest");
    }
}
