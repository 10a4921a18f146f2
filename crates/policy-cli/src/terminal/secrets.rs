//! Secrets that excerpts mask, because more people read a report than the file that it is about.

use std::collections::BTreeMap;
use std::ops::Range;

use policy_core::report::Report;
use policy_core::source::{FileId, RepoPath, offset_in};
use policy_core::{FileKind, secret};

/// Where the findings of a report say that secrets are written. Invariant: those of a file are sorted and apart.
#[derive(Debug, Default)]
pub(super) struct Told(BTreeMap<FileId, Vec<Range<usize>>>);

impl Told {
    pub(super) fn by(report: &Report) -> Self {
        let spans = report.diagnostics.iter().flat_map(|diagnostic| &diagnostic.finding.secrets);
        let mut spans: Vec<_> = spans.collect();
        spans.sort_unstable();
        let mut told: BTreeMap<FileId, Vec<Range<usize>>> = BTreeMap::new();
        for span in spans {
            let of_file = told.entry(span.file).or_default();
            let range = span.range();
            match of_file.last_mut().filter(|last| range.start <= last.end) {
                Some(last) => last.end = last.end.max(range.end),
                None => of_file.push(range),
            }
        }
        Self(told)
    }

    /// Whether the byte `at` of a file is of one.
    pub(super) fn hides(&self, file: FileId, at: usize) -> bool {
        let of_file = self.0.get(&file).map(Vec::as_slice).unwrap_or_default();
        let ended = of_file.partition_point(|range| range.end <= at);
        of_file.get(ended).is_some_and(|range| range.contains(&at))
    }
}

/// How a file writes texts, which may be secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texts {
    /// In quotes: what stands without them is an expression.
    Quoted,
    /// With or without quotes.
    Bare,
    /// Everything that follows a name, as in files of environment variables; any of them may be a secret.
    All,
}

impl Texts {
    pub(super) fn of(path: &RepoPath) -> Self {
        let name = path.file_name();
        if name.starts_with(".env") || path.extension() == Some("env") {
            return Self::All;
        }
        match FileKind::of(path) {
            Some(FileKind::Terraform | FileKind::Script | FileKind::Page | FileKind::Bake) => Self::Quoted,
            _ => Self::Bare,
        }
    }
}

/// The bytes of `line` that are left out. A value that `is_marked` is what the finding is about, and stays; a secret in an
/// address never does.
pub(super) fn hidden(
    line: &str,
    texts: Texts,
    is_marked: impl Fn(&Range<usize>) -> bool,
) -> Vec<Range<usize>> {
    let values = match texts {
        Texts::All => environment_value(line).into_iter().collect(),
        Texts::Quoted | Texts::Bare => secret_values(line, texts),
    };
    let values = values.into_iter().filter(|value| !is_marked(value));
    let beside = secret::passwords_in(line).into_iter().chain(query_values(line)).chain(login_values(line));
    values.chain(beside).collect()
}

/// The secrets of `?token=secret&…`.
fn query_values(line: &str) -> Vec<Range<usize>> {
    let value = |(at, _): (usize, &str)| {
        let (name, value) = line.get(at + 1..)?.split_once('=')?;
        let value = value.split(|c: char| c.is_whitespace() || "&#\"'`<>".contains(c)).next()?;
        let start = at + 1 + name.len() + 1;
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        (is_name && secret::is_masked(name, value) && !is_reference(value))
            .then(|| start..start + value.len())
    };
    line.match_indices(['?', '&']).filter_map(value).collect()
}

/// What `docker login -p secret`, or the login of another program, is given.
fn login_values(line: &str) -> Vec<Range<usize>> {
    let Some(start) = line.find(" login ") else { return Vec::new() };
    let flags = [" -p ", " --password "].into_iter().flat_map(|flag| line.match_indices(flag));
    let value = |(at, flag): (usize, &str)| {
        let rest = line.get(at + flag.len()..)?.trim_start();
        let text = rest.trim_start_matches(['"', '\'']);
        let value = text.split(|c: char| c.is_whitespace() || "\"'".contains(c)).next()?;
        let start = line.len() - text.len();
        (!is_reference(value)).then(|| start..start + value.len())
    };
    let end =
        line.get(start..).and_then(|rest| rest.find(['&', ';', '|'])).map_or(line.len(), |end| start + end);
    flags.filter(|(at, _)| (start..end).contains(at)).filter_map(value).collect()
}

