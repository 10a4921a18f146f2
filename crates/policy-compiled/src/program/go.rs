//! The package that a program in Go is built from.

use policy_text::source::{RepoPath, Sources};

use super::{Image, Made, Program};
use crate::go::{is_command, module_of};

/// The flags of `go build` that take a value.
const VALUED: [&str; 14] = [
    "-C",
    "-asmflags",
    "-buildmode",
    "-buildvcs",
    "-compiler",
    "-gcflags",
    "-installsuffix",
    "-ldflags",
    "-mod",
    "-modfile",
    "-o",
    "-overlay",
    "-p",
    "-tags",
];

/// The folders in which a program is looked for that is called by its name alone.
const PATH: [&str; 4] = ["/usr/local/bin", "/usr/bin", "/bin", "/go/bin"];

/// The program that these words start, where a command of the build makes it with `go build`.
pub(super) fn program(words: &[&str], image: &dyn Image, sources: &Sources<'_>) -> Option<Program> {
    let started = words.first()?;
    let on_path = PATH.iter().map(|folder| format!("{folder}/{started}")).filter(|_| !started.contains('/'));
    let places = on_path.chain([(*started).to_owned()]);
    let folder = places.into_iter().find_map(|place| package_of(&image.made(&place)?, sources))?;
    Some(Program::Go(folder))
}

/// The package that a file is built from.
fn package_of(made: &Made<'_>, sources: &Sources<'_>) -> Option<RepoPath> {
    let builds: Vec<Build> = made.commands.iter().flat_map(|(folder, text)| builds(folder, text)).collect();
    let makes = |build: &&Build| build.makes(&made.path);
    let build = match builds.as_slice() {
        [only] if only.output.is_none() || only.makes(&made.path) => only,
        several => several.iter().find(makes)?,
    };
    build.package(made, sources)
}

/// A `go build`.
struct Build {
    /// The folder that it runs in.
    folder: String,
    output: Option<String>,
    /// The package, as it is written.
    package: String,
}

impl Build {
    /// Whether the file at `path` is what it writes.
    fn makes(&self, path: &str) -> bool {
        let package = name(self.package.trim_end_matches("/.").trim_end_matches(".go"));
        match &self.output {
            Some(output) => name(output) == name(path) || output.ends_with('/') && package == name(path),
            None => {
                package == name(path) || matches!(package, "." | "main") && name(&self.folder) == name(path)
            }
        }
    }

    /// The folder of the package.
    fn package(&self, made: &Made<'_>, sources: &Sources<'_>) -> Option<RepoPath> {
        let inside = self.package.trim_start_matches("./").trim_end_matches('/');
        let folder = match inside.rsplit_once('/') {
            Some((folder, file)) if has_extension(file) => folder,
            None if has_extension(inside) || inside == "." => "",
            _ => inside,
        };
        let places = (made.in_tree)(&self.folder).into_iter();
        let mut found = places.filter_map(|place| place.join(folder));
        found.find(|folder| is_command(folder, sources) && module_of(folder, sources).is_some())
    }
}

fn has_extension(file: &str) -> bool {
    file.strip_suffix("go").is_some_and(|stem| stem.ends_with('.'))
}

fn name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// The commands of a text of shell that build with Go. A `cd` before them counts.
fn builds(folder: &str, text: &str) -> Vec<Build> {
    let mut folder = folder.to_owned();
    let mut found = Vec::new();
    for command in text.split(['\n', ';', '&', '|', '(', ')']) {
        let words = words(command);
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["cd", to] if to.starts_with('/') => (*to).clone_into(&mut folder),
            ["cd", to] => folder = format!("{folder}/{}", to.trim_start_matches("./")),
            words => {
                // Variables may stand before it.
                let first = words.iter().position(|word| !word.contains('=') && *word != "env");
                let go = first.and_then(|at| words.get(at..)).unwrap_or_default();
                if let [program, "build" | "install", arguments @ ..] = go
                    && name(program) == "go"
                {
                    found.push(build(&folder, arguments));
                }
            }
        }
    }
    found
}

fn build(folder: &str, arguments: &[&str]) -> Build {
    let mut build = Build { folder: folder.to_owned(), output: None, package: ".".to_owned() };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let (flag, value) = word.split_once('=').map_or((*word, None), |(flag, value)| (flag, Some(value)));
        if !word.starts_with('-') {
            (*word).clone_into(&mut build.package);
            // Several files are one package.
            break;
        }
        if VALUED.contains(&flag) {
            let value = value.or_else(|| words.next().copied());
            match (flag, value) {
                ("-o", Some(value)) => build.output = Some(value.to_owned()),
                ("-C", Some(value)) => build.folder = format!("{folder}/{}", value.trim_start_matches("./")),
                _ => {}
            }
        }
    }
    build
}

/// The words of a command, with quotes and ends of lines that are escaped taken away.
fn words(command: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in command.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '\\') => {}
            (None, _) if letter.is_whitespace() => found.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    found.extend(word);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_say_their_package_and_what_they_write() {
        for (text, expected) in [
            ("go build -o /bin/api ./cmd/api", "/src ./cmd/api > /bin/api"),
            ("CGO_ENABLED=0 GOOS=linux go build -ldflags=\"-s -w\" -o api .", "/src . > api"),
            (
                "go mod download && go build -a -installsuffix cgo -o main cmd/main.go",
                "/src cmd/main.go > main",
            ),
            ("cd services/api && go build -v -o /out", "/src/services/api . > /out"),
            ("go install ./...", "/src ./... >"),
        ] {
            let found = builds("/src", text);
            let shown: Vec<String> = found
                .iter()
                .map(|build| {
                    format!("{} {} > {}", build.folder, build.package, build.output.as_deref().unwrap_or(""))
                })
                .collect();
            assert_eq!(shown.join("; ").trim_end(), expected, "{text}");
        }
        assert!(builds("/src", "go test ./... && echo go build").is_empty());
    }
}
