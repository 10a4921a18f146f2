//! Health checks, read: which programs a command needs to succeed, and which addresses it asks.

mod words;

use policy_text::source::Span;
use policy_text::value::Text;

use crate::model::probe::{Asked, Attempt, Hopeless, Probe, Program};
use words::{Operator, Part, Token};

/// How many shells may be started within one another.
const MAX_DEPTH: usize = 4;

/// Programs that only run what follows.
const WRAPPERS: [&str; 5] = ["env", "exec", "nice", "command", "timeout"];

/// Programs that fail on what a missing program does not write, unless they are told to look for its absence.
const FILTERS: [&str; 5] = ["grep", "egrep", "fgrep", "jq", "awk"];

/// The probe that a shell runs.
pub(crate) fn of_shell(text: &Text, at: Span) -> Probe {
    let mut probe = Probe { at, in_shell: true, attempts: None, asks: Vec::new() };
    probe.attempts = attempts(text, at, &mut probe.asks, 0);
    probe
}

/// The probe that is started without a shell.
pub(crate) fn of_words(words: &[(Text, Span)], at: Span) -> Probe {
    let tokens: Vec<Token> = words
        .iter()
        .map(|(text, at)| Token { text: text.to_string(), source: text.clone(), at: *at })
        .collect();
    let mut probe = Probe { at, in_shell: false, attempts: None, asks: Vec::new() };
    probe.attempts = command(&tokens, &mut probe.asks, 0);
    probe
}

/// The ways in which shell text succeeds. `None` where it has more than lists of plain commands.
fn attempts(text: &Text, at: Span, asks: &mut Vec<Asked>, depth: usize) -> Option<Vec<Attempt>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let parts = words::split(text, at)?;
    let mut attempts = Vec::new();
    for alternative in parts.split(|part| matches!(part, Part::Operator(Operator::Or))) {
        let mut own = vec![Attempt { needs: Vec::new(), hopeless: None }];
        for pipeline in alternative.split(|part| matches!(part, Part::Operator(Operator::And))) {
            let next = self::pipeline(pipeline, asks, depth)?;
            // Both must succeed, each in one of its ways.
            own = own.iter().flat_map(|before| next.iter().map(move |after| both(before, after))).collect();
        }
        attempts.extend(own);
    }
    Some(attempts)
}

fn both(before: &Attempt, after: &Attempt) -> Attempt {
    Attempt {
        needs: before.needs.iter().chain(&after.needs).cloned().collect(),
        hopeless: before.hopeless.clone().or_else(|| after.hopeless.clone()),
    }
}

/// The ways in which commands succeed of which each reads what the one before it writes.
fn pipeline(parts: &[Part], asks: &mut Vec<Asked>, depth: usize) -> Option<Vec<Attempt>> {
    let commands: Vec<Vec<Token>> = parts
        .split(|part| matches!(part, Part::Operator(Operator::Pipe)))
        .map(|command| {
            let words = command.iter().filter_map(|part| match part {
                Part::Word(token) => Some(token.clone()),
                Part::Operator(_) => None,
            });
            words.collect()
        })
        .collect();
    let (last, before) = commands.split_last()?;
    let mut ways = command(last, asks, depth)?;
    let judges = last.first().is_some_and(|program| FILTERS.contains(&name_of(&program.text)))
        && !last.iter().any(|word| is_inverted(&word.text));
    for words in before.iter().rev() {
        let own = command(words, asks, depth)?;
        if judges {
            ways = ways.iter().flat_map(|after| own.iter().map(move |before| both(before, after))).collect();
        }
    }
    Some(ways)
}

/// `-v`, `-qv`, `--invert-match`, `-c`: succeeds, or may, on no input.
fn is_inverted(word: &str) -> bool {
    let short = word.starts_with('-') && !word.starts_with("--");
    word.starts_with("--invert") || short && word.contains(['v', 'c'])
}

