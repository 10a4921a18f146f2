//! Jenkinsfiles: the shell text of `sh` steps, and the plain strings that names stand for.

mod plugin;

use std::collections::BTreeMap;
use std::ops::Range;

pub use plugin::Plugin;

use policy_text::embedded::Embedded;
use policy_text::source::FileId;

/// How long an expression may be that Groovy puts into a string.
const MAX_NAME: usize = 200;

/// What one Jenkinsfile runs.
#[derive(Debug, Default)]
pub struct Jenkinsfile {
    /// The text of every `sh` step.
    pub steps: Vec<Quoted>,
    /// Names that are given one plain string in the whole file.
    pub values: BTreeMap<String, Embedded>,
    /// What the docker plugin builds and pushes.
    pub plugin: Plugin,
    /// Whether steps run in folders that the pipeline changes to.
    pub changes_folder: bool,
    /// From where on it may have files of other stages or jobs beside those of the checkout.
    pub supplied: Option<Range<usize>>,
}

/// A string of Groovy, its escapes resolved.
#[derive(Debug)]
pub struct Quoted {
    /// The text; what Groovy puts in is still written as `${name}`.
    pub text: Embedded,
    /// Where Groovy puts something in, and what: `env.TAG`.
    pub holes: Vec<(Range<usize>, String)>,
}

/// How long what stands before a string may be.
const MAX_HEAD: usize = 1_000;

/// Steps that get files of other stages, or of other jobs.
const SUPPLIERS: [&str; 2] = ["unstash", "copyArtifacts"];

/// Reads one file.
pub fn parse(file: FileId, text: &str) -> Jenkinsfile {
    let mut found = Jenkinsfile::default();
    let mut values: BTreeMap<String, Option<Embedded>> = BTreeMap::new();
    // What stands before the string that comes next, on its line.
    let mut before = 0;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if let Some(quote) =
            ["'''", "\"\"\"", "'", "\""].into_iter().find(|quote| rest.starts_with(quote))
        {
            let (quoted, end) = string(file, text, at, quote);
            // A longer one stands before no step and no value.
            let head = text.get(before..at).filter(|head| head.len() <= MAX_HEAD).unwrap_or_default();
            if is_step(head) {
                found.steps.push(quoted);
            } else if let Some(name) = assigned(head) {
                let next = text.get(end..).unwrap_or_default().trim_start_matches([' ', '\t']);
                let whole = next.is_empty() || next.starts_with(['\n', '\r', ';', '}']);
                let plain = (whole && quoted.holes.is_empty()).then_some(quoted.text);
                // A name with several values has none that is certain.
                values.entry(name.to_owned()).and_modify(|value| *value = None).or_insert(plain);
            }
            at = end;
        } else if let Some(end) = found.plugin.read(file, text, before, at) {
            at = end;
        } else {
            if rest.starts_with(['\n', ';', '{', '}']) {
                before = at + 1;
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found.values = values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    found.changes_folder = text.contains("dir(") || text.contains("dir (");
    found.supplied = SUPPLIERS.iter().filter_map(|step| text.find(step)).min().map(|at| at..text.len());
    found
}

/// Whether a string after `head` is the script of a step: `sh '…'`, `sh(script: '…')`, `x = sh(returnStdout: true, script: '…')`.
fn is_step(head: &str) -> bool {
    let head = head.trim();
    let call = head.rsplit_once('=').map_or(head, |(_, call)| call).trim_start();
    let Some(arguments) = call.strip_prefix("sh") else { return false };
    let arguments = arguments.trim_start().trim_start_matches('(').trim();
    arguments.is_empty() && (call.ends_with('(') || call == "sh") || arguments.ends_with("script:")
}

/// The name in `NAME =`, `def NAME =` or `String NAME =`.
fn assigned(head: &str) -> Option<&str> {
    let name = head.trim().strip_suffix('=')?.trim_end();
    let name = name.rsplit([' ', '.']).next()?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then_some(name)
}

/// The string that begins at `start`, and the byte after it.
fn string(file: FileId, source: &str, start: usize, quote: &str) -> (Quoted, usize) {
    let mut quoted = Quoted { text: Embedded::new(file), holes: Vec::new() };
    let mut at = start + quote.len();
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quote) {
            return (quoted, at + quote.len());
        }
        // A string with one quote ends with its line.
        if quote.len() == 1 && rest.starts_with('\n') {
            break;
        }
        let hole = if quote.starts_with('"') { hole(rest) } else { None };
        if let Some((length, name)) = hole {
            let from = quoted.text.as_str().len();
            quoted.text.push(rest.get(..length).unwrap_or_default(), at);
            quoted.holes.push((from..from + length, name.to_owned()));
            at += length;
        } else if let Some(escaped) = rest.strip_prefix('\\').and_then(|rest| rest.chars().next()) {
            let length = 1 + escaped.len_utf8();
            let meant = match escaped {
                'n' => "\n".to_owned(),
                't' => "\t".to_owned(),
                '\n' => String::new(),
                other => other.to_string(),
            };
            quoted.text.push_replacement(&meant, at..at + length);
            at += length;
        } else {
            let length = rest.chars().next().map_or(1, char::len_utf8);
            quoted.text.push(rest.get(..length).unwrap_or_default(), at);
            at += length;
        }
    }
    (quoted, at)
}

