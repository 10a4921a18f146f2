//! Where a line of the report may be broken.

use textwrap::core::Word;

/// The words of a line. Lines are broken at spaces, and not within backquotes: a name has to be read, copied and searched
/// for as a whole.
pub(super) fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let has_pairs = line.matches('`').count().is_multiple_of(2);
    let mut rest = line;
    Box::new(std::iter::from_fn(move || {
        let (word, following) = rest.split_at_checked(end_of_word(rest, has_pairs))?;
        rest = following;
        (!word.is_empty()).then(|| Word::from(word))
    }))
}

/// The end of the first word, with the spaces after it.
fn end_of_word(text: &str, has_pairs: bool) -> usize {
    let (mut is_quoted, mut is_after_word) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            ' ' if !is_quoted => is_after_word = true,
            _ if is_after_word => return at,
            '`' => is_quoted = has_pairs && !is_quoted,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_whole() {
        let words = |line: &'static str| words(line).map(|word| word.word).collect::<Vec<_>>();
        assert_eq!(
            words("run `docker build .` of `a/b-c`: so"),
            ["run", "`docker build .`", "of", "`a/b-c`:", "so"]
        );
        assert_eq!(words("one  two-three "), ["one", "two-three"]);
        assert_eq!(words("a ` b c"), ["a", "`", "b", "c"], "a single one quotes nothing");
        assert!(words("").is_empty());
    }
}
