//! How deeply a script nests, estimated before it is parsed: the parser recurses, and some forms cost it exponential time.

/// Blocks, brackets and substitutions inside one another.
const MAX_BLOCKS: usize = 100;
/// `${…}` and `$((…))` inside one another. At five the parser takes seconds.
const MAX_EXPANSIONS: usize = 4;

/// Why the script is too deep to parse.
pub(super) fn too_deep(text: &str) -> Option<&'static str> {
    if deepest_block(text) > MAX_BLOCKS {
        return Some("it nests blocks more than 100 deep");
    }
    (deepest_expansion(text) > MAX_EXPANSIONS).then_some("it nests `${…}` or `$((…))` more than 4 deep")
}

fn deepest_block(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    // A keyword counts only where a command can begin: prose in messages and comments has the same words.
    for line in text.lines() {
        let mut begins = true;
        for word in line.split_inclusive([' ', '\t', ';', '|', '&']) {
            let bare = word.trim_end_matches([' ', '\t', ';', '|', '&']);
            match bare {
                "if" | "while" | "until" | "for" | "case" | "select" if begins => depth += 1,
                "fi" | "done" | "esac" if begins => depth = depth.saturating_sub(1),
                _ => {}
            }
            for character in bare.chars() {
                match character {
                    '(' | '{' => depth += 1,
                    ')' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                deepest = deepest.max(depth);
            }
            begins = word.ends_with([';', '|', '&'])
                || matches!(bare, "do" | "then" | "else" | "elif" | "{" | "(" | "!")
                || (bare.is_empty() && begins);
            deepest = deepest.max(depth);
        }
    }
    deepest
}

fn deepest_expansion(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if rest.starts_with(b"${") || rest.starts_with(b"$((") {
            depth += 1;
            deepest = deepest.max(depth);
        } else if *first == b'}' || rest.starts_with(b"))") {
            depth = depth.saturating_sub(1);
        } else if *first == b'\n' {
            // An expansion that runs over lines is rare, one that is never closed costs only its line.
            depth = 0;
        }
        rest = after;
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_scripts_pass() {
        let script =
            "for a in 1 2; do if [ -n \"${a:-$((1 + ${b:-2}))}\" ]; then echo \"for if while\"; fi; done\n";
        assert_eq!(too_deep(&script.repeat(500)), None);
        assert_eq!(too_deep(&"# for if\necho if for\n".repeat(500)), None);
    }
}
