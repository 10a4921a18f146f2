//! What happens to the configuration of nginx when a container starts: nothing, templates that are filled, or what a script
//! does to it.

use std::borrow::Cow;

use policy_docker::landed::{Below, Build, Event};
use policy_shell::resolve::{Command, Input, Word};
use policy_text::source::{Sources, Span};

use crate::model::built_image::FinalStage;
use crate::model::nginx_image::Template;
use crate::model::setting::Setting;
use crate::start::{self, Followed, Place};

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

/// Programs that may change a configuration, or put another one in its place.
const CHANGES: [&str; 11] =
    ["sed", "awk", "perl", "python", "confd", "dockerize", "gomplate", "envsubst", "cp", "mv", "ln"];

/// Programs that end before nginx starts, and open no port.
const SETTERS: [&str; 6] = ["envsubst", "echo", "mkdir", "chown", "exit", "set"];

/// Programs that are nginx.
const SERVERS: [&str; 3] = ["nginx", "nginx-debug", "openresty"];

/// The entry point of nginx's own images.
const ENTRY_POINT: &str = "/docker-entrypoint.sh";

/// Where they have the scripts that they run before nginx.
pub(super) const SCRIPTS: &str = "/docker-entrypoint.d";

/// What the image of a stage starts.
pub(super) struct Started {
    /// The words after the entry point of nginx's own images. `None` where another one stands before them.
    given: Option<Vec<Word>>,
    followed: Followed,
    at: Span,
}

/// What the image of a stage starts. `None` where its base decides.
pub(super) fn of_stage(stage: &FinalStage, sources: &Sources<'_>) -> Option<Started> {
    let at = stage.entry_point.as_ref().or(stage.command.as_ref())?.at;
    let words = start::words(&Setting::Unset, &Setting::Unset, stage)?;
    let given = match (words.split_first(), &stage.entry_point) {
        (Some((first, rest)), Some(_)) => {
            (first.known().as_deref() == Some(ENTRY_POINT)).then(|| rest.to_vec())
        }
        _ => Some(words.clone()),
    };
    let environment = start::environment(stage);
    let place = Place { layout: &stage.layout, environment: &environment, sources };
    Some(Started { given, followed: start::follow(&words, place), at })
}

impl Started {
    /// How that starts nginx.
    pub(super) fn start(&self) -> Start {
        if let Some(given) = &self.given
            && given.first().is_none_or(is_server)
        {
            return Start::Official;
        }
        let Followed { commands, is_partial, .. } = &self.followed;
        let is_elsewhere =
            matches!(commands.as_slice(), [only] if !only.words.first().is_some_and(is_server));
        if *is_partial || is_elsewhere {
            return Start::Unknown(self.at);
        }
        let changes: Option<Vec<Template>> =
            commands.iter().filter(|command| may_change(command)).map(filled).collect();
        match changes {
            Some(templates) if templates.is_empty() => Start::Plain,
            Some(templates) => Start::Fills(templates),
            None => Start::Unknown(self.at),
        }
    }

    /// Whether nothing but nginx is left running, with the configuration in its usual place.
    fn is_alone(&self) -> bool {
        let Followed { commands, is_partial, runs_beside } = &self.followed;
        let is_server = |command: &&Command| command.words.first().is_some_and(is_server);
        let (servers, others): (Vec<&Command>, Vec<&Command>) = commands.iter().partition(is_server);
        !is_partial
            && !runs_beside
            && (self.given.as_ref().is_some_and(Vec::is_empty) || !servers.is_empty())
            && !servers.iter().any(|server| server.says(&["-c"]))
            && others.iter().all(|other| SETTERS.contains(&other.name().as_str()))
    }
}

/// Whether the image of the stage `target`, which starts this, starts nothing but nginx, with the configuration in its usual
/// place.
pub(super) fn is_alone(build: &Build<'_>, target: usize, started: Option<&Started>) -> bool {
    let mut has_scripts = false;
    build.events(target, Below { folder: SCRIPTS, folders: &[SCRIPTS] }, |event, _| {
        has_scripts |= matches!(event, Event::File { .. } | Event::Unknown { .. });
    });
    !has_scripts && started.is_none_or(Started::is_alone)
}

