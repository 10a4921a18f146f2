//! Who runs what well-known base images start.

use policy_core::value::Text;

/// Official images of languages and systems, whose default user is root. Servers such as nginx and databases drop root
/// themselves, and the user of other images is not known.
const ROOT_BASES: &[&str] = &[
    "node",
    "python",
    "golang",
    "ruby",
    "php",
    "rust",
    "openjdk",
    "eclipse-temurin",
    "amazoncorretto",
    "maven",
    "gradle",
    "elixir",
    "erlang",
    "perl",
    "oven/bun",
    "debian",
    "ubuntu",
    "alpine",
    "amazonlinux",
    "fedora",
    "rockylinux",
];

/// Servers whose images drop root themselves when they start.
const DROPPING_BASES: &[&str] = &["mariadb", "mysql", "postgres", "redis", "nginx", "httpd", "mongo"];

/// Whether the image is of a server that drops root itself when it starts.
pub(crate) fn drops_root(base: &Text) -> bool {
    base.known().is_some_and(|reference| {
        DROPPING_BASES.contains(&library_name(&reference).0) || is_php_server(&reference)
    })
}

/// Whether the user of the image is root unless something sets another. PHP's servers drop root themselves.
pub(crate) fn runs_as_root_by_default(reference: &str) -> bool {
    ROOT_BASES.contains(&library_name(reference).0) && !is_php_server(reference)
}

fn is_php_server(reference: &str) -> bool {
    let (name, tag) = library_name(reference);
    name == "php" && ["fpm", "apache"].iter().any(|server| tag.contains(server))
}

/// The name in Docker's own library, and the tag.
fn library_name(reference: &str) -> (&str, &str) {
    let name = reference.split_once('@').map_or(reference, |(name, _)| name);
    let name = name.trim_start_matches("docker.io/").trim_start_matches("library/");
    name.split_once(':').unwrap_or((name, ""))
}