/// The ways in which one command succeeds: none where it always fails.
fn command(words: &[Token], asks: &mut Vec<Asked>, depth: usize) -> Option<Vec<Attempt>> {
    let words = without_wrappers(words)?;
    let (program, arguments) = words.split_first()?;
    if program.text.contains(['$', '=', '!']) {
        return None;
    }
    let name = name_of(&program.text);
    match name {
        "exit" => {
            let code = arguments.first().map(|code| code.text.as_str());
            return if matches!(code, Some("0") | None) { None } else { Some(Vec::new()) };
        }
        "false" => return Some(Vec::new()),
        // Words of the shell, whose outcome depends on more than their being there.
        "if" | "while" | "until" | "for" | "case" | "[" | "[[" | "test" | "cd" | "set" | "." | "source"
        | "eval" | "true" | ":" | "echo" | "export" | "until;" | "then" => return None,
        _ => {}
    }
    let own = Program { name: name.to_owned(), at: program.at };
    let script = arguments.iter().skip_while(|word| !is_command_flag(&word.text)).nth(1);
    match (name, script) {
        ("sh" | "bash" | "ash" | "dash", Some(script)) => {
            let inner = attempts(&script.source, script.at, asks, depth + 1)?;
            let with_shell = |attempt: Attempt| Attempt {
                needs: std::iter::once(own.clone()).chain(attempt.needs).collect(),
                ..attempt
            };
            return Some(inner.into_iter().map(with_shell).collect());
        }
        ("python" | "python3" | "node", Some(script)) => {
            let first = script.text.split_whitespace().next().unwrap_or_default();
            let hopeless = matches!(first, "curl" | "wget").then(|| Hopeless::OtherLanguage {
                interpreter: name.to_owned(),
                program: first.to_owned(),
                at: script.at,
            });
            return Some(vec![Attempt { needs: vec![own], hopeless }]);
        }
        _ => {}
    }
    let fails_on_error = fails_on_error(name, arguments);
    asks.extend(arguments.iter().filter_map(|word| asked(word, name, fails_on_error)));
    Some(vec![Attempt { needs: vec![own], hopeless: None }])
}

fn is_command_flag(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.ends_with(['c', 'e'])
}

fn without_wrappers(words: &[Token]) -> Option<&[Token]> {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        let name = name_of(&first.text);
        if !WRAPPERS.contains(&name) {
            break;
        }
        let after = rest.iter().position(|word| !word.text.starts_with('-') && !word.text.contains('='))?;
        words = rest.get(after..)?;
        if name == "timeout" {
            words = words.get(1..)?;
        }
    }
    Some(words)
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Flags by which `curl` sends something else than a plain request.
const OTHER_REQUESTS: [&str; 6] = ["-X", "--request", "-d", "--data", "-I", "--head"];

/// Whether a program asks by GET and fails on an answer that is an error: `wget` does, `curl` where it is told to.
fn fails_on_error(program: &str, arguments: &[Token]) -> bool {
    let mut flags = arguments.iter().map(|word| word.text.as_str()).filter(|word| word.starts_with('-'));
    let is_short = |flag: &str| !flag.starts_with("--");
    match program {
        "wget" => flags.all(|flag| !flag.starts_with("--post") && !flag.starts_with("--method")),
        "curl" => {
            let is_plain =
                flags.clone().all(|flag| !OTHER_REQUESTS.iter().any(|other| flag.starts_with(other)));
            is_plain && flags.any(|flag| flag.starts_with("--fail") || is_short(flag) && flag.contains('f'))
        }
        _ => false,
    }
}

/// The address that a word is.
fn asked(word: &Token, by: &str, fails_on_error: bool) -> Option<Asked> {
    let text = word.text.as_str();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        // Both programs take an address without a scheme.
        None if matches!(by, "curl" | "wget") && begins_with_host(text) => ("http", text),
        None => return None,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let path = rest.get(authority.len()..)?.split(['?', '#']).next()?;
    let path = if path.is_empty() { "/" } else { path };
    let path = (!path.contains(['$', '`', '{'])).then(|| path.to_owned());
    let authority = authority.rsplit('@').next()?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()),
        _ => (authority, if scheme == "https" { Some(443) } else { Some(80) }),
    };
    let start = text.find(host)?;
    let host_at = word.source.slice(start..start + host.len()).place().unwrap_or(word.at);
    Some(Asked { by: by.to_owned(), host: host.to_owned(), port, path, fails_on_error, at: word.at, host_at })
}

