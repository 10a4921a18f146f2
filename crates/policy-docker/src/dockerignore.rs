//! Ignore files of build contexts, as Docker reads them: not as git reads its own.

mod glob;
mod go_class;
mod go_regexp;
mod layout;
mod matching;
mod pattern;
mod wildcard;

pub use layout::{Group, Layout, Place};
pub use matching::{Decision, ParentMatches};
pub use pattern::{Flaw, Pattern};

use policy_text::Problem;
use policy_text::source::{FileId, Span, clean};

/// Docker stops reading an ignore file at a line of this many bytes.
const MAX_LINE: usize = 64 << 10;
/// More patterns than this are not read. The longest ignore file seen in public has some hundreds.
const MAX_PATTERNS: usize = 4096;

/// One ignore file.
#[derive(Debug)]
pub struct IgnoreFile {
    /// The file.
    pub file: FileId,
    /// The patterns that Docker can read, in order.
    pub patterns: Vec<Pattern>,
    /// How it is laid out, for those who add lines.
    pub layout: Layout,
}

/// Reads one ignore file. A pattern that Docker rejects is a problem; the others still count.
pub fn parse(file: FileId, text: &str) -> (IgnoreFile, Vec<Problem>) {
    let mut ignore = IgnoreFile { file, patterns: Vec::new(), layout: Layout::of(file, text) };
    let mut problems = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let line_start = start;
        start += line.len();
        let at = Span::new(file, line_start..line_start + line.trim_end().len());
        if line.len() > MAX_LINE {
            let message = "Docker rejects this line: it is longer than 64 KiB".to_owned();
            problems.push(Problem::rejected(Span::new(file, line_start..line_start), message));
            break;
        }
        if ignore.patterns.len() == MAX_PATTERNS {
            let message = format!("only the first {MAX_PATTERNS} patterns of this ignore file were read");
            problems.push(Problem::too_costly(at, message));
            break;
        }
        match read_line(file, line, line_start) {
            Ok(pattern) => ignore.patterns.extend(pattern),
            Err(reason) => {
                problems.push(Problem::rejected(at, format!("Docker rejects this pattern: {reason}")));
            }
        }
    }
    (ignore, problems)
}

/// One line: `Ok(None)` for a comment or an empty line.
fn read_line(file: FileId, line: &str, start: usize) -> Result<Option<Pattern>, &'static str> {
    let content = if start == 0 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
    if content.starts_with('#') {
        return Ok(None);
    }
    let trimmed = content.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    let offset = start + (line.len() - content.len()) + (content.len() - content.trim_start().len());
    let span = Span::new(file, offset..offset + trimmed.len());
    let (exception, written) = match trimmed.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, trimmed),
    };
    let cleaned = clean(written);
    if exception && (written.is_empty() || cleaned == "/") {
        return Err("an exception needs a path after `!`");
    }
    let cleaned = cleaned.strip_prefix('/').filter(|rest| !rest.is_empty()).unwrap_or(&cleaned);
    Pattern::new(cleaned, exception, span).map(|pattern| Some(pattern.written_as(trimmed)))
}

#[cfg(test)]
mod tests;
