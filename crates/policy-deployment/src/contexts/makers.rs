//! Texts of the repository that may make a file: scripts, pipelines, and programs that builds run.

use memchr::memmem;
use policy_text::source::{FileId, RepoPath, Sources};
use rayon::prelude::*;

use crate::files::FileKind;

/// Texts that are larger are data.
const MAX_SIZE: usize = 256 << 10;

/// Where more files than this may run, what they make is not known.
const MAX_FILES: usize = 20_000;

/// Extensions of files whose lines are commands, or hold them.
const OF_COMMANDS: [&str; 11] =
    ["sh", "bash", "zsh", "fish", "ps1", "bat", "cmd", "mk", "just", "yml", "yaml"];

/// Extensions of files whose statements may take more than a line.
const OF_PROGRAMS: [&str; 13] =
    ["py", "rb", "js", "mjs", "cjs", "ts", "pl", "php", "gradle", "kts", "groovy", "xml", "toml"];

/// Programs that copy files, and those that make what they are told by name.
const COPIERS: [&str; 6] = ["cp", "mv", "ln", "rsync", "copy", "move"];
const MAKERS: [&str; 13] = [
    "tee",
    "touch",
    "curl",
    "wget",
    "tar",
    "unzip",
    "envsubst",
    "sops",
    "output",
    "path",
    "dest",
    "target",
    "artifacts",
];

/// What programs call it.
const MAKING: [&str; 12] = [
    "copy", "copie", "move", "write", "writ", "output", "open(", "generat", "render", "download", "extract",
    "rename",
];

/// Whether some text that may run speaks of making a file of the name of `path`, or of copying all that lies in the
/// folder of `elsewhere`.
pub(super) fn may_make(path: &RepoPath, elsewhere: &RepoPath, sources: &Sources<'_>) -> bool {
    let texts: Vec<(FileId, bool)> =
        sources.files().filter_map(|(file, path)| Some((file, runs_commands(path)?))).collect();
    let from = elsewhere.parent().map(|folder| format!("{}/", folder.file_name()));
    let from = from.as_deref().filter(|from| from.len() > 1);
    texts.len() > MAX_FILES
        || texts.into_iter().any(|(file, has_commands)| {
            let Some(text) = sources.read(file).ok().map(|decoded| decoded.text) else { return false };
            let makes = if has_commands { is_made_by_command } else { is_made_by_program };
            text.len() <= MAX_SIZE
                && (hits(&text, path.file_name()).any(|at| makes(&text, at))
                    || from.is_some_and(|from| {
                        has_commands && hits(&text, from).any(|at| is_copied(&text, at + from.len()))
                    }))
        })
}

/// Whether any text but a Dockerfile or an ignore file has the name of `path`.
pub(super) fn speak_of(path: &RepoPath, sources: &Sources<'_>) -> bool {
    let speaks = |file: FileId| match sources.read(file) {
        Ok(decoded) => hits(&decoded.text, path.file_name()).next().is_some(),
        Err(_) => false,
    };
    let is_text = |path: &RepoPath| {
        !matches!(FileKind::of(path), Some(FileKind::Dockerfile | FileKind::IgnoreFile))
            && path.file_name() != ".gitignore"
    };
    let texts: Vec<FileId> =
        sources.files().filter(|(_, path)| is_text(path)).map(|(file, _)| file).collect();
    texts.len() > MAX_FILES || texts.into_par_iter().any(speaks)
}

/// Whether the lines of the file at `path` are commands; otherwise they are a program's. `None` for what does not run.
fn runs_commands(path: &RepoPath) -> Option<bool> {
    let name = path.file_name();
    match path.extension() {
        _ if name == "package.json" || name.starts_with("Jenkinsfile") => Some(true),
        Some(extension) if OF_COMMANDS.contains(&extension) => Some(true),
        Some(extension) => OF_PROGRAMS.contains(&extension).then_some(false),
        None => (!name.starts_with('.') && !name.to_ascii_lowercase().contains("dockerfile")).then_some(true),
    }
}

