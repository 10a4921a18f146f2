//! Programs of Spring Boot: `java -jar`, and the port in `src/main/resources/application.properties` or its like.

use policy_shell::resolve::Word;
use policy_text::embedded::Embedded;
use policy_text::source::{FileId, RepoPath, Span};
use policy_text::yaml;

use super::Surroundings;
use crate::model::server::{Decided, Host, Server};

/// Where it listens where nothing says otherwise.
const DEFAULT: u16 = 8080;

/// The folder of what the program is configured by, below that of its build.
const RESOURCES: &str = "src/main/resources";

/// The endings of files that configure it.
const FORMATS: [&str; 3] = ["properties", "yml", "yaml"];

/// Folders of other configurations: those of tests, and what a build has made.
const ASIDE: [&str; 5] = ["src/test", "target", "build", "bin", "out"];

/// Words by which a configuration may take its port from elsewhere, or listen at several.
const ELSEWHERE: [&str; 6] = [
    "spring.config",
    "config:\n    import",
    "config:\n    activate",
    "web-application-type",
    "management.server.port",
    "on-profile",
];

/// Variables that may hold options of any kind.
const OPTIONS: [&str; 5] = [
    "SPRING_APPLICATION_JSON",
    "SPRING_CONFIG_LOCATION",
    "SPRING_CONFIG_IMPORT",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
];

/// The server that `java -jar app.jar` is. `None` where it may be no program of Spring Boot, or listen anywhere.
pub(super) fn server(words: &[Word], at: Span, place: &Surroundings<'_>) -> Option<Server> {
    let words: Vec<(String, Span)> =
        words.iter().map(|word| Some((word.known()?.into_owned(), word.at))).collect::<Option<_>>()?;
    let (program, arguments) = words.split_first()?;
    let is_jar = arguments.iter().any(|(word, _)| word == "-jar");
    let may_say_anything = |word: &str| word.starts_with('@') || word.contains("spring.config");
    if program.0.rsplit('/').next() != Some("java")
        || !is_jar
        || arguments.iter().any(|(word, _)| may_say_anything(word))
    {
        return None;
    }
    if OPTIONS.iter().any(|name| place.variable(name) != Ok(None)) {
        return None;
    }
    let configured = configured(place)?;
    let port = match said(arguments).ok()? {
        Some(port) => port,
        None => match place.variable("SERVER_PORT").ok()? {
            Some(port) => Decided { value: port.parse().ok()?, at: None },
            None => configured,
        },
    };
    let host = Some(Decided { value: Host::Everywhere, at: None });
    Some(Server { program: "Spring Boot", at, port: Some(port), host, opens: String::new() })
}

/// Something else may say the port.
struct Elsewhere;

/// The port that the arguments say, where they say one.
fn said(arguments: &[(String, Span)]) -> Result<Option<Decided<u16>>, Elsewhere> {
    let mut said = None;
    for (word, at) in arguments {
        let value = word.strip_prefix("--server.port=").or_else(|| word.strip_prefix("-Dserver.port="));
        if let Some(value) = value {
            said = Some(Decided { value: value.parse().map_err(|_| Elsewhere)?, at: Some(*at) });
        }
    }
    Ok(said)
}

/// The port that the configuration in the program says, or the default of a program that serves the web.
fn configured(place: &Surroundings<'_>) -> Option<Decided<u16>> {
    let context = &place.image.context;
    let mut base: Option<RepoPath> = None;
    let mut port: Option<Decided<u16>> = None;
    for (file, path) in place.sources.files_within(context) {
        let name = path.file_name();
        if name.starts_with("bootstrap.") && path.as_str().contains(RESOURCES) {
            return None;
        }
        let is_configuration = name.starts_with("application")
            && path.extension().is_some_and(|extension| FORMATS.contains(&extension));
        let below = path.as_str().strip_prefix(context.as_str())?.trim_start_matches('/');
        if !is_configuration || ASIDE.iter().any(|folder| has_folder(below, folder)) {
            continue;
        }
        let folder = path.parent()?;
        if !folder.as_str().ends_with(RESOURCES) || base.as_ref().is_some_and(|base| *base != folder) {
            return None;
        }
        base = Some(folder);
        let own = port_in(file, place).ok()?;
        match (own, &port) {
            (Some(own), Some(other)) if own.value != other.value => return None,
            (Some(own), _) => port = Some(own),
            (None, _) => {}
        }
    }
    let base = base?;
    port.or_else(|| serves_web(&base, place).then_some(Decided { value: DEFAULT, at: None }))
}

