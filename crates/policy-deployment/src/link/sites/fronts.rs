//! Files that describe what may stand before the containers of a compose file, and that no container has.

use std::collections::BTreeSet;

use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources, Span};

use crate::model::built_image::BuiltImage;
use crate::model::compose_service::ComposeService;
use crate::model::nginx_image::NginxImage;

/// Directives by which servers send requests on.
const SENDS_ON: [&str; 3] = ["proxy_pass", "reverse_proxy", "ProxyPass"];

/// Ends of the names of files in which such directives stand, also within a script that writes them.
const PROXIES: [&str; 8] = [".conf", ".nginx", ".tpl", ".tftpl", ".template", ".j2", ".sh", "Caddyfile"];

/// Files by which a service that hosts pages is told where to send requests.
const HOSTS: [&str; 6] =
    ["vercel.json", "netlify.toml", "_redirects", "firebase.json", "haproxy.cfg", "staticwebapp.config.json"];

/// Words in the names of templates whose routes are not read.
const TEMPLATES: [&str; 4] = ["ingress", "httproute", "virtualservice", "traefik"];

/// The first such file.
pub(super) fn another(
    services: &[ComposeService],
    built: &[BuiltImage],
    sources: &Sources<'_>,
) -> Option<Span> {
    let mounted = services.iter().filter_map(|service| Some(&service.nginx.as_ref()?.image));
    let in_images = built.iter().filter_map(|image| image.nginx.as_deref());
    let files = |image: &NginxImage| image.brought.iter().map(|(file, _)| *file).collect::<Vec<_>>();
    let read: BTreeSet<FileId> = mounted.chain(in_images).flat_map(files).collect();
    let others = sources.files().filter(|(file, path)| !read.contains(file) && !purpose::is_made_up(path));
    let mut others = others.filter(|(file, path)| sends_on(*file, path, sources));
    others.next().map(|(file, _)| Span::start_of(file))
}

fn sends_on(file: FileId, path: &RepoPath, sources: &Sources<'_>) -> bool {
    let name = path.file_name();
    let is_template = (name.ends_with("yaml") || name.ends_with("yml")) && {
        let name = name.to_ascii_lowercase();
        TEMPLATES.iter().any(|word| name.contains(word))
    };
    if is_template || HOSTS.contains(&name) {
        return true;
    }
    PROXIES.iter().any(|end| name.ends_with(end))
        && sources.read(file).is_ok_and(|decoded| SENDS_ON.iter().any(|word| decoded.text.contains(word)))
}
