//! The `.env` file beside a compose file: the values that compose puts in for variables.

use policy_text::source::{FileId, RepoPath, Sources, Span};
use policy_text::value::Text;

use super::interpolate::Environment;

/// Reads the `.env` file of `folder`. A folder without one, or one that cannot be read, gives no values.
pub(super) fn of_folder(folder: &RepoPath, sources: &Sources<'_>) -> Environment {
    let Some(file) = folder.join(".env").and_then(|path| sources.find(&path)) else {
        return Environment::new();
    };
    sources.read(file).map(|decoded| parse(file, &decoded.text)).unwrap_or_default()
}

fn parse(file: FileId, text: &str) -> Environment {
    let mut environment = Environment::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some((name, value)) = assignment(line) {
            let offset = start + (value.as_ptr() as usize - line.as_ptr() as usize);
            let at = Span::new(file, offset..offset + value.len());
            // A value that is put together from others is not followed.
            if !value.contains('$') {
                environment.insert(name.to_owned(), Text::literal(value, at));
            }
        }
        start += line.len();
    }
    environment
}

/// `export NAME="value" # why`: the name and the value without quotes and comment.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_start_matches('\u{feff}');
    let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty() || name.starts_with('#') {
        return None;
    }
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.split_once(quote).map(|(value, _)| (name, value));
        }
    }
    let value = value.split_once(" #").map_or(value, |(value, _)| value.trim_end());
    Some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lose_their_quotes_and_comments_and_keep_their_places() {
        let text = "# TAG=0\nTAG=latest # for now\nexport NAME=\"my app\"\nEMPTY=\nFROM=$OTHER\n";
        let environment = parse(FileId(0), text);
        let tag = environment.get("TAG").unwrap();
        assert_eq!(tag.known().as_deref(), Some("latest"));
        assert_eq!(&text[tag.last_literal().unwrap().at.range()], "latest");
        assert_eq!(environment.get("NAME").unwrap().known().as_deref(), Some("my app"));
        assert_eq!(environment.get("EMPTY").unwrap().known().as_deref(), Some(""));
        assert!(!environment.contains_key("FROM"));
    }
}
