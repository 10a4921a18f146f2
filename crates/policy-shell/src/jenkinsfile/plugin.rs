//! Jenkins' docker plugin: `app = docker.build("acme/web")`, `app.push("latest")`.

use policy_text::embedded::Embedded;
use policy_text::source::{FileId, Span};

use super::{Quoted, string};

/// How long the expression of an argument may be.
const MAX_ARGUMENT: usize = 400;

/// What the plugin builds and pushes, in the order of the file.
#[derive(Debug, Default)]
pub struct Plugin {
    /// The images that are built or named.
    pub images: Vec<Image>,
    /// The pushes of these.
    pub pushes: Vec<Push>,
}

/// `app = docker.build("acme/web")`
#[derive(Debug)]
pub struct Image {
    variable: Option<String>,
    /// The reference.
    pub reference: Quoted,
    /// Whether it is built here, rather than only named.
    pub built: bool,
}

/// `app.push("latest")`
#[derive(Debug)]
pub struct Push {
    /// Which of the images is pushed.
    pub image: usize,
    /// The tag. `None`: the one that the image has.
    pub tag: Option<Quoted>,
    /// The call.
    pub at: Span,
}

impl Plugin {
    /// Reads the call that `source` has at `at`, where one begins there: what follows it is read from where this ends.
    pub(super) fn read(&mut self, file: FileId, source: &str, before: usize, at: usize) -> Option<usize> {
        let rest = source.get(at..).filter(|rest| rest.starts_with(['d', '.']))?;
        let head = || source.get(before..at).map(str::trim);
        let calls = [("docker.build(", true), ("docker.image(", false)];
        if let Some((call, built)) = calls.into_iter().find(|(call, _)| rest.starts_with(call)) {
            let (reference, end) = argument(file, source, at + call.len());
            let variable = head()?.strip_suffix('=').map(|name| last_word(name.trim_end()).to_owned());
            self.images.push(Image { variable, reference: reference?, built });
            return Some(end);
        }
        if !rest.starts_with(".push(") {
            return None;
        }
        let head = head()?;
        let image = if head.is_empty() || head.ends_with(')') {
            self.images.len().checked_sub(1)?
        } else {
            let name = last_word(head);
            self.images.iter().rposition(|image| image.variable.as_deref() == Some(name))?
        };
        let (tag, end) = argument(file, source, at + ".push(".len());
        self.pushes.push(Push { image, tag, at: Span::new(file, at + 1..end) });
        Some(end)
    }
}

fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or(text)
}

/// The first argument of a call, from behind its bracket, and where it ends. Terms that are no strings are holes.
fn argument(file: FileId, source: &str, start: usize) -> (Option<Quoted>, usize) {
    let mut whole = Quoted { text: Embedded::new(file), holes: Vec::new() };
    let mut at = start;
    let mut found = false;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty() && at - start < MAX_ARGUMENT) {
        if rest.starts_with(')') || rest.starts_with(',') {
            break;
        }
        if rest.starts_with(['+', ' ', '\t', '\n', '\r']) {
            at += 1;
            continue;
        }
        found = true;
        let offset = whole.text.as_str().len();
        if let Some(quote) = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote)) {
            let (term, end) = string(file, source, at, quote);
            whole.text.push_from(&term.text, 0..term.text.as_str().len());
            let moved =
                term.holes.into_iter().map(|(range, name)| (range.start + offset..range.end + offset, name));
            whole.holes.extend(moved);
            at = end;
        } else {
            let length = rest.find([')', ',', '+', '\n']).unwrap_or(rest.len());
            let name = rest.get(..length).unwrap_or_default();
            whole.text.push(name, at);
            whole.holes.push((offset..offset + length, name.trim().to_owned()));
            at += length;
        }
    }
    (found.then_some(whole), at)
}
