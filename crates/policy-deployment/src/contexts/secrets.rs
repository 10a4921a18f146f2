//! Files in a build context that hold secrets, told by their names and contents.

use policy_text::source::{EntryKind, FileId, RepoPath, Sources};
use policy_text::{purpose, secret};

use crate::model::context::Secret;

/// Files that git usually ignores because they hold secrets. Docker copies them like any other file.
const UNTRACKED: &[(&str, &str)] = &[
    (".env", "environment variables that git ignores"),
    (".env.local", "environment variables that git ignores"),
    (".env.production", "environment variables that git ignores"),
    (".netrc", "passwords"),
    (".git-credentials", "passwords"),
    (".aws/credentials", "AWS credentials"),
    ("id_rsa", "a private key"),
    ("id_ed25519", "a private key"),
];

/// Words in the names of key files.
const HELD_BY_KEYS: [&str; 12] = [
    "key",
    "keys",
    "privatekey",
    "rsa",
    "cert",
    "certificate",
    "ca",
    "ssl",
    "tls",
    "server",
    "client",
    "user",
];

/// The secrets in `folder`, by path.
pub(super) fn within(folder: &RepoPath, sources: &Sources<'_>) -> Vec<Secret> {
    let listed = sources.files_within(folder).filter_map(|(file, path)| {
        let holds = held_by(path, file, sources)?;
        (!is_made_up(path)).then(|| Secret { path: path.clone(), holds })
    });
    let mut secrets: Vec<Secret> = listed.collect();
    secrets.extend(UNTRACKED.iter().filter_map(|(name, holds)| {
        let path = folder.join(name)?;
        let untracked =
            sources.find(&path).is_none() && matches!(sources.entry(&path), Some(EntryKind::File(1..)));
        untracked.then_some(Secret { path, holds })
    }));
    secrets.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    secrets
}

fn held_by(path: &RepoPath, file: FileId, sources: &Sources<'_>) -> Option<&'static str> {
    let name = path.file_name();
    let contents = || sources.read(file).ok().map(|decoded| decoded.text);
    let is_key_file = matches!(path.extension(), Some("pem" | "key"))
        || matches!(name, "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519");
    if is_key_file {
        return contents()?.contains("PRIVATE KEY-----").then_some("a private key");
    }
    if name == ".npmrc" {
        return contents()?.lines().any(is_npm_token).then_some("a registry token");
    }
    if path.as_str().ends_with(".aws/credentials") {
        return contents()?.contains("aws_secret_access_key").then_some("AWS credentials");
    }
    if path.extension() == Some("json") && (name.contains("service-account") || name.contains("credentials"))
    {
        return contents()?.contains("-----BEGIN PRIVATE KEY-----").then_some("a service account's key");
    }
    // Symfony's `.env` is committed for its defaults, and the image does not start without it.
    let lock = path.parent().and_then(|folder| folder.join("symfony.lock"));
    if name == ".env" && lock.is_some_and(|lock| sources.find(&lock).is_some()) {
        return None;
    }
    let is_environment = name == ".env" || name == ".env.production" || name == ".env.local";
    (is_environment && contents()?.lines().any(is_secret_value)).then_some("secret environment values")
}

/// Whether the words of the path say that the file's values are made up, or the name runs one of them into what it holds:
/// `testkey.pem`, `testserver.key`.
fn is_made_up(path: &RepoPath) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let held = HELD_BY_KEYS.iter().filter_map(|held| stem.strip_suffix(held));
    purpose::is_made_up(path) || held.into_iter().any(purpose::says_made_up)
}

fn is_npm_token(line: &str) -> bool {
    let token = line.split_once("_authToken=").map(|(_, token)| token.trim().trim_matches('"'));
    token.is_some_and(|token| token.len() >= 20 && !token.contains('$'))
}

