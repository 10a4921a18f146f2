//! What a secret is, by the name of what holds it and by its value: the rules that find secrets and the excerpts that mask
//! them ask here, so that nothing is called a secret and then shown.

mod placeholder;

use std::ops::Range;

pub use placeholder::is_placeholder;

use crate::purpose;

/// What the names of secrets have in them.
pub const WORDS: [&str; 13] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "API_KEY",
    "APIKEY",
    "PRIVATE_KEY",
    "PRIVATEKEY",
    "ACCESS_KEY",
    "ACCESSKEY",
    "ENCRYPTION_KEY",
    "ENCRYPTIONKEY",
];

/// What else names end in whose values are masked wherever they are shown: a rule cannot tell whether they are secrets.
const MASKED: [&str; 4] = ["CREDENTIAL", "CREDENTIALS", "SECRET_KEY", "SECRETKEY"];

/// What the names have in them of what only belongs to a secret: where it is kept and by what, how long it counts.
const ABOUT_SECRETS: [&str; 26] = [
    "ARN",
    "NAME",
    "URL",
    "URI",
    "PATH",
    "FILE",
    "TTL",
    "HEADER",
    "PUBLIC",
    "EXPIRY",
    "EXPIRES",
    "EXPIRATION",
    "EXPIRE",
    "ENDPOINT",
    "LENGTH",
    "TYPE",
    "ID",
    "ISSUER",
    "AUDIENCE",
    "ALGORITHM",
    "ENABLED",
    "MINUTES",
    "BACKEND",
    "STORE",
    "MANAGER",
    "PROVIDER",
];

/// What may follow the word for a secret in a name that is still that of the secret: `SECRET_KEY_BASE`, `PASSWORD_PROD`.
/// Any other noun names something else of it: a prefix, a region, a policy.
pub const STILL_SECRETS: [&str; 8] = ["S", "KEY", "KEYS", "BASE", "VALUE", "SALT", "HASH", "PEPPER"];

/// Whether a name, however it is spelt, is that of a secret itself and not of what only belongs to one.
pub fn is_name(name: &str) -> bool {
    is_folded_name(&folded(name))
}

/// Whether a name speaks of a secret anywhere: where a value must show what it is, this much of a name is enough.
pub fn speaks_of_secret(name: &str) -> bool {
    let name = folded(name);
    WORDS.iter().any(|word| name.contains(word))
}

/// Whether a value can be a secret: not empty, no switch, no number, no place where a secret is kept.
pub fn is_value(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !value.is_empty()
        && !matches!(lower.as_str(), "true" | "false" | "none" | "null" | "disabled" | "enabled" | "inherit")
        && value.parse::<f64>().is_err()
        && !["arn:", "/", "http://", "https://", "${", "ssm:", "alias/"]
            .iter()
            .any(|start| lower.starts_with(start))
        && !is_placeholder(value)
}

/// Whether what `name` is given is left out where source is shown: all that [`is_name`] and [`is_value`] call a secret, and
/// whatever a name is given that ends in a word for one.
pub fn is_masked(name: &str, value: &str) -> bool {
    let name = folded(name);
    WORDS.iter().chain(&MASKED).any(|word| name.ends_with(word)) || is_folded_name(&name) && is_value(value)
}

/// The passwords of `scheme://user:password@host` in a line, and of `user:password@host/image`.
pub fn passwords_in(line: &str) -> Vec<Range<usize>> {
    let after_scheme = line.match_indices("://").map(|(at, scheme)| at + scheme.len());
    let password = |start: usize| {
        let rest = line.get(start..)?;
        let authority = rest.split(|c: char| c.is_whitespace() || "/\"'`<>".contains(c)).next()?;
        let (user, _) = authority.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(start + name.len() + 1..start + user.len())
    };
    let mut found: Vec<Range<usize>> = after_scheme.filter_map(password).collect();
    let plain = line.match_indices('@').filter_map(|(at, _)| password_before(line, at));
    let plain: Vec<Range<usize>> = plain.filter(|range| !found.contains(range)).collect();
    found.extend(plain);
    found
}

