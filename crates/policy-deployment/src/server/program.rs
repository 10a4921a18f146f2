//! Programs that take connections, and which of their flags and variables say where.

use policy_shell::resolve::Word;
use policy_text::source::Span;

use super::Surroundings;
use crate::model::server::{Decided, Host, Server};

/// A program, in one of its forms.
struct Program {
    /// What it is called.
    names: &'static [&'static str],
    /// The word that must follow, where one must.
    verb: Option<&'static str>,
    /// Flags that take a port.
    port: &'static [&'static str],
    /// Flags that take an address.
    host: &'static [&'static str],
    /// Flags that take both: `0.0.0.0:8000`.
    bind: &'static [&'static str],
    /// Whether a word that stands for itself may be a port, with or without an address.
    takes_address: bool,
    /// Variables that give a port where no flag does.
    port_variable: Option<&'static str>,
    /// Variables that give an address where no flag does.
    host_variable: Option<&'static str>,
    /// Where it listens where nothing says otherwise.
    default: (Option<u16>, Option<Host>),
    /// Flags by which it takes everything from elsewhere: a file, a socket.
    elsewhere: &'static [&'static str],
    /// The beginnings of names of files that may say otherwise, each with what they say it by.
    files: &'static [(&'static str, &'static str)],
}

const PLAIN: Program = Program {
    names: &[],
    verb: None,
    port: &["--port"],
    host: &["--host"],
    bind: &[],
    takes_address: false,
    port_variable: None,
    host_variable: None,
    default: (None, None),
    elsewhere: &[],
    files: &[],
};

const LOOPBACK: Option<Host> = Some(Host::Loopback);
const EVERYWHERE: Option<Host> = Some(Host::Everywhere);
const VITE_FILES: &[(&str, &str)] =
    &[("vite.config", "host"), ("vite.config", "port:"), ("vite.config", "server")];

const PROGRAMS: &[Program] = &[
    Program {
        names: &["uvicorn"],
        port_variable: Some("UVICORN_PORT"),
        host_variable: Some("UVICORN_HOST"),
        default: (Some(8000), LOOPBACK),
        elsewhere: &["--uds", "--fd"],
        ..PLAIN
    },
    Program { names: &["fastapi"], verb: Some("run"), default: (Some(8000), EVERYWHERE), ..PLAIN },
    Program { names: &["fastapi"], verb: Some("dev"), default: (Some(8000), LOOPBACK), ..PLAIN },
    Program {
        names: &["flask"],
        verb: Some("run"),
        port: &["--port", "-p"],
        host: &["--host", "-h"],
        port_variable: Some("FLASK_RUN_PORT"),
        host_variable: Some("FLASK_RUN_HOST"),
        default: (Some(5000), LOOPBACK),
        files: &[(".flaskenv", "FLASK_RUN"), (".env", "FLASK_RUN")],
        ..PLAIN
    },
    Program {
        names: &["manage.py"],
        verb: Some("runserver"),
        takes_address: true,
        default: (Some(8000), LOOPBACK),
        ..PLAIN
    },
    Program {
        names: &["gunicorn"],
        port: &[],
        host: &[],
        bind: &["--bind", "-b"],
        port_variable: Some("PORT"),
        default: (Some(8000), LOOPBACK),
        elsewhere: &["-c", "--config"],
        files: &[("gunicorn.conf.py", "")],
        ..PLAIN
    },
    Program {
        names: &["hypercorn"],
        port: &[],
        host: &[],
        bind: &["--bind", "-b"],
        default: (Some(8000), LOOPBACK),
        elsewhere: &["-c", "--config", "--quic-bind"],
        ..PLAIN
    },
    Program {
        names: &["daphne"],
        port: &["--port", "-p"],
        host: &["--bind", "-b"],
        default: (Some(8000), LOOPBACK),
        elsewhere: &["-e", "--endpoint", "-u", "--fd"],
        ..PLAIN
    },
    Program {
        names: &["streamlit"],
        verb: Some("run"),
        port: &["--server.port"],
        host: &["--server.address"],
        port_variable: Some("STREAMLIT_SERVER_PORT"),
        host_variable: Some("STREAMLIT_SERVER_ADDRESS"),
        default: (Some(8501), EVERYWHERE),
        files: &[("config.toml", "port"), ("config.toml", "address")],
        ..PLAIN
    },
    Program {
        names: &["http.server"],
        port: &[],
        host: &["--bind", "-b"],
        takes_address: true,
        default: (Some(8000), EVERYWHERE),
        ..PLAIN
    },
    Program {
        names: &["next"],
        verb: Some("start"),
        port: &["--port", "-p"],
        host: &["--hostname", "-H"],
        port_variable: Some("PORT"),
        default: (Some(3000), EVERYWHERE),
        ..PLAIN
    },
    Program {
        names: &["vite"],
        verb: Some("preview"),
        default: (Some(4173), LOOPBACK),
        elsewhere: &["-c", "--config"],
        files: VITE_FILES,
        ..PLAIN
    },
    Program {
        names: &["vite"],
        default: (Some(5173), LOOPBACK),
        elsewhere: &["-c", "--config", "build"],
        files: VITE_FILES,
        ..PLAIN
    },
    Program {
        names: &["ng"],
        verb: Some("serve"),
        default: (Some(4200), LOOPBACK),
        elsewhere: &["-c", "--configuration"],
        files: &[("angular.json", "\"host\""), ("angular.json", "\"port\"")],
        ..PLAIN
    },
    Program {
        names: &["artisan"],
        verb: Some("serve"),
        port_variable: Some("SERVER_PORT"),
        host_variable: Some("SERVER_HOST"),
        default: (Some(8000), LOOPBACK),
        files: &[(".env", "SERVER_")],
        ..PLAIN
    },
    Program { names: &["php"], port: &[], host: &[], bind: &["-S"], ..PLAIN },
];