fn is_server(word: &Word) -> bool {
    is_one_of(word, &SERVERS)
}

fn is_one_of(word: &Word, programs: &[&str]) -> bool {
    word.program().is_some_and(|program| programs.contains(&program.as_str()))
}

/// Whether a command may write a configuration.
fn may_change(command: &Command) -> bool {
    let is_written = |path: &Word| path.known().is_none_or(|path| path.contains("nginx"));
    command.words.iter().any(|word| is_one_of(word, &CHANGES))
        || command.output.as_ref().is_some_and(is_written)
}

/// `envsubst '$A $B' < from > into`.
fn filled(command: &Command) -> Option<Template> {
    let Some(Input::File(from)) = &command.input else { return None };
    let path = |word: &Word| word.known().map(Cow::into_owned).filter(|path| path.starts_with('/'));
    let names = match command.words.as_slice() {
        [_] => None,
        [_, shell_format] => {
            Some(policy_nginx::template::names(&shell_format.known()?).map(ToOwned::to_owned).collect())
        }
        _ => return None,
    };
    is_one_of(command.words.first()?, &["envsubst"]).then_some(Template {
        from: path(from)?,
        into: path(command.output.as_ref()?)?,
        names,
    })
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::link::link_plainly;

    /// The templates that are filled by an image of nginx whose entry point is a script with this text, and whether nginx is
    /// alone in it; `None` where the script may do anything.
    fn filled_by(script: &str) -> Option<(String, bool)> {
        let dockerfile = "FROM nginx\nCOPY start.sh /\nENTRYPOINT [\"/start.sh\"]\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n";
        let script = format!("#!/bin/sh\nset -e\n{script}\n");
        let tree = MemoryTree::of(&[("Dockerfile", dockerfile), ("start.sh", &script)]);
        let deployment = link_plainly(&Sources::open(&tree));
        let nginx = deployment.built_images[0].nginx.as_ref().unwrap();
        let shown = |template: &Template| {
            let names = template.names.as_ref().map_or("all".to_owned(), |names| names.join(","));
            format!("{} {} {names}", template.from, template.into)
        };
        let templates: Vec<String> = nginx.templates.iter().map(shown).collect();
        nginx.doubt.is_none().then(|| (templates.join(";"), nginx.is_alone))
    }

    #[test]
    fn scripts_fill_templates_or_are_not_understood() {
        for (script, expected) in [
            ("exec nginx -g 'daemon off;'", Some(("", true))),
            ("exec \"$@\"", Some(("", true))),
            ("envsubst < /a > /b && nginx", Some(("/a /b all", true))),
            ("envsubst '$A ${B}' </a >/b; exec nginx", Some(("/a /b A,B", true))),
            ("envsubst '$A' \\\n < /a \\\n > /b\nexec \"$@\"", Some(("/a /b A", true))),
            ("T=/a\nenvsubst < $T > /b\nnginx", Some(("/a /b all", true))),
            ("# sed -i s/a/b/ /etc/nginx/nginx.conf\nnginx", Some(("", true))),
            ("nginx -c /my.conf", Some(("", false))),
            ("node server.js &\nexec \"$@\"", Some(("", false))),
            ("consul-template; nginx", Some(("", false))),
            ("sed -i s/a/b/ /etc/nginx/nginx.conf && nginx", None),
            ("envsubst < $UNKNOWN > /b && nginx", None),
            ("cat /a | envsubst > /b && nginx", None),
            ("cp /x /etc/nginx/nginx.conf\nnginx", None),
            ("echo x > /etc/nginx/conf.d/a.conf\nnginx", None),
            ("exec supervisord", None),
        ] {
            let expected =
                expected.map(|(templates, is_alone): (&str, bool)| (templates.to_owned(), is_alone));
            assert_eq!(filled_by(script), expected, "{script}");
        }
    }
}
