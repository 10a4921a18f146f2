//! Files of nginx that the commands of a Dockerfile write, move and take away.

use policy_docker::dockerfile::{Command, Scope, Word};
use policy_shell::parse;
use policy_shell::resolve::{Command as Ran, State, run};
use policy_text::embedded::Embedded;
use policy_text::source::Span;

use crate::commands::without_wrappers;
use crate::contexts::programs::scripts;
use crate::model::nginx_image::NginxImage;

/// Programs that name files and do nothing to what stands in them.
const HARMLESS: [&str; 16] = [
    "chown", "chmod", "chgrp", "mkdir", "ls", "cat", "test", "[", "nginx", "find", "stat", "setcap",
    "addgroup", "adduser", "useradd", "grep",
];

/// Applies what a `RUN` does to the files of nginx. Whether it writes any.
pub(super) fn apply(image: &mut NginxImage, command: &Command, at: Span, scope: &Scope) -> bool {
    if !command.words().any(|word| word.text.contains("nginx")) {
        return false;
    }
    if let Command::Shell(text, documents) = command
        && let [document] = documents.as_slice()
        && let Some((path, is_quoted)) = document_target(&text.text)
    {
        return write_document(image, &path, document, is_quoted, at);
    }
    let Some(file) = command.words().next().map(|word| word.at.file) else { return false };
    let mut writes = false;
    for text in scripts(command) {
        // Places in the text alone: what is found stands for the whole instruction.
        let script = parse::read(Embedded::whole(file, &text)).ok();
        let ran = script.map(|script| run(&script, state(&text, scope)));
        let Some(ran) = ran.filter(|ran| !ran.cut_off) else {
            image.doubt.get_or_insert(at);
            continue;
        };
        for command in &ran.commands {
            let behind = text.get(command.at.range().end..).unwrap_or_default();
            writes |= one(image, command, at, behind.trim_start().starts_with(">>"));
        }
    }
    writes
}

/// The variables of the build that the text uses.
fn state(text: &str, scope: &Scope) -> State {
    let mut state = State::default();
    for name in policy_nginx::template::names(text) {
        if let Some(value) = scope.get(name) {
            state.set(name, vec![value.clone()]);
        }
    }
    state
}

/// The file of nginx that a here-document is written to, and whether the shell leaves it as it is.
fn document_target(text: &str) -> Option<(String, bool)> {
    let (before, after) = text.split_once("<<")?;
    if !before.trim_start().starts_with("cat") && !before.trim_start().starts_with("tee") {
        return None;
    }
    let is_quoted = after.trim_start_matches('-').starts_with(['\'', '"', '\\']);
    let words = text.replace('>', " > ");
    let path = words.split_whitespace().find(|word| word.starts_with("/etc/nginx/"))?;
    Some((path.trim_matches(['"', '\'']).to_owned(), is_quoted))
}

fn write_document(image: &mut NginxImage, path: &str, document: &Word, is_quoted: bool, at: Span) -> bool {
    let text = &document.text;
    // A shell would put values in.
    let escaped = text.replace("\\$", "");
    if !is_quoted && escaped.contains(['$', '`']) {
        image.doubt.get_or_insert(at);
        return true;
    }
    let mut written = Embedded::new(document.at.file);
    if text.len() == document.at.range().len() && (is_quoted || !text.contains('\\')) {
        written.push(text, document.at.start as usize);
    } else {
        written.push_for(&text.replace("\\$", "$"), document.at);
    }
    image.files.add(path, written);
    image.brought.push((document.at.file, at));
    true
}

fn one(image: &mut NginxImage, command: &Ran, at: Span, appends: bool) -> bool {
    let words = without_wrappers(&command.words);
    let Some((program, arguments)) = words.split_first() else { return false };
    let name = program.program().unwrap_or_default();
    let name = name.as_str();
    let paths: Vec<String> = arguments
        .iter()
        .filter_map(policy_shell::resolve::Word::known)
        .filter(|word| !word.starts_with('-'))
        .map(std::borrow::Cow::into_owned)
        .collect();
    if let Some(target) = &command.output {
        let Some(path) = target.known() else { return false };
        if !is_nginx(&path) {
            return false;
        }
        match text_of(name, arguments) {
            Some(text) => write(image, &path, &text, at, appends),
            None => image.doubt = image.doubt.or(Some(at)),
        }
        return true;
    }
    if !paths.iter().any(|path| is_nginx(path)) || HARMLESS.contains(&name) {
        return false;
    }
    match (name, paths.as_slice()) {
        ("rm" | "unlink", paths) => {
            for path in paths {
                image.files.remove(path.trim_end_matches('/'));
                image.files.remove_matching(path);
            }
            false
        }
        ("echo" | "printf" | "touch", _) if !command.piped => false,
        ("mv" | "cp", [from, to]) => {
            let Some(text) = image.files.get(from).cloned() else {
                // What is moved away to where nginx does not look is gone.
                if is_nginx(to) {
                    image.doubt.get_or_insert(at);
                }
                return is_nginx(to);
            };
            if name == "mv" {
                image.files.remove(from);
            }
            if is_nginx(to) {
                let to = if to.ends_with('/') {
                    format!("{to}{}", from.rsplit('/').next().unwrap_or_default())
                } else {
                    to.clone()
                };
                image.files.add(&to, text);
            }
            false
        }
        ("ln", [.., from, to]) => {
            match image.files.get(from).cloned() {
                Some(text) => image.files.add(to, text),
                None if is_nginx(to) => {
                    image.doubt.get_or_insert(at);
                }
                None => {}
            }
            is_nginx(to)
        }
        _ => {
            image.doubt.get_or_insert(at);
            false
        }
    }
}

fn is_nginx(path: &str) -> bool {
    path == "/etc/nginx" || path.starts_with("/etc/nginx/")
}

fn write(image: &mut NginxImage, path: &str, text: &str, at: Span, appends: bool) {
    let mut written = Embedded::new(at.file);
    if let Some(before) = image.files.get(path).filter(|_| appends) {
        written.push_from(before, 0..before.as_str().len());
    }
    written.push_for(text, at);
    image.files.add(path, written);
    image.brought.push((at.file, at));
}

/// What a command writes: `echo` and `printf` of what is known.
fn text_of(name: &str, arguments: &[policy_shell::resolve::Word]) -> Option<String> {
    let words: Option<Vec<String>> =
        arguments.iter().map(|word| word.known().map(std::borrow::Cow::into_owned)).collect();
    let words = words?;
    match name {
        "echo" => {
            let text = words.iter().skip_while(|word| matches!(word.as_str(), "-e" | "-n" | "-en" | "-ne"));
            Some(unescaped(&text.map(String::as_str).collect::<Vec<_>>().join(" ")) + "\n")
        }
        "printf" => {
            let (format, values) = words.split_first()?;
            let mut values = values.iter();
            let mut text = String::new();
            for (index, part) in unescaped(format).split("%s").enumerate() {
                if index > 0 {
                    text.push_str(values.next().map_or("", String::as_str));
                }
                text.push_str(part);
            }
            // A format that is used again for what is left, or that holds numbers.
            let is_plain =
                values.next().is_none() && !format.replace("%s", "").replace("%%", "").contains('%');
            is_plain.then(|| text.replace("%%", "%"))
        }
        _ => None,
    }
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
}
