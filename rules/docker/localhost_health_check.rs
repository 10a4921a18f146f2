//! A health check uses `BusyBox` wget with `localhost`, but the server listens on IPv4 only.

use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::model::built_image::{BuiltImage, Change, FinalStage};
use policy_core::model::nginx_image::variables;
use policy_core::model::probe::{Asked, Probe};
use policy_core::rule::Context;
use policy_core::source::Span;

use super::health_checks::{self, Checked};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    health_checks::all(context).iter().filter_map(misdirected).collect()
}

fn misdirected(checked: &Checked<'_>) -> Option<Finding> {
    let asked = by_name(checked.probe)?;
    let image = checked.images.first()?;
    let all_agree = checked.images.iter().all(|image| {
        has_busybox_wget(&image.stage)
            && asked.port.and_then(|port| listens_on_ipv4_alone(image, port)).is_some()
    });
    let port = asked.port.filter(|_| all_agree)?;
    let (listens, how) = listens_on_ipv4_alone(image, port)?;
    let message = format!(
        "the health check of `{}` fails if the container has IPv6: for `localhost`, BusyBox `wget` tries only `::1`, and port {port} is open on IPv4 only",
        checked.whose
    );
    let finding = Finding::new(message, Label::new(asked.host_at, "this resolves to `::1` first"))
        .related(Label::new(listens, how))
        .help("request `127.0.0.1`");
    let finding = checked.explain(finding);
    // A place that is not the host alone cannot be written over.
    let is_exact = asked.host_at.range().len() == asked.host.len();
    Some(if is_exact {
        finding.fix(Fix {
            title: "request `127.0.0.1`".to_owned(),
            applicability: Applicability::Safe,
            edits: vec![Edit::Replace { span: asked.host_at, text: "127.0.0.1".to_owned() }],
        })
    } else {
        finding
    })
}

/// What the probe asks by name, where it asks nothing else.
fn by_name(probe: &Probe) -> Option<&Asked> {
    match probe.asks.as_slice() {
        [only] if only.by == "wget" && only.host == "localhost" => Some(only),
        _ => None,
    }
}

/// Whether `wget` in the image is that of `BusyBox`, for certain.
fn has_busybox_wget(stage: &FinalStage) -> bool {
    let brings_own =
        stage.changes.iter().any(|change| matches!(change, Change::Opaque) || is_own_wget(change));
    let base = stage.base.0.to_string();
    let is_small = base.contains("alpine") || base.starts_with("busybox");
    is_small && !brings_own && stage.base_contents.is_some_and(|contents| contents.has.contains(&"wget"))
}

fn is_own_wget(change: &Change) -> bool {
    matches!(change, Change::Brings(program, _) if program == "wget")
}

/// Where a server is told to listen on the port on IPv4, and nothing on IPv6.
fn listens_on_ipv4_alone(image: &BuiltImage, port: i64) -> Option<(Span, &'static str)> {
    if let Some(nginx) = image.nginx.as_ref() {
        if nginx.doubt.is_some() || !nginx.base_is_known {
            return None;
        }
        let configuration = nginx.configured(&variables(&image.stage, None)).configuration;
        let listens =
            || configuration.servers.iter().flat_map(|server| &server.listens).filter(|listen| !listen.udp);
        let on_port = |ipv6: bool| {
            listens().find(move |listen| listen.port.map(i64::from) == Some(port) && listen.is_ipv6() == ipv6)
        };
        return match (on_port(false), on_port(true)) {
            // To the file that its own image brings, nginx adds IPv6 when it starts.
            (Some(listen), None) => {
                nginx.brought_by(listen.at.file).map(|_| (listen.at, "nginx listens on IPv4 only here"))
            }
            _ => None,
        };
    }
    let command = image.stage.command.as_ref()?;
    let words: Vec<String> = command
        .words
        .iter()
        .flat_map(|(text, _)| text.to_string().split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>())
        .collect();
    let says = |flag: &str, value: &str| {
        words.windows(2).any(|pair| matches!(pair, [own, next] if own == flag && next == value))
            || words.iter().any(|word| *word == format!("{flag}={value}"))
    };
    let is_told = says("--host", "0.0.0.0") && says("--port", &port.to_string());
    is_told.then_some((command.at, "the server listens on IPv4 only"))
}
