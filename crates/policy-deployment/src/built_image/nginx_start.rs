//! What happens to the configuration of nginx when a container starts: nothing, templates that are filled, or what a script
//! does to it.

use policy_docker::landed::{Below, Build, Event};
use policy_text::source::Span;

use crate::model::built_image::{FinalStage, Start as Started};
use crate::model::nginx_image::Template;

/// How nginx is started.
pub(super) enum Start {
    /// By the entry point of its own image, which fills the templates in their folder.
    Official,
    /// By itself.
    Plain,
    /// By something that fills these first.
    Fills(Vec<Template>),
    /// By something that may change anything.
    Unknown(Span),
}

/// Words of a script that may change a configuration.
const CHANGES: [&str; 8] = ["sed", "awk", "perl", "python", "confd", "dockerize", "gomplate", "envsubst"];

/// Where nginx's own images have the scripts that they run before nginx.
pub(super) const SCRIPTS: &str = "/docker-entrypoint.d";

/// How the image of the stage `target` starts.
pub(super) fn of_stage(build: &Build<'_>, target: usize, stage: &FinalStage) -> Start {
    let entry = stage.entry_point.as_ref().filter(|entry| !is_official(entry));
    let started = entry.or(stage.command.as_ref());
    let is_official = entry.is_none();
    let Some(started) = started else { return Start::Official };
    let words: Vec<String> = started.words.iter().map(|(word, _)| word.to_string()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let script = match words.as_slice() {
        [text] if started.in_shell => (*text).to_owned(),
        [shell, flag, text, ..] if name_of(shell).ends_with("sh") && flag.ends_with('c') => {
            (*text).to_owned()
        }
        [first, ..] if name_of(first).starts_with("nginx") || name_of(first) == "openresty" => {
            return if is_official { Start::Official } else { Start::Plain };
        }
        [shell, file, ..] if name_of(shell).ends_with("sh") && !file.starts_with('-') => {
            return of_file(build, target, file, started.at);
        }
        [file, ..] => return of_file(build, target, file, started.at),
        [] => return Start::Unknown(started.at),
    };
    // A script of one program says no more than that program.
    match script.split_whitespace().collect::<Vec<_>>().as_slice() {
        [first, ..] if name_of(first) == "nginx" => Start::Plain,
        [file] if file.contains('/') => of_file(build, target, file, started.at),
        _ => of_text(&script, started.at),
    }
}

/// Commands that end before nginx starts, and open no port.
const SETTERS: [&str; 5] = ["envsubst", "echo", "mkdir", "chown", "exit"];

/// Whether the image of the stage `target` starts nothing but nginx, with the configuration in its usual place.
pub(super) fn is_alone(build: &Build<'_>, target: usize, stage: &FinalStage) -> bool {
    let mut has_scripts = false;
    build.events(target, Below { folder: SCRIPTS, folders: &[SCRIPTS] }, |event, _| {
        has_scripts |= matches!(event, Event::File { .. } | Event::Unknown { .. });
    });
    let entry = stage.entry_point.as_ref().filter(|entry| !is_official(entry));
    !has_scripts && entry.or(stage.command.as_ref()).is_none_or(starts_nginx_alone)
}

fn starts_nginx_alone(started: &Started) -> bool {
    let words: Vec<String> = started.words.iter().map(|(word, _)| word.to_string()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [text] if started.in_shell => is_nginx_alone(text),
        [shell, "-c", text] if name_of(shell).ends_with("sh") => is_nginx_alone(text),
        [first, flags @ ..] => name_of(first) == "nginx" && !flags.contains(&"-c"),
        [] => false,
    }
}

fn is_nginx_alone(script: &str) -> bool {
    let mut starts = false;
    let all_known = script.replace("daemon off;", "").split([';', '|', '&', '\n']).all(|command| {
        let mut words = command.split_whitespace().filter(|word| *word != "exec");
        let Some(program) = words.next() else { return true };
        let is_nginx = name_of(program) == "nginx";
        starts |= is_nginx;
        SETTERS.contains(&program) || is_nginx && words.all(|word| word != "-c")
    });
    starts && all_known
}

fn is_official(start: &Started) -> bool {
    start.words.first().is_some_and(|(word, _)| word.known().as_deref() == Some("/docker-entrypoint.sh"))
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// A script of the image, which the context has.
fn of_file(build: &Build<'_>, target: usize, path: &str, at: Span) -> Start {
    let path =
        if path.starts_with('/') { path.to_owned() } else { format!("/{}", path.trim_start_matches("./")) };
    let mut found = None;
    build.events(target, Below { folder: &path, folders: &[] }, |event, _| match event {
        Event::File { file, .. } => found = Some(file),
        Event::Unknown { .. } => found = None,
        Event::Run(..) => {}
    });
    match found.and_then(|file| build.sources.read(file).ok()) {
        Some(decoded) => of_text(&decoded.text, at),
        None => Start::Unknown(at),
    }
}

/// The text of a script: what it fills, unless it changes anything otherwise.
fn of_text(text: &str, at: Span) -> Start {
    let mut templates = Vec::new();
    for line in text.replace("\\\n", " ").lines().filter(|line| !line.trim_start().starts_with('#')) {
        for command in line.split([';', '|', '&']) {
            let mut words = command.split_whitespace();
            let Some(program) = words.find(|word| CHANGES.contains(&name_of(word))) else {
                let writes = command.split_once('>').is_some_and(|(_, to)| to.contains("nginx"));
                if writes || ["cp ", "mv ", "ln "].iter().any(|word| command.trim_start().starts_with(word)) {
                    return Start::Unknown(at);
                }
                continue;
            };
            match filled(command, program) {
                Some(template) => templates.push(template),
                None => return Start::Unknown(at),
            }
        }
    }
    if templates.is_empty() { Start::Plain } else { Start::Fills(templates) }
}

/// `envsubst '$A $B' < from > into`.
fn filled(command: &str, program: &str) -> Option<Template> {
    if name_of(program) != "envsubst" {
        return None;
    }
    let (_, after) = command.split_once(program)?;
    let (mut from, mut into, mut names) = (None, None, None);
    let spaced = after.replace('<', " < ").replace('>', " > ");
    let mut words = spaced.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "<" => from = words.next(),
            ">" => into = words.next(),
            _ => names
                .get_or_insert_with(Vec::new)
                .extend(policy_nginx::template::names(word).map(ToOwned::to_owned)),
        }
    }
    let path = |word: &str| word.trim_matches(['"', '\'']).to_owned();
    let (from, into) = (path(from?), path(into?));
    (from.starts_with('/') && into.starts_with('/')).then_some(Template { from, into, names })
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;

    fn fills(text: &str) -> Option<Vec<String>> {
        match of_text(text, Span::start_of(FileId(0))) {
            Start::Fills(templates) => Some(
                templates
                    .iter()
                    .map(|template| {
                        let names = template.names.as_ref().map_or("all".to_owned(), |names| names.join(","));
                        format!("{} {} {names}", template.from, template.into)
                    })
                    .collect(),
            ),
            Start::Plain => Some(Vec::new()),
            _ => None,
        }
    }

    #[test]
    fn scripts_fill_templates_or_are_not_understood() {
        for (text, expected) in [
            ("exec nginx -g 'daemon off;'", Some("")),
            ("envsubst < /a > /b && nginx", Some("/a /b all")),
            ("envsubst '$A ${B}' </a >/b; exec nginx", Some("/a /b A,B")),
            ("#!/bin/sh\nset -e\nenvsubst '$A' \\\n < /a \\\n > /b\nexec \"$@\"", Some("/a /b A")),
            ("sed -i s/a/b/ /etc/nginx/nginx.conf && nginx", None),
            ("envsubst < $T > /b && nginx", None),
            ("cp /x /etc/nginx/nginx.conf\nnginx", None),
            ("echo x > /etc/nginx/conf.d/a.conf\nnginx", None),
        ] {
            assert_eq!(fills(text).map(|all| all.join(";")).as_deref(), expected, "{text}");
        }
    }
}
