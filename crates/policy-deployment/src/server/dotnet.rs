//! Programs of ASP.NET Core: `dotnet app.dll` on one of its own images, which say by their version where it listens.

use policy_shell::resolve::Word;
use policy_text::source::Span;

use super::Surroundings;
use crate::model::server::{Decided, Host, Server};

/// The names that its images have.
const IMAGES: [&str; 2] = ["mcr.microsoft.com/dotnet/aspnet", "mcr.microsoft.com/dotnet/core/aspnet"];

/// The version from which on the images let it listen on 8080. Before, it was 80.
const FIRST_UNPRIVILEGED: u32 = 8;

/// Words of its code and of its settings by which it chooses its addresses itself.
const CHOOSES: [&str; 5] = ["Kestrel", "UseUrls", "Urls", "\"urls\"", "Listen"];

/// Variables that give addresses, the strongest first. Of those with ports, `ASPNETCORE_HTTP_PORTS` is set in the images.
const ADDRESSES: [&str; 3] = ["ASPNETCORE_URLS", "DOTNET_URLS", "URLS"];
const PORTS: [&str; 3] = ["ASPNETCORE_HTTP_PORTS", "DOTNET_HTTP_PORTS", "HTTP_PORTS"];
const TLS_PORTS: [&str; 3] = ["ASPNETCORE_HTTPS_PORTS", "DOTNET_HTTPS_PORTS", "HTTPS_PORTS"];

/// The server that `dotnet app.dll` is. `None` where it may listen anywhere.
pub(super) fn server(words: &[Word], at: Span, place: &Surroundings<'_>) -> Option<Server> {
    let words: Vec<_> = words.iter().map(Word::known).collect::<Option<_>>()?;
    let [program, library] = words.as_slice() else { return None };
    if program.rsplit('/').next() != Some("dotnet") || !library.ends_with(".dll") {
        return None;
    }
    let base = place.stage.base.0.known()?;
    let (image, version) = base.split_once(':')?;
    let major: u32 = version.split(['.', '-']).next()?.parse().ok()?;
    let may_speak_tls = || TLS_PORTS.iter().any(|name| place.variable(name) != Ok(None));
    if !IMAGES.contains(&image) || !place.environment.is_whole() || may_speak_tls() || chooses_itself(place) {
        return None;
    }
    let mut port = None;
    for name in ADDRESSES {
        if let Some(addresses) = place.variable(name).ok()? {
            port = Some(port_of(addresses)?);
        }
    }
    for name in PORTS {
        if let Some(ports) = place.variable(name).ok()? {
            port = Some(port.or(ports.parse().ok())?);
        }
    }
    let default = if major < FIRST_UNPRIVILEGED { 80 } else { 8080 };
    let port = Some(Decided { value: port.unwrap_or(default), at: None });
    let host = Some(Decided { value: Host::Everywhere, at: None });
    Some(Server { program: "ASP.NET Core", at, port, host, opens: String::new() })
}

/// The port of `http://+:8080`, where that is the only address.
fn port_of(addresses: &str) -> Option<u16> {
    let rest = addresses.trim().strip_prefix("http://")?;
    let (host, port) = rest.trim_end_matches('/').rsplit_once(':')?;
    matches!(host, "+" | "*" | "0.0.0.0" | "[::]").then(|| port.parse().ok())?
}

/// Whether its code or its settings may choose the addresses.
fn chooses_itself(place: &Surroundings<'_>) -> bool {
    place.sources.files_within(&place.image.context).any(|(file, path)| {
        let name = path.file_name();
        let is_read = matches!(name, "Program.cs" | "Startup.cs")
            || name.starts_with("appsettings") && path.extension() == Some("json");
        let chooses =
            |text: &str| CHOOSES.iter().any(|word| text.contains(word)) || runs_with_arguments(text);
        is_read && place.sources.read(file).map_or(true, |decoded| chooses(&decoded.text))
    })
}

/// Whether the program is run with anything, which may be its address: `app.Run($"http://*:{port}")`.
fn runs_with_arguments(text: &str) -> bool {
    [".Run(", ".RunAsync("].iter().any(|call| {
        let mut calls = text.match_indices(call).filter_map(|(at, _)| text.get(at + call.len()..));
        calls.any(|arguments| !arguments.trim_start().starts_with(')'))
    })
}