/// Programs that run a script which is a program of the table.
const INTERPRETERS: [&str; 3] = ["python", "python3", "php"];

/// Those scripts.
const SCRIPTS: [&str; 2] = ["manage.py", "artisan"];

/// Programs of languages that only start another one, with the words that belong to them.
const WRAPPERS: [(&str, &[&str]); 13] = [
    ("poetry", &["run"]),
    ("uv", &["run"]),
    ("pipenv", &["run"]),
    ("pdm", &["run"]),
    ("npx", &[]),
    ("bunx", &[]),
    ("opentelemetry-instrument", &[]),
    ("ddtrace-run", &[]),
    ("python", &["-m"]),
    ("python3", &["-m"]),
    ("coverage", &["run"]),
    ("watchmedo", &["auto-restart"]),
    ("nodemon", &[]),
];

/// The server that a command is. `None` where it is no program of the table.
pub(super) fn server(words: &[Word], at: Span, place: &Surroundings<'_>) -> Option<Server> {
    let (name, arguments) = named(words)?;
    let program = PROGRAMS.iter().find(|program| {
        program.names.contains(&name.as_str()) && program.verb.is_none_or(|verb| says(arguments, verb))
    })?;
    let said = Said::of(arguments, program)?;
    let port = said.port.or_else(|| program.default_port(place));
    let host = said.host.or_else(|| program.default_host(place));
    // Flags may stand in a variable, too.
    if name == "gunicorn" && matches!(place.variable("GUNICORN_CMD_ARGS"), Ok(Some(_))) {
        return None;
    }
    // The variable of gunicorn's port moves it off loopback.
    let host = match host {
        Some(Decided { value: Host::Loopback, at: None })
            if name == "gunicorn" && place.variable("PORT") != Ok(None) =>
        {
            None
        }
        host => host,
    };
    let opens = program.opens(port.as_ref().map(|port| port.value));
    let name = program.names.first().copied().unwrap_or_default();
    Some(Server { program: name, at, port, host, opens })
}

/// The name of the program, without what only starts it, and its arguments.
fn named(words: &[Word]) -> Option<(String, &[Word])> {
    let mut words = words;
    loop {
        let (first, rest) = words.split_first()?;
        let first = first.known()?;
        let name = first.rsplit('/').next().unwrap_or_default();
        if name.contains('=') {
            words = rest;
        } else if let Some(script) = script_of(name, rest) {
            words = script;
        } else if let Some((_, own)) = WRAPPERS.iter().find(|(wrapper, _)| *wrapper == name) {
            words = after_wrapper(rest, own)?;
        } else {
            return Some((name.to_owned(), rest));
        }
    }
}

/// The words from the script on that an interpreter is given, where it is a program of the table.
fn script_of<'w>(interpreter: &str, rest: &'w [Word]) -> Option<&'w [Word]> {
    let at = rest.iter().position(|word| !is_flag(word))?;
    let (flags, script) = rest.split_at_checked(at)?;
    let is_known =
        script.first()?.known().is_some_and(|word| SCRIPTS.iter().any(|name| word.ends_with(name)));
    (INTERPRETERS.contains(&interpreter) && is_known && !says(flags, "-m")).then_some(script)
}

/// The words after those that belong to a wrapper: flags, and one of `own`, where it has any.
fn after_wrapper<'w>(rest: &'w [Word], own: &[&str]) -> Option<&'w [Word]> {
    let is_own = |word: &Word| word.known().is_some_and(|word| own.contains(&&*word));
    let mut words = rest;
    if !own.is_empty() {
        let at = rest.iter().position(is_own)?;
        // Flags may stand before it, and no other words.
        rest.get(..at)?.iter().all(is_flag).then_some(())?;
        words = rest.get(at + 1..)?;
    }
    words.get(words.iter().take_while(|word| is_flag(word)).count()..)
}

fn is_flag(word: &Word) -> bool {
    word.known().is_some_and(|word| word.starts_with('-'))
}