/// `${name}` or `$name` at the beginning of `rest`: its length, and what it names.
fn hole(rest: &str) -> Option<(usize, &str)> {
    let inner = rest.strip_prefix('$')?;
    if let Some(braced) = inner.strip_prefix('{') {
        let end = braced.bytes().take(MAX_NAME).position(|byte| byte == b'}')?;
        return Some((end + 3, braced.get(..end)?.trim()));
    }
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.').unwrap_or(inner.len());
    let name = inner.get(..end)?.trim_end_matches('.');
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some((name.len() + 1, name))
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::*;

    #[test]
    fn steps_and_values_are_read_and_comments_are_not() {
        let text = indoc! {r#"
            environment { TAG = 'latest' }
            // sh 'docker push no'
            def A = "x"
            A = 'y'
            B = 'a' + c
            sh 'docker push a:$TAG'
            sh(script: """
              docker push ${env.REG}/b:\$TAG
            """, returnStdout: true)
            echo 'docker push no'
            sh label: 'docker push no', script: 'docker push c'
        "#};
        let found = parse(FileId(0), text);
        let steps: Vec<_> = found.steps.iter().map(|step| step.text.as_str().trim()).collect();
        assert_eq!(steps, ["docker push a:$TAG", "docker push ${env.REG}/b:$TAG", "docker push c"]);
        assert_eq!(found.steps[1].holes[0].1, "env.REG");
        assert_eq!(found.values.keys().collect::<Vec<_>>(), ["TAG"]);
    }

    #[test]
    fn the_plugin_pushes_what_it_builds() {
        let text = indoc! {r#"
            def app
            app = docker.build("a/web", "./dir")
            app.push("latest"); app.push()
            // app.push('no')
            list.push('no')
            docker.build('a/api:' + TAG).push(env.BUILD_NUMBER)
        "#};
        let found = parse(FileId(0), text);
        let images: Vec<_> = found.plugin.images.iter().map(|image| image.reference.text.as_str()).collect();
        assert_eq!(images, ["a/web", "a/api:TAG"]);
        let tags: Vec<_> = found
            .plugin
            .pushes
            .iter()
            .map(|push| (push.image, push.tag.as_ref().map(|tag| tag.text.as_str())))
            .collect();
        assert_eq!(tags, [(0, Some("latest")), (0, None), (1, Some("env.BUILD_NUMBER"))]);
    }

    #[test]
    fn a_line_of_blanks_costs_little() {
        let text = format!("docker.image('a').push('latest')\n{}app.push()\n", "\t ".repeat(500_000));
        assert_eq!(parse(FileId(0), &text).plugin.pushes.len(), 1);
    }

    #[test]
    fn strings_that_do_not_end_are_read_to_the_end() {
        for (text, step) in [
            ("sh '''x", Some("x")),
            ("sh 'x\\", Some("x\\")),
            ("sh \"${", Some("${")),
            ("sh \"$", Some("$")),
            ("/*", None),
            ("docker.build(", None),
            ("docker.build('x').push(", None),
        ] {
            let found = parse(FileId(0), text);
            assert_eq!(found.steps.first().map(|step| step.text.as_str()), step, "{text}");
        }
    }
}