/// The password before an `@` without a scheme. Behind it comes a host and a path: a digest and an address of mail have none.
fn password_before(line: &str, at: usize) -> Option<Range<usize>> {
    let ends = |c: char| c.is_whitespace() || "/\"'`<>=,(".contains(c);
    let (before, after) = (line.get(..at)?, line.get(at + 1..)?);
    let start = before.rfind(ends).map_or(0, |end| end + 1);
    let (name, password) = before.get(start..)?.split_once(':')?;
    let (host, _) = after.split(|c| c != '/' && ends(c)).next()?.split_once('/')?;
    let is_host = host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    (is_host && !name.is_empty() && !password.is_empty()).then_some(start + name.len() + 1..at)
}

fn is_folded_name(name: &str) -> bool {
    let ends = WORDS.iter().filter_map(|secret| Some(name.rfind(secret)? + secret.len()));
    let Some(rest) = ends.max().and_then(|end| name.get(end..)) else { return false };
    let is_still_one = |word: &str| {
        STILL_SECRETS.contains(&word)
            || word.chars().all(|letter| letter.is_ascii_digit())
            || purpose::is_stage(word)
            || purpose::says_development(word)
    };
    rest.split('_').all(is_still_one) && !name.split('_').any(|word| ABOUT_SECRETS.contains(&word))
}

/// A name as [`WORDS`] are written.
fn folded(name: &str) -> String {
    name.to_ascii_uppercase().replace(['-', '.'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_that_of_a_secret_or_of_what_belongs_to_one() {
        for name in [
            "DB_PASSWORD",
            "DB_PASSWD",
            "dbPassword",
            "api-key",
            "APIKEY",
            "SECRET_KEY_BASE",
            "DB_PASSWORD_PROD",
            "API_TOKEN_1",
            "ENCRYPTION_KEY",
            "PASSWORD_SALT",
        ] {
            assert!(is_name(name) && speaks_of_secret(name) && is_masked(name, "hunter2"), "{name}");
        }
        for name in ["DB_PASSWORD_ARN", "TOKEN_TTL", "SECRET_NAME", "APP_SECRETS_PREFIX", "TOKEN_POLICY"] {
            assert!(!is_name(name) && speaks_of_secret(name) && !is_masked(name, "hunter2"), "{name}");
        }
        for name in ["KEY", "DATABASE_URL", "SORT_KEY", "PASSENGER"] {
            assert!(!is_name(name) && !speaks_of_secret(name), "{name}");
        }
    }

    #[test]
    fn a_password_stands_before_a_host() {
        for (line, passwords) in [
            ("url: amqp://shop:hunter2@queue/shop", vec!["hunter2"]),
            ("image: shop:hunter2@registry.example.com/shop/web:1.2", vec!["hunter2"]),
            ("docker pull \"shop:hunter2@registry.example.com:5000/web\"", vec!["hunter2"]),
            ("image: example/web:1.2@sha256:0a1b2c", vec![]),
            ("image: example/web:1.2@sha256:0a1b2c/x", vec![]),
            ("git@github.com:example/web.git and a:b@c", vec![]),
            ("maintainer: web@example.com", vec![]),
        ] {
            let found: Vec<&str> = passwords_in(line).into_iter().map(|range| &line[range]).collect();
            assert_eq!(found, passwords, "{line}");
        }
    }

    #[test]
    fn a_switch_a_number_a_place_and_a_placeholder_are_no_secret() {
        for value in ["", "true", "3600", "arn:aws:x", "/run/secrets/a", "alias/shop", "changeme", "<token>"]
        {
            assert!(!is_value(value), "{value}");
        }
        assert!(is_value("correct-horse"));
    }
}