fn says(words: &[Word], verb: &str) -> bool {
    words.iter().any(|word| word.known().as_deref() == Some(verb))
}

/// What the arguments of a command say.
struct Said {
    port: Option<Decided<u16>>,
    host: Option<Decided<Host>>,
}

impl Said {
    /// `None` where they may say anything.
    fn of(arguments: &[Word], program: &Program) -> Option<Self> {
        let mut said = Self { port: None, host: None };
        let mut words = arguments.iter().peekable();
        let mut after_flag = false;
        while let Some(word) = words.next() {
            let Some(text) = word.known() else {
                // What is not known is a value where it follows a flag, and may be anything elsewhere.
                if after_flag {
                    after_flag = false;
                    continue;
                }
                return None;
            };
            let (flag, value) = match text.split_once('=') {
                Some((flag, value)) if text.starts_with('-') => (flag.to_owned(), Some(value.to_owned())),
                _ => (text.to_string(), None),
            };
            if program.elsewhere.contains(&flag.as_str()) {
                return None;
            }
            after_flag = text.starts_with('-') && value.is_none();
            let takes = |flags: &[&str]| flags.contains(&flag.as_str());
            let is_ours = takes(program.port) || takes(program.host) || takes(program.bind);
            if !is_ours {
                if program.takes_address && text.chars().all(|c| c.is_ascii_digit()) {
                    said.port = Some(Decided { value: text.parse().ok()?, at: Some(word.at) });
                } else if program.takes_address && text.contains(':') && !text.starts_with('-') {
                    said.bind(&text, word.at)?;
                }
                continue;
            }
            let (value, at) = match value {
                Some(value) => (value, word.at),
                None => match words.next_if(|next| !is_flag(next)) {
                    Some(next) => (next.known()?.into_owned(), next.at),
                    // `vite --host`
                    None => (String::new(), word.at),
                },
            };
            after_flag = false;
            if takes(program.port) {
                said.port = Some(Decided { value: value.parse().ok()?, at: Some(at) });
            } else if takes(program.host) {
                said.host = Some(Decided { value: host(&value)?, at: Some(at) });
            } else {
                // Several addresses are several ports.
                if said.port.is_some() {
                    return None;
                }
                said.bind(&value, at)?;
            }
        }
        Some(said)
    }

    fn bind(&mut self, address: &str, at: Span) -> Option<()> {
        let (name, port) = address.rsplit_once(':').filter(|(name, _)| *name != "unix")?;
        self.port = Some(Decided { value: port.parse().ok()?, at: Some(at) });
        self.host = Some(Decided { value: host(name)?, at: Some(at) });
        Some(())
    }
}

fn host(name: &str) -> Option<Host> {
    match name.trim_matches(['[', ']']) {
        "" | "0.0.0.0" | "::" | "*" | "true" => Some(Host::Everywhere),
        "127.0.0.1" | "localhost" | "::1" => Some(Host::Loopback),
        _ => None,
    }
}

impl Program {
    /// The words that make it listen everywhere.
    fn opens(&self, port: Option<u16>) -> String {
        let port = port.or(self.default.0).map_or_else(|| "PORT".to_owned(), |port| port.to_string());
        match (self.host, self.bind) {
            ([flag, ..], _) if !self.takes_address => format!("{flag} 0.0.0.0"),
            (_, [flag, ..]) => format!("{flag} 0.0.0.0:{port}"),
            _ => format!("0.0.0.0:{port}"),
        }
    }

    fn default_port(&self, place: &Surroundings<'_>) -> Option<Decided<u16>> {
        if let Some(name) = self.port_variable
            && let Some(value) = place.variable(name).ok()?.filter(|value| !value.is_empty())
        {
            return Some(Decided { value: value.parse().ok()?, at: None });
        }
        let default = self.default.0.filter(|_| !self.is_configured(place))?;
        Some(Decided { value: default, at: None })
    }

    fn default_host(&self, place: &Surroundings<'_>) -> Option<Decided<Host>> {
        if let Some(name) = self.host_variable
            && let Some(value) = place.variable(name).ok()?.filter(|value| !value.is_empty())
        {
            return Some(Decided { value: host(value)?, at: None });
        }
        let default = self.default.1.filter(|_| !self.is_configured(place))?;
        Some(Decided { value: default, at: None })
    }

    /// Whether a file that may be in the image says where it listens.
    fn is_configured(&self, place: &Surroundings<'_>) -> bool {
        !self.files.is_empty()
            && place.sources.files_within(&place.image.context).any(|(file, path)| {
                let is_its = |(name, _): &&(&str, &str)| path.file_name().starts_with(name);
                let mut own = self.files.iter().filter(is_its).peekable();
                own.peek().is_some()
                    && place
                        .sources
                        .read(file)
                        .is_ok_and(|decoded| own.any(|(_, says)| decoded.text.contains(says)))
            })
    }
}
