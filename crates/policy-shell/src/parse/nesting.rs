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
    let mut begins = true;
    for word in
        text.as_bytes().split_inclusive(|byte| matches!(byte, b' ' | b'\t' | b';' | b'|' | b'&' | b'\n'))
    {
        let (bare, end) = match word {
            [bare @ .., end @ (b' ' | b'\t' | b';' | b'|' | b'&' | b'\n')] => (bare, *end),
            bare => (bare, b'\n'),
        };
        match bare {
            b"if" | b"while" | b"until" | b"for" | b"case" | b"select" if begins => depth += 1,
            b"fi" | b"done" | b"esac" if begins => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        for byte in bare {
            match byte {
                b'(' | b'{' => {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                b')' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        begins = !matches!(end, b' ' | b'\t')
            || matches!(bare, b"do" | b"then" | b"else" | b"elif" | b"{" | b"(" | b"!")
            || (bare.is_empty() && begins);
    }
    deepest
}

fn deepest_expansion(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        match (first, after) {
            (b'$', [b'{', ..] | [b'(', b'(', ..]) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (b'}', _) | (b')', [b')', ..]) => depth = depth.saturating_sub(1),
            // An expansion that runs over lines is rare, one that is never closed costs only its line.
            (b'\n', _) => depth = 0,
            _ => {}
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
