//! Values that people have yet to replace. Mostly their shape tells: they are names or phrases, not keys.

use crate::purpose;

/// How words begin, or what long ones hold, that tell people to change a value: in the languages that comments are mostly
/// written in.
const CHANGE: [&str; 17] = [
    "chang",
    "replac",
    "placeholder",
    "todo",
    "fixme",
    "cambi",
    "reempla",
    "remplac",
    "troc",
    "mudar",
    "altere",
    "ersetz",
    "aender",
    "ändern",
    "wijzig",
    "zmien",
    "ganti",
];

/// Words for what belongs to the reader, who is to put it in.
const YOURS: [&str; 20] = [
    "your", "tu", "su", "vuestra", "votre", "ton", "ta", "dein", "deine", "ihr", "ihre", "sua", "seu", "tua",
    "teu", "tuo", "vostra", "jouw", "twoj", "twoje",
];

/// Whether a value only holds the place of one.
pub fn is_placeholder(value: &str) -> bool {
    let mut letters = value.chars().filter(|c| c.is_alphanumeric());
    let first = letters.next();
    let says_nothing = letters.all(|c| Some(c) == first);
    says_nothing || is_in_brackets(value) || is_left_open(value) || is_name(value) || is_phrase(value)
}

/// `<token>`, `{{ token }}`, `[token]`, `%TOKEN%`, `__TOKEN__`.
fn is_in_brackets(value: &str) -> bool {
    [("<", ">"), ("{", "}"), ("[", "]"), ("%", "%"), ("__", "__")].iter().any(|(open, close)| {
        value.len() > open.len() + close.len() && value.starts_with(open) && value.ends_with(close)
    })
}

/// `sk-...`, `xxxx-xxxx`, `abc****`.
fn is_left_open(value: &str) -> bool {
    ["...", "…", "xxx", "XXX", "***", "<"].iter().any(|mark| value.contains(mark))
}

/// `SLACK_TOKEN`: a name, as variables have them.
fn is_name(value: &str) -> bool {
    value.contains('_') && value.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// Words for people: apart, in letters that keys do not have, or saying what to do with them.
fn is_phrase(value: &str) -> bool {
    let words: Vec<String> = value
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_written = |word: &String| word.chars().all(char::is_alphabetic);
    let is_apart = words.len() > 2 && value.contains(' ') && words.iter().all(is_written);
    let is_of_people = value.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    let tells = |word: &String| {
        CHANGE.iter().any(|part| word.starts_with(part) || part.len() > 4 && word.contains(part))
            || words.len() > 1 && YOURS.contains(&word.as_str())
    };
    // `only-for-production`: keys have no stages in them, or just one beside a name.
    let of_stage = |word: &String| purpose::is_production(word) || word.starts_with("produ");
    is_apart
        || is_of_people
        || words.iter().any(tells)
        || value.to_lowercase().starts_with("your")
        || words.len() > 2 && words.iter().all(is_written) && words.iter().any(of_stage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_have_yet_to_replace_is_no_secret() {
        for value in [
            "<jwt>",
            "{{ jwt }}",
            "%JWT%",
            "__JWT__",
            "xxxx-xxxx",
            "********",
            "0000000000",
            "sk-...",
            "JWT_SECRET",
            "changeme",
            "change-me-please",
            "please-change-this-1",
            "your-secret-key",
            "yourpassword",
            "pleasechangeme",
            "cambiar-en-produccion",
            "tu_clave_secreta",
            "votre-cle-secrete",
            "ihr-passwort-hier",
            "sua-senha-aqui",
            "remplacez-moi",
            "bitte-ersetzen",
            "solo-para-produccion",
            "请修改",
            "пароль",
            "put the key of the service here",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn what_somebody_chose_is_one() {
        for value in [
            "correct-horse",
            "correct-horse-battery-staple",
            "hunter2",
            "admin",
            "s3cr3t-prod",
            "prod-db-7Fq2",
            "SuperSecret123",
            "my-jwt-secret",
            "ABCDEF_123456",
            "Tuesday-42",
            "8f14e45fceea167a5a36dedd4bea2543",
            "sommer regen",
        ] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}
