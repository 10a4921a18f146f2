//! Files whose bytes had to be altered to be a text.

use policy_text::Problem;
use policy_text::source::{Altered, FileId, Span};

use super::FileKind;

/// Whether who reads files of this kind takes UTF-16, as YAML demands.
pub(super) fn may_be_utf16(kind: FileKind) -> bool {
    kind == FileKind::Yaml
}

/// What is wrong with a file that had to be altered to be a text.
pub(super) fn problem(file: FileId, kind: FileKind, altered: Altered, text: &str) -> Option<Problem> {
    let (offset, message) = match altered {
        Altered::FromUtf16 if may_be_utf16(kind) => return None,
        Altered::FromUtf16 => {
            (0, "the file is UTF-16, so nothing in it was checked, and few tools read it: save it as UTF-8")
        }
        // A page says its encoding, and its scripts are plain.
        Altered::Replaced(_) if kind == FileKind::Page => return None,
        Altered::Replaced(offset) if kind == FileKind::Shell && has_ended(text, offset) => return None,
        Altered::Replaced(offset) => {
            (offset, "not valid UTF-8 from here on; each invalid byte was read as `?`")
        }
    };
    Some(Problem::unreadable(Span::new(file, offset..offset + 1), message))
}

/// Whether a script ends before `offset`: what follows is data that it carries, such as an archive which it unpacks.
fn has_ended(script: &str, offset: usize) -> bool {
    let before = script.get(..offset).unwrap_or_default();
    let mut lines =
        before.lines().map(|line| line.split_whitespace().next().filter(|_| !line.starts_with([' ', '\t'])));
    lines.any(|first| matches!(first, Some("exit" | "exec")))
}