/// What `NAME=value` gives.
fn environment_value(line: &str) -> Option<Range<usize>> {
    let (name, value) = line.split_once('=')?;
    (!name.trim_start().starts_with('#')).then(|| line.len() - value.len()..line.len())
}

/// Whether a value stands elsewhere and is only referred to here.
fn is_reference(value: &str) -> bool {
    value.starts_with(['$', '{', '<', '%', '!', '*', '&'])
}

/// What is given to names of secrets: `DB_PASSWORD=x`, `"apiKey": "x"`, `password = "x"`.
fn secret_values(line: &str, texts: Texts) -> Vec<Range<usize>> {
    let given = names(line).filter_map(|name| {
        let value = value_after(line, name.end, texts)?;
        secret::is_masked(line.get(name)?, line.get(value.clone())?).then_some(value)
    });
    given.chain(lone_value(line).and_then(|end| value_after(line, end, texts))).collect()
}

/// Where names stand in a line.
fn names(line: &str) -> impl Iterator<Item = Range<usize>> {
    let parts = line.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'));
    parts.filter(|name| !name.is_empty()).map(|name| {
        let start = offset_in(line, name);
        start..start + name.len()
    })
}

/// Where the name ends in a line with a `value` and no more: what it is the value of stands in another line.
fn lone_value(line: &str) -> Option<usize> {
    let rest = line.trim_start().trim_start_matches(['"', '\'']).strip_prefix("value")?;
    rest.trim_start_matches(['"', '\'']).trim_start().starts_with(['=', ':']).then(|| line.len() - rest.len())
}

/// What follows the `value` beside a name: `{ name = "DB_PASSWORD", value = "x" }`.
fn behind_paired_value(rest: &str) -> Option<&str> {
    let key = rest.strip_prefix(',')?.trim_start().trim_start_matches(['"', '\'']);
    Some(key.strip_prefix("value")?.trim_start_matches(['"', '\'']).trim_start())
}

