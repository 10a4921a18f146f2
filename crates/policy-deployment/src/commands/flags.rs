//! Which words of a command are flags, which are their values, and which stand for themselves.

use std::borrow::Cow;

use policy_shell::launcher::{after_flags, launched};
use policy_shell::resolve::Word;
use policy_text::value::Text;

/// A word of a command line.
pub(super) trait Said {
    /// All of it, where that is known.
    fn known(&self) -> Option<Cow<'_, str>>;
    /// What is known before anything that is not.
    fn start(&self) -> Cow<'_, str>;
}

impl Said for Word {
    fn known(&self) -> Option<Cow<'_, str>> {
        self.known()
    }

    fn start(&self) -> Cow<'_, str> {
        self.first().map(Text::known_prefix).unwrap_or_default().into()
    }
}

/// A command's words, sorted.
pub(super) struct Arguments<'w> {
    flags: Vec<(String, Option<Word>)>,
    /// The words that are neither flags nor their values.
    pub(super) positional: Vec<&'w Word>,
}

impl<'w> Arguments<'w> {
    /// Sorts `words`, of which some flags take the next one.
    pub(super) fn parse(words: &'w [Word], takes_value: impl Fn(&str) -> bool) -> Self {
        let mut arguments = Self { flags: Vec::new(), positional: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let prefix = word.first().map(Text::known_prefix).unwrap_or_default();
            if prefix == "--" {
                arguments.positional.extend(words.by_ref());
            } else if prefix.starts_with('-') && prefix.len() > 1 {
                let (name, value) = match prefix.split_once('=') {
                    Some((name, _)) => (name.to_owned(), Some(after(word, name.len() + 1))),
                    None => (prefix.clone(), None),
                };
                let value = value.or_else(|| takes_value(&name).then(|| words.next().cloned()).flatten());
                arguments.flags.push((name, value));
            } else {
                arguments.positional.push(word);
            }
        }
        arguments
    }

    /// Whether one of the flags is given.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.flags.iter().any(|(name, value)| {
            names.contains(&name.as_str()) && value.as_ref().and_then(Word::known).as_deref() != Some("false")
        })
    }

    /// The values that the flags are given, in order.
    pub(super) fn values(&self, names: &[&str]) -> Vec<Word> {
        self.flags
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .filter_map(|(_, value)| value.clone())
            .collect()
    }
}

/// The word from byte `offset` on.
fn after(word: &Word, offset: usize) -> Word {
    Word { values: word.values.iter().map(|value| value.split_at(offset).1).collect(), at: word.at }
}

/// The words after `sudo`, `time`, `env A=b` and other programs and words of a shell that only run what follows.
pub(crate) fn without_wrappers(words: &[Word]) -> &[Word] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first() {
        words = match first.known().as_deref() {
            Some("retry" | "if" | "!") => after_flags(rest, &[]),
            _ => match launched(words) {
                Some(behind) => behind,
                None => break,
            },
        };
    }
    words
}

/// The words after those that are flags; `valued` are the flags that take the next word.
pub(super) fn skip<'w, W: Said>(words: &'w [W], valued: &[&str], is_flag: impl Fn(&W) -> bool) -> &'w [W] {
    let mut words = words;
    while let Some((first, rest)) = words.split_first().filter(|(first, _)| is_flag(first)) {
        let takes_value = first.known().is_some_and(|flag| valued.contains(&&*flag));
        words = if takes_value { rest.get(1..).unwrap_or_default() } else { rest };
    }
    words
}
