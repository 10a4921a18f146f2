//! What makes pages come over TLS: listeners of load balancers, and the settings of the servers in front of pages.

use policy_text::purpose;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use rayon::prelude::*;

use crate::model::AwsRoot;
use crate::model::load_balancer::Protocol;
use crate::model::tls::TlsProof;

/// One way of saying that pages come over TLS.
struct Row {
    /// Whether a file can say it.
    file: fn(&RepoPath) -> bool,
    /// Whether a line says it.
    line: fn(&str) -> bool,
    /// Words that take it back where they stand anywhere in the file.
    unless: &'static [&'static str],
    /// A word that must stand in the file.
    with: &'static str,
    /// For messages.
    what: &'static str,
}

const ROWS: [Row; 8] = [
    Row {
        file: is_nginx,
        line: |line| words(line).next() == Some("listen") && words(line).any(|word| word == "ssl"),
        // Browsers let pages of the own machine open such sockets.
        unless: &["server_name localhost"],
        with: "",
        what: "nginx serves pages over TLS",
    },
    Row {
        file: is_nginx,
        line: |line| words(line).next() == Some("add_header") && line.contains("Strict-Transport-Security"),
        unless: &["server_name localhost"],
        with: "",
        what: "browsers are told to use TLS alone",
    },
    Row {
        file: |path| path.file_name() == "Caddyfile",
        line: is_site_of_caddy,
        unless: &["auto_https off"],
        with: "",
        what: "Caddy serves this site over TLS",
    },
    Row {
        file: is_yaml,
        line: sends_to_tls_in_traefik,
        unless: &[],
        with: "",
        what: "Traefik serves pages over TLS",
    },
    Row {
        file: is_yaml,
        line: |line| words(line).next() == Some("tls:") && !line.ends_with("[]"),
        unless: &["{{"],
        with: "kind: Ingress",
        what: "the Ingress serves pages over TLS",
    },
    Row {
        file: |path| path.as_str().ends_with("config/environments/production.rb"),
        line: |line| words(line).eq(["config.force_ssl", "=", "true"]),
        unless: &[],
        with: "",
        what: "Rails sends every page to TLS",
    },
    Row {
        file: |path| path.extension() == Some("tf"),
        line: |line| {
            line.split_once('=').is_some_and(|(name, value)| {
                name.trim() == "viewer_protocol_policy"
                    && matches!(value.trim(), "\"redirect-to-https\"" | "\"https-only\"")
            })
        },
        unless: &[],
        with: "",
        what: "CloudFront serves pages over TLS",
    },
    Row {
        file: |path| path.file_name() == "fly.toml",
        line: |line| words(line).eq(["force_https", "=", "true"]),
        unless: &[],
        with: "",
        what: "Fly sends every page to TLS",
    },
];

/// Every place that makes pages come over TLS: listeners first, then lines of files in the order of paths.
pub(crate) fn proofs(roots: &[AwsRoot], sources: &Sources<'_>) -> Vec<TlsProof> {
    let listeners = roots.iter().flat_map(|root| &root.listeners);
    let over_tls = listeners.filter(|listener| listener.certain).filter_map(|listener| {
        let (protocol, from) = listener.protocol.found()?;
        (*protocol == Protocol::Https).then_some(from.at)
    });
    let what = "the load balancer serves pages over TLS";
    let mut proofs: Vec<TlsProof> = over_tls.map(|at| TlsProof { at, what }).collect();
    let files: Vec<(FileId, &RepoPath)> = sources.files().collect();
    proofs.par_extend(files.par_iter().flat_map_iter(|&(file, path)| in_file(file, path, sources)));
    proofs.retain(|proof| serves_users(sources.path(proof.at.file)));
    proofs
}

fn serves_users(path: &RepoPath) -> bool {
    !purpose::is_for_development(path) && !purpose::is_foreign_or_generated(path)
}

/// The first line for each row that says so.
fn in_file(file: FileId, path: &RepoPath, sources: &Sources<'_>) -> Vec<TlsProof> {
    let rows: Vec<&Row> = ROWS.iter().filter(|row| (row.file)(path)).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let Ok(Some(text)) = sources.read_handwritten(file) else { return Vec::new() };
    let holds = |word: &str| text.contains(word);
    let rows = rows.into_iter().filter(|row| holds(row.with) && !row.unless.iter().any(|word| holds(word)));
    rows.filter_map(|row| {
        let mut start = 0;
        let line = text.split_inclusive('\n').find_map(|line| {
            let at = start;
            start += line.len();
            let is_comment = line.trim_start().starts_with('#');
            (!is_comment && (row.line)(line.trim_end())).then_some((at, line))
        });
        let (at, line) = line?;
        let indent = line.len() - line.trim_start().len();
        Some(TlsProof { at: Span::new(file, at + indent..at + line.trim_end().len()), what: row.what })
    })
    .collect()
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| c.is_whitespace() || matches!(c, ';' | ',')).filter(|word| !word.is_empty())
}

/// Configuration of nginx, also as a template of a container or of Ansible.
fn is_nginx(path: &RepoPath) -> bool {
    let name = path.file_name();
    let name = [".template", ".tmpl", ".j2"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let of_sites = |folder: RepoPath| matches!(folder.file_name(), "sites-available" | "sites-enabled");
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("conf" | "nginx")) || path.parent().is_some_and(of_sites)
}

fn is_yaml(path: &RepoPath) -> bool {
    matches!(path.extension(), Some("yml" | "yaml"))
}

/// `shop.example.org {`: Caddy gets a certificate for every site with a name that is not local.
fn is_site_of_caddy(line: &str) -> bool {
    let Some(addresses) = line.strip_suffix('{').filter(|_| !line.starts_with(char::is_whitespace)) else {
        return false;
    };
    let is_public = |address: &str| {
        let name = address.strip_prefix("https://").unwrap_or(address);
        let host = name.split([':', '/']).next().unwrap_or_default();
        let is_plain = name.contains("://") || name.ends_with(":80");
        let zone = host.rsplit('.').next();
        let is_local = matches!(zone, Some("local" | "localhost" | "internal"));
        let is_name = host.contains('.') && host.starts_with(|c: char| c.is_ascii_alphabetic() || c == '*');
        is_name && !is_plain && !is_local && !host.contains(['{', '$', '('])
    };
    words(addresses).any(is_public)
}

/// A router that is reached over TLS, or an entry point that sends everything there.
fn sends_to_tls_in_traefik(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let redirects = line.contains("redirections.entrypoint.to=") && line.contains("websecure")
        || line.contains("redirections.entrypoint.scheme=https");
    let router = line.contains("traefik.http.routers.")
        && line.contains(".entrypoints")
        && line.rsplit(['=', ':']).next().is_some_and(|value| {
            let value = value.trim().trim_matches(['"', '\'', '`', ']', ' ']);
            value == "websecure"
        });
    redirects || router
}