/// The text that is given to the name that ends at `end`.
fn value_after(line: &str, end: usize, texts: Texts) -> Option<Range<usize>> {
    let rest = line.get(end..)?.trim_start_matches(['"', '\'']).trim_start();
    let rest = behind_paired_value(rest).unwrap_or(rest);
    let value = rest.strip_prefix(":=").or_else(|| rest.strip_prefix(['=', ':']))?.trim_start();
    let (value, end_of_text): (_, fn(char) -> bool) = if let Some(text) = value.strip_prefix('"') {
        (text, |c| c == '"')
    } else if let Some(text) = value.strip_prefix('\'') {
        (text, |c| c == '\'')
    } else if let Some(text) = value.strip_prefix('`') {
        (text, |c| c == '`')
    } else if texts == Texts::Bare {
        (value, |c| c.is_whitespace() || ",;\"'`".contains(c))
    } else {
        return None;
    };
    let text = value.split(end_of_text).next()?;
    if is_reference(text) {
        return None;
    }
    let start = line.len() - value.len();
    Some(start..start + text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str, line: &str) -> String {
        let texts = Texts::of(&RepoPath::new(path).unwrap());
        let mut shown = line.to_owned();
        for range in hidden(line, texts, |value| line[value.clone()].contains("MARKED")) {
            shown.replace_range(range.clone(), &"*".repeat(range.len()));
        }
        shown
    }

    #[test]
    fn what_a_secret_is_given_is_left_out() {
        for (path, line, expected) in [
            ("compose.yaml", "  - DB_PASSWORD=hunter2", "  - DB_PASSWORD=*******"),
            ("compose.yaml", "  api-key: hunter2 # mine", "  api-key: ******* # mine"),
            ("Dockerfile", "ARG NPM_TOKEN=npm.hunter2", "ARG NPM_TOKEN=***********"),
            (
                "deploy.sh",
                "export AWS_SECRET_ACCESS_KEY='hunter 2'",
                "export AWS_SECRET_ACCESS_KEY='********'",
            ),
            ("main.tf", "  password = \"hunter2\"", "  password = \"*******\""),
            ("a.ts", "{ apiKey: 'hunter2', token: \"x\" }", "{ apiKey: '*******', token: \"*\" }"),
            ("a.json", "{ \"clientSecret\": \"hunter2\" }", "{ \"clientSecret\": \"*******\" }"),
            (
                "main.tf",
                "{ name = \"DB_PASSWORD\", value = \"hunter2\" },",
                "{ name = \"DB_PASSWORD\", value = \"*******\" },",
            ),
            ("main.tf", "  value = \"hunter2\"", "  value = \"*******\""),
            (
                "a.json",
                "{\"name\": \"TOKEN\", \"value\": \"hunter2\"}",
                "{\"name\": \"TOKEN\", \"value\": \"*******\"}",
            ),
            ("a.ts", "const token = `hunter2`;", "const token = `*******`;"),
            ("deploy.sh", "docker login -u me -p hunter2 r.io", "docker login -u me -p ******* r.io"),
            (
                "ci.yml",
                "- run: helm registry login r.io --password 'hunter2'",
                "- run: helm registry login r.io --password '*******'",
            ),
            (".env.production", "STRIPE=sk live", "STRIPE=*******"),
            ("compose.yaml", "  - SECRET_KEY_BASE=hunter2", "  - SECRET_KEY_BASE=*******"),
            ("compose.yaml", "  API_TOKEN_1: hunter2", "  API_TOKEN_1: *******"),
            (
                "main.tf",
                "{ name = \"DB_PASSWORD_PROD\", value = \"hunter2\" },",
                "{ name = \"DB_PASSWORD_PROD\", value = \"*******\" },",
            ),
            ("prod.env", "A=b", "A=*"),
            ("a.ts", "`wss://me:hunter2@example.org/x`", "`wss://me:*******@example.org/x`"),
            ("a.ts", "'wss://h/x?a=b&access-token=hunter2'", "'wss://h/x?a=b&access-token=*******'"),
        ] {
            assert_eq!(shown(path, line), expected);
        }
    }

    #[test]
    fn what_refers_to_a_secret_or_is_none_stays() {
        for (path, line) in [
            ("compose.yaml", "  - DB_PASSWORD=${DB_PASSWORD}"),
            ("ci.yml", "  token: ${{ secrets.TOKEN }}"),
            ("ci.yml", "secrets: inherit"),
            ("main.tf", "  password = var.password"),
            ("main.tf", "  secret_name = \"database\""),
            ("main.tf", "  secrets_ttl = \"3600\""),
            ("compose.yaml", "  MAX_TOKENS: 4096"),
            ("a.ts", "function open(token: string) {"),
            ("a.ts", "const tokens = [\"a\"];"),
            ("a.ts", "const token = `${token}`;"),
            ("deploy.sh", "docker login -u me -p \"$TOKEN\" r.io && mkdir -p out"),
            ("deploy.sh", "mkdir -p out"),
            (".env", "# NAME=value"),
            (".env", "VITE_URL=ws://localhost:8000/MARKED"),
            ("a.ts", "`ws://localhost:8000/a@b`"),
            ("a.ts", "`wss://h/x?token=${token}&tokens=3`"),
            ("a.ts", "const other = given ? token = 1 : 2;"),
        ] {
            assert_eq!(shown(path, line), line);
        }
    }

    #[test]
    fn a_secret_in_an_address_is_left_out_even_of_what_the_finding_is_about() {
        let line = "VITE_URL=ws://me:hunter2@localhost/MARKED?token=hunter2";
        assert_eq!(shown(".env", line), "VITE_URL=ws://me:*******@localhost/MARKED?token=*******");
    }
}
