//! Commands that ask for an address: `curl`, `wget`.

use policy_http::served::Methods;
use policy_shell::resolve::{Command, Word};

use super::flags::{Arguments, without_wrappers};
use crate::model::outside_request::OutsideRequest;

/// A program that asks, with its flags.
struct Form {
    program: &'static str,
    valued: &'static [&'static str],
    method: &'static [&'static str],
    /// With these it sends something.
    body: &'static [&'static str],
}

const FORMS: [Form; 2] = [
    Form {
        program: "curl",
        valued: CURL,
        method: &["-X", "--request"],
        body: &["-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "-F", "--form"],
    },
    Form {
        program: "wget",
        valued: WGET,
        method: &["--method"],
        body: &["--post-data", "--post-file", "--body-data"],
    },
];

/// Whether a text has the name of such a program.
pub(crate) fn asks_in(text: &str) -> bool {
    FORMS.iter().any(|form| text.contains(form.program))
}

/// The requests that a command sends whose addresses are decided.
pub(super) fn requests(command: &Command) -> Vec<OutsideRequest> {
    let Some((program, words)) = without_wrappers(&command.words).split_first() else { return Vec::new() };
    let name = program.program().unwrap_or_default();
    let Some(form) = FORMS.iter().find(|form| form.program == name) else { return Vec::new() };
    let arguments = Arguments::parse(words, |flag| takes_value(form, flag));
    let methods = match arguments.values(form.method).first() {
        Some(method) => {
            method.known().map_or(Methods::Any, |method| Methods::Only(vec![method.into_owned()]))
        }
        None if !arguments.values(form.body).is_empty() => Methods::Only(vec!["POST".to_owned()]),
        None => Methods::Any,
    };
    let named = arguments.values(&["--url"]);
    let urls = named.iter().chain(arguments.positional.iter().copied());
    let urls = urls.filter_map(|word: &Word| match word.values.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    });
    urls.map(|url| OutsideRequest { at: command.at, by: name.clone(), url, methods: methods.clone() })
        .collect()
}

/// Whether the flag takes the next word, also as the last of several letters: `-fsSo`.
fn takes_value(form: &Form, flag: &str) -> bool {
    let last = flag.chars().last().map(|letter| format!("-{letter}")).unwrap_or_default();
    let is_group = !flag.starts_with("--") && flag.len() > 2;
    form.valued.contains(&flag) || is_group && form.valued.contains(&last.as_str())
}

/// Flags of `curl` that take a value in the next word.
const CURL: &[&str] = &[
    "-A",
    "--user-agent",
    "-b",
    "--cookie",
    "-c",
    "--cookie-jar",
    "--cacert",
    "--cert",
    "--connect-timeout",
    "-d",
    "--data",
    "--data-binary",
    "--data-raw",
    "--data-urlencode",
    "-e",
    "--referer",
    "-F",
    "--form",
    "-H",
    "--header",
    "--json",
    "-K",
    "--config",
    "-m",
    "--max-time",
    "-o",
    "--output",
    "--resolve",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "-T",
    "--upload-file",
    "-u",
    "--user",
    "--url",
    "-w",
    "--write-out",
    "-x",
    "--proxy",
    "-X",
    "--request",
];

/// Flags of `wget` that take a value in the next word.
const WGET: &[&str] = &[
    "--body-data",
    "-e",
    "--execute",
    "--header",
    "--method",
    "-O",
    "--output-document",
    "-o",
    "--output-file",
    "-P",
    "--directory-prefix",
    "--post-data",
    "--post-file",
    "-t",
    "--tries",
    "-T",
    "--timeout",
    "-U",
    "--user-agent",
    "-w",
    "--wait",
];
