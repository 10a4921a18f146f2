//! One line of an ignore file.

/// A line that says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'t> {
    /// Whether it takes back what earlier lines ignore.
    pub(super) keeps: bool,
    pub(super) only_folders: bool,
    pub(super) reach: Reach,
    /// The pattern, which holds a character at least.
    pub(super) pattern: &'t [u8],
}

/// What a pattern is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The last component of a path.
    Name,
    /// The path from the folder of the file.
    Path,
}

impl<'t> Line<'t> {
    /// Reads a line without its `\n`. `None` for one that says nothing.
    pub(super) fn parse(line: &'t [u8]) -> Option<Self> {
        let line = without_blanks(line.strip_suffix(b"\r").unwrap_or(line));
        if line.starts_with(b"#") {
            return None;
        }
        let (keeps, pattern) = line.strip_prefix(b"!").map_or((false, line), |rest| (true, rest));
        let (only_folders, pattern) =
            pattern.strip_suffix(b"/").map_or((false, pattern), |rest| (true, rest));
        // `**/name` is `name`, which costs a look-up instead of a comparison with every path.
        let name =
            pattern.strip_prefix(b"**/").filter(|name| !name.contains(&b'/') && !name.starts_with(b"**"));
        let pattern = name.unwrap_or(pattern);
        let has_slash = pattern.contains(&b'/');
        let pattern = pattern.strip_prefix(b"/").unwrap_or(pattern);
        let reach = if has_slash { Reach::Path } else { Reach::Name };
        (!pattern.is_empty()).then_some(Self { keeps, only_folders, reach, pattern })
    }
}

/// The line without the blanks at its end; one after a backslash stays.
fn without_blanks(line: &[u8]) -> &[u8] {
    let mut kept = line;
    while let Some(rest) = kept.strip_suffix(b" ") {
        let escapes = rest.iter().rev().take_while(|&&byte| byte == b'\\').count();
        if escapes % 2 == 1 {
            break;
        }
        kept = rest;
    }
    kept
}