fn has_folder(path: &str, folder: &str) -> bool {
    path.starts_with(&format!("{folder}/")) || path.contains(&format!("/{folder}/"))
}

/// The port that a file sets, where it sets one.
fn port_in(file: FileId, place: &Surroundings<'_>) -> Result<Option<Decided<u16>>, Elsewhere> {
    let text = place.sources.read(file).map_err(|_| Elsewhere)?.text;
    if ELSEWHERE.iter().any(|word| text.contains(word)) {
        return Err(Elsewhere);
    }
    let is_properties = place.sources.path(file).extension() == Some("properties");
    let written = if is_properties { in_properties(file, &text) } else { in_yaml(file, &text)? };
    let Some((written, at)) = written else { return Ok(None) };
    let value = value(&written, place).ok_or(Elsewhere)?;
    Ok(Some(Decided { value, at: Some(at) }))
}

fn in_properties(file: FileId, text: &str) -> Option<(String, Span)> {
    let (value, start) = property(text, "server.port")?;
    Some((value.to_owned(), Span::new(file, start..start + value.len())))
}

fn in_yaml(file: FileId, text: &str) -> Result<Option<(String, Span)>, Elsewhere> {
    let (parsed, problems) = yaml::parse_tree(&Embedded::whole(file, text));
    let mut documents = parsed.documents();
    let (first, None) = (documents.next(), documents.next()) else { return Err(Elsewhere) };
    let manages = first.is_some_and(|first| first.path(&["management", "server", "port"]).is_some());
    if manages || !problems.is_empty() {
        return Err(Elsewhere);
    }
    let port = first.and_then(|first| first.path(&["server", "port"]).or_else(|| first.get("server.port")));
    let Some(port) = port else { return Ok(None) };
    let written = port.as_str().ok_or(Elsewhere)?;
    Ok(Some((written.to_owned(), port.span())))
}

/// The port that is written as a number, or as a variable with a default: `${PORT:8080}`.
fn value(written: &str, place: &Surroundings<'_>) -> Option<u16> {
    let value = match written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        None => written,
        Some(inner) => {
            let (name, default) =
                inner.split_once(':').map_or((inner, None), |(name, default)| (name, Some(default)));
            let variable = name.replace('.', "_").to_ascii_uppercase();
            place.variable(&variable).ok()?.or(default)?
        }
    };
    value.parse().ok().filter(|port| *port != 0)
}

/// The value of a property, and where it begins.
fn property<'t>(text: &'t str, name: &str) -> Option<(&'t str, usize)> {
    let mut start = 0;
    let mut found = None;
    for line in text.split_inclusive('\n') {
        let written = line.trim();
        let after = written.strip_prefix(name).map(str::trim_start);
        if let Some(value) = after.and_then(|rest| rest.strip_prefix(['=', ':'])) {
            let value = value.trim();
            found = Some((value, start + line.find(value)?));
        }
        start += line.len();
    }
    found
}

/// Whether what the build takes of Spring answers requests: the file of Maven or Gradle says so.
fn serves_web(resources: &RepoPath, place: &Surroundings<'_>) -> bool {
    let home = resources.as_str().strip_suffix(RESOURCES).unwrap_or_default().trim_end_matches('/');
    let home = if home.is_empty() { Some(RepoPath::root()) } else { RepoPath::new(home) };
    ["pom.xml", "build.gradle", "build.gradle.kts"].iter().any(|name| {
        let file = home.as_ref().and_then(|home| place.sources.find(&home.join(name)?));
        let text = file.and_then(|file| place.sources.read(file).ok());
        text.is_some_and(|text| text.text.contains("spring-boot-starter-web"))
    })
}
