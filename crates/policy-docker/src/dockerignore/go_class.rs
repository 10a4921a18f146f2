//! Bracket expressions and character escapes of Go's regular expressions, as sets of characters.

const DIGIT: &[(char, char)] = &[('0', '9')];
const SPACE: &[(char, char)] = &[('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

/// Characters, as inclusive ranges; with duplicates, in any order.
pub(super) type Set = Vec<(char, char)>;

/// The set of a class such as `\d`; `None` for letters that name no class.
pub(super) fn perl_class(letter: char) -> Option<Set> {
    let set = match letter.to_ascii_lowercase() {
        'd' => DIGIT,
        's' => SPACE,
        'w' => WORD,
        _ => return None,
    };
    Some(if letter.is_ascii_uppercase() { complement(set) } else { set.to_vec() })
}

/// Reads the bracket expression whose `[` has been taken. Gives the set and what follows the closing bracket.
pub(super) fn bracket(rest: &str) -> Option<(Set, &str)> {
    let (negated, mut rest) = rest.strip_prefix('^').map_or((false, rest), |after| (true, after));
    let mut set = Set::new();
    let mut first = true;
    loop {
        if let Some(after) = rest.strip_prefix(']').filter(|_| !first) {
            set.sort_unstable();
            return Some((if negated { complement(&set) } else { set }, after));
        }
        first = false;
        if let Some((named, after)) = named_class(rest) {
            set.extend(named?);
            rest = after;
            continue;
        }
        if let Some((class, after)) = rest.strip_prefix('\\').and_then(class_escape) {
            set.extend(class);
            rest = after;
            continue;
        }
        let (low, after) = character(rest)?;
        let (high, after) =
            match after.strip_prefix('-').filter(|high| !high.is_empty() && !high.starts_with(']')) {
                Some(high) => character(high)?,
                None => (low, after),
            };
        if high < low {
            return None;
        }
        set.push((low, high));
        rest = after;
    }
}

/// Reads the escape whose backslash has been taken, where it stands for one character.
pub(super) fn escape(rest: &str) -> Option<(char, &str)> {
    let mut characters = rest.chars();
    let letter = characters.next()?;
    let after = characters.as_str();
    let plain = match letter {
        'a' => '\u{7}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'x' => return hexadecimal(after),
        '0' => return octal(rest),
        '1'..='7' if after.starts_with(|digit: char| digit.is_digit(8)) => return octal(rest),
        punctuation if punctuation.is_ascii() && !punctuation.is_ascii_alphanumeric() => punctuation,
        _ => return None,
    };
    Some((plain, after))
}

fn class_escape(rest: &str) -> Option<(Set, &str)> {
    let mut characters = rest.chars();
    Some((perl_class(characters.next()?)?, characters.as_str()))
}

fn character(rest: &str) -> Option<(char, &str)> {
    if let Some(escaped) = rest.strip_prefix('\\') {
        return escape(escaped);
    }
    let mut characters = rest.chars();
    Some((characters.next()?, characters.as_str()))
}

fn octal(rest: &str) -> Option<(char, &str)> {
    let length = rest.bytes().take(3).take_while(|byte| (b'0'..b'8').contains(byte)).count();
    let (digits, after) = rest.split_at(length);
    Some((char::from_u32(u32::from_str_radix(digits, 8).ok()?)?, after))
}

fn hexadecimal(rest: &str) -> Option<(char, &str)> {
    let (digits, after) = match rest.strip_prefix('{') {
        Some(braced) => braced.split_once('}')?,
        None => rest.split_at_checked(2)?,
    };
    Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, after))
}

/// `[:alpha:]` and its kin. `Some((None, _))` for a name that Go does not know, which makes the pattern invalid.
fn named_class(rest: &str) -> Option<(Option<Set>, &str)> {
    let (name, after) = rest.strip_prefix("[:")?.split_once(":]")?;
    let (negated, name) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
    let set: Option<&[(char, char)]> = match name {
        "alnum" => Some(&[('0', '9'), ('A', 'Z'), ('a', 'z')]),
        "alpha" => Some(&[('A', 'Z'), ('a', 'z')]),
        "ascii" => Some(&[('\0', '\u{7f}')]),
        "blank" => Some(&[('\t', '\t'), (' ', ' ')]),
        "cntrl" => Some(&[('\0', '\u{1f}'), ('\u{7f}', '\u{7f}')]),
        "digit" => Some(DIGIT),
        "graph" => Some(&[('!', '~')]),
        "lower" => Some(&[('a', 'z')]),
        "print" => Some(&[(' ', '~')]),
        "punct" => Some(&[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        "space" => Some(&[('\t', '\r'), (' ', ' ')]),
        "upper" => Some(&[('A', 'Z')]),
        "word" => Some(WORD),
        "xdigit" => Some(&[('0', '9'), ('A', 'F'), ('a', 'f')]),
        _ => None,
    };
    Some((set.map(|set| if negated { complement(set) } else { set.to_vec() }), after))
}

/// All characters outside `sorted`.
fn complement(sorted: &[(char, char)]) -> Set {
    let mut set = Set::new();
    let mut next = Some('\0');
    for &(low, high) in sorted {
        let Some(from) = next else { break };
        if from < low {
            set.push((from, before(low)));
        }
        next = after(high).map(|after| after.max(from));
    }
    set.extend(next.map(|from| (from, char::MAX)));
    set
}

fn before(character: char) -> char {
    ('\0'..character).next_back().unwrap_or('\0')
}

fn after(character: char) -> Option<char> {
    (character..=char::MAX).nth(1)
}