/// Where `needle` stands as the end of a path.
fn hits<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    memmem::find_iter(text.as_bytes(), needle.as_bytes()).filter(move |at| {
        let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
        let after = text.as_bytes().get(at + needle.len());
        !before.is_some_and(|byte| is_part(*byte))
            && (needle.ends_with('/') || !after.is_some_and(|byte| is_part(*byte)))
    })
}

/// The line around a place, parted there.
fn line(text: &str, at: usize) -> (&str, &str) {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    (before.rsplit('\n').next().unwrap_or_default(), after.split('\n').next().unwrap_or_default())
}

fn says_any(line: &str, words: &[&str]) -> bool {
    line.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| words.contains(&word.to_ascii_lowercase().as_str()))
}

/// Whether a command makes the file whose name stands at `at`: it copies it, takes it for its output, or redirects into it.
fn is_made_by_command(text: &str, at: usize) -> bool {
    let (before, after) = line(text, at);
    let begin = before.rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '>' | '='));
    let (command, path) = before.split_at_checked(begin.map_or(0, |at| at + 1)).unwrap_or((before, ""));
    // What lies out of the checkout is in no context.
    if path.starts_with('/') {
        return false;
    }
    let into = command.trim_end_matches(['"', '\'', ' ']);
    into.ends_with('>')
        || ["-o", "-O", "--output", "--output="].iter().any(|flag| into.ends_with(flag))
        || [before, after].iter().any(|part| says_any(part, &COPIERS) || says_any(part, &MAKERS))
}

/// Whether a command copies what lies in the folder whose path ends at `end`.
fn is_copied(text: &str, end: usize) -> bool {
    let (before, after) = line(text, end);
    let all = after.starts_with(['*', '.', '"', '\'', ' ', '$']) || after.is_empty();
    all && says_any(before, &COPIERS)
}

/// Whether a program's words near `at` speak of making something.
fn is_made_by_program(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let begin = before.rmatch_indices('\n').nth(2).map_or(0, |(at, _)| at);
    let end = after.match_indices('\n').nth(2).map_or(after.len(), |(at, _)| at);
    let near =
        [before.get(begin..), after.get(..end)].into_iter().flatten().collect::<String>().to_lowercase();
    MAKING.iter().any(|word| near.contains(word))
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;

    fn may_make(name: &str, text: &str) -> bool {
        let tree = MemoryTree::of(&[(name, text), ("ops/web/nginx.conf", "")]);
        let path = |path: &str| RepoPath::new(path).unwrap();
        super::may_make(&path("nginx.conf"), &path("ops/web/nginx.conf"), &Sources::open(&tree))
    }

    #[test]
    fn a_command_that_copies_or_writes_the_file_makes_it() {
        for text in [
            "cp ops/web/nginx.conf .",
            "cp ops/web/* .",
            "rsync -a ops/web/ ./",
            "envsubst < nginx.conf.template > nginx.conf",
            "curl -sSo nginx.conf https://example.com/x",
            "cat x | tee nginx.conf",
            "wget -O \"$DIR/nginx.conf\" https://example.com/x",
        ] {
            assert!(may_make("build.sh", text), "{text}");
            assert!(may_make("Makefile", &format!("build:\n\t{text}\n")), "{text}");
        }
        for text in [
            "cat > /etc/nginx/nginx.conf <<EOF",
            "nginx -t -c nginx.conf",
            "cp my-nginx.conf x",
            "cp ops/web/index.html .",
            "test -f nginx.conf",
            "docker run -v ./nginx.conf:/etc/nginx/nginx.conf nginx",
        ] {
            assert!(!may_make("build.sh", text), "{text}");
        }
        assert!(!may_make("README.md", "cp ops/web/nginx.conf ."));
    }

    #[test]
    fn a_program_that_names_the_file_where_it_writes_makes_it() {
        assert!(may_make("build.py", "shutil.copyfile(\n    source,\n    'nginx.conf',\n)\n"));
        assert!(!may_make("build.py", "check('nginx.conf')\n"));
    }
}
