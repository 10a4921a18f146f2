//! Whether a pattern is well-formed for Go's `path/filepath.Match`, which Docker asks first.

/// Checks `pattern` as `filepath.Match` does on a system whose separator is `/`.
pub(super) fn check(pattern: &str) -> Result<(), &'static str> {
    let mut rest = pattern;
    while !rest.is_empty() {
        let chunk;
        (chunk, rest) = split_chunk(rest);
        check_chunk(chunk)?;
    }
    Ok(())
}

/// Cuts off the leading stars and what follows them up to the next star that is not inside brackets.
fn split_chunk(pattern: &str) -> (&str, &str) {
    let pattern = pattern.trim_start_matches('*');
    let mut in_brackets = false;
    let mut characters = pattern.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            '*' if !in_brackets => return pattern.split_at(at),
            _ => {}
        }
    }
    (pattern, "")
}

fn check_chunk(chunk: &str) -> Result<(), &'static str> {
    let mut rest = chunk;
    loop {
        let mut characters = rest.chars();
        match characters.next() {
            None => return Ok(()),
            Some('[') => {
                rest = characters.as_str();
                rest = check_class(rest.strip_prefix('^').unwrap_or(rest))?;
                continue;
            }
            Some('\\') => {
                characters.next().ok_or("it ends with a backslash")?;
            }
            Some(_) => {}
        }
        rest = characters.as_str();
    }
}

/// `rest` begins after `[` or `[^`; what follows the closing bracket is returned.
fn check_class(mut rest: &str) -> Result<&str, &'static str> {
    let mut empty = true;
    loop {
        if let Some(after) = rest.strip_prefix(']').filter(|_| !empty) {
            return Ok(after);
        }
        rest = check_class_character(rest)?;
        if let Some(high) = rest.strip_prefix('-') {
            rest = check_class_character(high)?;
        }
        empty = false;
    }
}

fn check_class_character(rest: &str) -> Result<&str, &'static str> {
    if rest.starts_with(['-', ']']) {
        return Err("a bracket expression begins or ends with `-`, or is empty");
    }
    let mut characters = rest.strip_prefix('\\').unwrap_or(rest).chars();
    characters.next();
    match characters.as_str() {
        "" => Err("a bracket is not closed"),
        after => Ok(after),
    }
}