/// Whether `NAME=value` is named like a secret and has a value that looks made by a machine.
fn is_secret_value(line: &str) -> bool {
    let Some((name, value)) = line.trim().trim_start_matches("export ").split_once('=') else { return false };
    let name = name.trim().to_ascii_uppercase();
    let published = ["VITE_", "NEXT_PUBLIC_", "REACT_APP_", "PUBLIC_", "NUXT_PUBLIC_", "EXPO_PUBLIC_"];
    if name.starts_with('#')
        || published.iter().any(|start| name.starts_with(start))
        || !secret::speaks_of_secret(&name)
    {
        return false;
    }
    let value = value.trim().trim_matches(['"', '\'']);
    let of = |kind: fn(&u8) -> bool| value.as_bytes().iter().any(kind);
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.".contains(&byte));
    let placeholder = ["change", "your", "xxx", "example", "replace", "secret", "password", "todo", "dummy"];
    let lower = value.to_ascii_lowercase();
    value.len() >= 20
        && secret::is_value(value)
        && plain
        && of(u8::is_ascii_digit)
        && of(u8::is_ascii_alphabetic)
        && !placeholder.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;

    fn found(path: &str, contents: &str) -> Option<&'static str> {
        let tree = MemoryTree::new().with(RepoPath::new(path).unwrap(), contents);
        within(&RepoPath::root(), &Sources::open(&tree)).first().map(|secret| secret.holds)
    }

    #[test]
    fn secrets_are_told_by_their_contents() {
        assert_eq!(found("deploy.pem", "-----BEGIN RSA PRIVATE KEY-----\n"), Some("a private key"));
        assert_eq!(found("ca.pem", "-----BEGIN CERTIFICATE-----\n"), None);
        for (path, is_real) in [
            ("tests/deploy.pem", false),
            ("testkey.pem", false),
            ("TestServer.key", false),
            ("special.pem", true),
            ("specops.key", true),
            ("docsigning.pem", true),
            ("contestkey.pem", true),
            ("monkey.pem", true),
            ("fixtures/special.pem", false),
            ("test/server.key", false),
            ("docs/exampleCerts/a.key", false),
            ("latest/deploy.pem", true),
            ("inspector/deploy.pem", true),
        ] {
            let key = found(path, "-----BEGIN RSA PRIVATE KEY-----\n");
            assert_eq!(key, is_real.then_some("a private key"), "{path}");
        }
        assert_eq!(found(".npmrc", "//r.example/:_authToken=${TOKEN}\n"), None);
        assert_eq!(
            found(".env", "JWT_SECRET=4f1c0d7a9b3e5f60718293a4b5c6d7e8\n"),
            Some("secret environment values")
        );
        for name in ["DB_PASSWD", "MAPS_APIKEY", "ENCRYPTION_KEY", "TOKEN_OF_GITHUB", "export KEY_PASSPHRASE"]
        {
            let line = format!("{name}=4f1c0d7a9b3e5f60718293a4b5c6d7e8\n");
            assert_eq!(found(".env", &line), Some("secret environment values"), "{name}");
        }
    }

    #[test]
    fn placeholders_and_published_values_are_no_secrets() {
        assert_eq!(found(".env", "JWT_SECRET=change-me-1234567890-abcdef\nDB_PASSWORD=postgres\n"), None);
        assert_eq!(found(".env", "VITE_API_KEY=4f1c0d7a9b3e5f60718293a4b5c6d7e8\n"), None);
        for line in [
            "ENCRYPTION_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxx1",
            "DB_PASSWD=put-your-own-value-here-1",
            "MAPS_APIKEY=<key-of-32-characters-1>",
            "KEY_PASSPHRASE=/run/keys/passphrase-of-1",
            "SORT_KEY=4f1c0d7a9b3e5f60718293a4b5c6d7e8",
        ] {
            assert_eq!(found(".env", line), None, "{line}");
        }
        assert_eq!(found(".env.example", "ENCRYPTION_KEY=4f1c0d7a9b3e5f60718293a4b5c6d7e8\n"), None);
        assert_eq!(found(".env", "#API_TOKEN=4f1c0d7a9b3e5f60718293a4b5c6d7e8\n"), None);
    }
}
