//! Secrets that excerpts mask, because more people read a report than the file that it is about.

use std::ops::Range;

use policy_core::FileKind;
use policy_core::source::RepoPath;

/// What names of secrets end in, with `_` for `-`.
const NAMES: [&str; 14] = [
    "access_key",
    "accesskey",
    "api_key",
    "apikey",
    "credential",
    "credentials",
    "encryption_key",
    "passphrase",
    "passwd",
    "password",
    "private_key",
    "secret",
    "secret_key",
    "token",
];

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
    values.chain(passwords(line)).chain(query_values(line)).collect()
}

/// The passwords of `scheme://user:password@host`.
fn passwords(line: &str) -> Vec<Range<usize>> {
    let after_scheme = line.match_indices("://").map(|(at, scheme)| at + scheme.len());
    let password = |start: usize| {
        let rest = line.get(start..)?;
        let authority = rest.split(|c: char| c.is_whitespace() || "/\"'`<>".contains(c)).next()?;
        let (user, _) = authority.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(start + name.len() + 1..start + user.len())
    };
    after_scheme.filter_map(password).collect()
}

/// The secrets of `?token=secret&…`.
fn query_values(line: &str) -> Vec<Range<usize>> {
    let value = |(at, _): (usize, &str)| {
        let (name, value) = line.get(at + 1..)?.split_once('=')?;
        let value = value.split(|c: char| c.is_whitespace() || "&#\"'`<>".contains(c)).next()?;
        let start = at + 1 + name.len() + 1;
        (is_secret(name) && !is_reference(value)).then(|| start..start + value.len())
    };
    line.match_indices(['?', '&']).filter_map(value).collect()
}

/// What `NAME=value` gives.
fn environment_value(line: &str) -> Option<Range<usize>> {
    let (name, value) = line.split_once('=')?;
    (!name.trim_start().starts_with('#')).then(|| line.len() - value.len()..line.len())
}

fn is_secret(name: &str) -> bool {
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    let name = folded(name);
    is_name && NAMES.iter().any(|end| name.ends_with(end))
}

/// Whether a value stands elsewhere and is only referred to here.
fn is_reference(value: &str) -> bool {
    value.starts_with(['$', '{', '<', '%', '!', '*', '&'])
}

/// The text as [`NAMES`] are written, byte for byte.
fn folded(text: &str) -> String {
    text.to_ascii_lowercase().replace('-', "_")
}

/// What is given to names of secrets: `DB_PASSWORD=x`, `"apiKey": "x"`, `password = "x"`.
fn secret_values(line: &str, texts: Texts) -> Vec<Range<usize>> {
    let folded = folded(line);
    let ends = NAMES.iter().flat_map(|name| folded.match_indices(name).map(|(at, name)| at + name.len()));
    let given = ends.filter_map(|end| value_after(line, end, texts));
    given.chain(lone_value(line).and_then(|end| value_after(line, end, texts))).collect()
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
            (".env.production", "STRIPE=sk live", "STRIPE=*******"),
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
            ("a.ts", "function open(token: string) {"),
            ("a.ts", "const tokens = [\"a\"];"),
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