fn begins_with_host(text: &str) -> bool {
    ["localhost", "127.0.0.1", "0.0.0.0"].iter().any(|host| {
        text.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
    })
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;

    fn probe(text: &str) -> Probe {
        let at = Span::new(FileId(0), 0..text.len());
        of_shell(&Text::literal(text, at), at)
    }

    /// The programs that each way of succeeding needs; `?` where that cannot be told.
    fn ways(text: &str) -> String {
        let Some(attempts) = probe(text).attempts else { return "?".to_owned() };
        let needs = |attempt: &Attempt| {
            let names: Vec<&str> = attempt.needs.iter().map(|program| program.name.as_str()).collect();
            names.join("+") + if attempt.hopeless.is_some() { "!" } else { "" }
        };
        attempts.iter().map(needs).collect::<Vec<_>>().join(" or ")
    }

    #[test]
    fn a_probe_needs_the_programs_that_it_names() {
        for (text, expected) in [
            ("curl -f http://localhost:8000/health || exit 1", "curl"),
            ("/usr/bin/curl -f http://x/ >/dev/null 2>&1 || exit 1", "curl"),
            ("curl -f http://a/ || wget -qO- http://a/ || exit 1", "curl or wget"),
            ("pg_isready && curl -f http://a/", "pg_isready+curl"),
            ("timeout 5 curl -s http://a/ | grep -q ok || exit 1", "curl+grep"),
            ("curl -s http://a/ | cat", "cat"),
            ("curl -s http://a/ | grep -qv down", "grep"),
            ("bash -c 'curl -f http://a/ || exit 1'", "bash+curl"),
            ("python -c \"curl -f http://a/\"", "python!"),
            ("python -c 'import urllib.request' || exit 1", "python"),
        ] {
            assert_eq!(ways(text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_not_judged() {
        for text in [
            "curl -f http://a/ || exit 0",
            "curl -f http://a/; true",
            "! curl -f http://a/",
            "if curl -f http://a/; then exit 0; else exit 1; fi",
            "[ \"$(curl -s http://a/)\" = ok ]",
            "$PROBE http://a/",
            "curl http://a/ &",
        ] {
            assert_eq!(ways(text), "?", "{text}");
        }
    }

    #[test]
    fn a_probe_is_known_to_fail_on_an_error() {
        for (text, expected) in [
            ("curl -f http://localhost:8000/health?full=1", "/health fails"),
            ("curl -sSfL http://localhost:8000", "/ fails"),
            ("curl --fail-with-body http://localhost:8000/$WHICH", "? fails"),
            ("curl -s http://localhost:8000/health", "/health"),
            ("curl -f -X POST http://localhost:8000/health", "/health"),
            ("wget -qO- http://localhost:8000/health", "/health fails"),
            ("wget --post-data=x http://localhost:8000/health", "/health"),
        ] {
            let asks = probe(text).asks;
            let path = asks[0].path.as_deref().unwrap_or("?");
            let fails = if asks[0].fails_on_error { " fails" } else { "" };
            assert_eq!(format!("{path}{fails}"), expected, "{text}");
        }
    }

    #[test]
    fn an_address_is_taken_apart() {
        let asks =
            probe("wget -qO- http://localhost:8080/x || curl 127.0.0.1/y || curl https://a.b:$PORT/").asks;
        let seen: Vec<_> =
            asks.iter().map(|asked| (asked.by.as_str(), asked.host.as_str(), asked.port)).collect();
        assert_eq!(
            seen,
            [("wget", "localhost", Some(8080)), ("curl", "127.0.0.1", Some(80)), ("curl", "a.b", None)]
        );
        assert_eq!(asks[0].host_at.range(), 17..26);
    }
}
