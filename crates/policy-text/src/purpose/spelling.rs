//! How names are made of words.

/// The words of a name: `loadTest-old.yml` has `load`, `Test`, `old` and `yml`.
pub(super) fn words_of(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).flat_map(camel_words).collect()
}

/// Each word begins with a capital that follows a small letter.
fn camel_words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    for (at, pair) in name.as_bytes().windows(2).enumerate() {
        if matches!(pair, [before, after] if before.is_ascii_lowercase() && after.is_ascii_uppercase()) {
            words.extend(name.get(start..=at));
            start = at + 1;
        }
    }
    words.extend(name.get(start..).filter(|word| !word.is_empty()));
    words
}

/// What stands between the dots of a file's name: `app.test.ts` has `test`.
pub(super) fn marks_of(name: &str) -> impl Iterator<Item = &str> {
    let mut parts = name.split('.');
    parts.next();
    parts.next_back();
    parts
}

/// Whether the name is the word, however its parts are joined, or one of several that are numbered: `test2`.
pub(super) fn is_spelled(word: &str, name: &str) -> bool {
    if word.starts_with('.') {
        return name == word;
    }
    let unnumbered = name.trim_end_matches(|c: char| c.is_ascii_digit());
    // Most names that begin like a word end differently.
    let ends_alike = |name: &str| {
        let last = name.bytes().rev().find(u8::is_ascii_alphanumeric);
        last.map(|letter| letter.to_ascii_lowercase()) == word.bytes().next_back()
    };
    if !ends_alike(name) && !ends_alike(unnumbered) {
        return false;
    }
    let same = |name: &str| {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        word.bytes().filter(|byte| *byte != b' ').eq(letters)
    };
    same(name) || unnumbered.len() < name.len() && same(unnumbered)
}
