//! Names with one `*`, as `paths` of TypeScript and `exports` of packages have them.

/// What the `*` of `pattern` stands for in `name`; empty where the pattern has none and is the name.
pub(super) fn captured<'n>(pattern: &str, name: &'n str) -> Option<&'n str> {
    match pattern.split_once('*') {
        None => (pattern == name).then_some(""),
        Some((before, after)) => name.strip_prefix(before)?.strip_suffix(after),
    }
}

/// Patterns of one table that are compared with a name.
const MAX_PATTERNS: usize = 1_000;

/// The entry of `table` whose pattern fits `name` best, with what its `*` stands for: an exact name before a pattern,
/// then the longest text before the `*`.
pub(super) fn best<'t, 'n, T>(
    table: impl IntoIterator<Item = (&'t str, T)>,
    name: &'n str,
) -> Option<(T, &'n str)> {
    let mut best: Option<(usize, T, &'n str)> = None;
    let mut patterns = 0;
    for (pattern, entry) in table {
        if pattern == name {
            return Some((entry, ""));
        }
        // To compare names is cheap.
        if patterns < MAX_PATTERNS
            && let Some(star) = pattern.find('*')
        {
            patterns += 1;
            let fits = captured(pattern, name)
                .filter(|_| best.as_ref().is_none_or(|(longest, ..)| star >= *longest));
            best = fits.map(|captured| (star, entry, captured)).or(best);
        }
    }
    best.map(|(_, entry, captured)| (entry, captured))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_pattern_wins() {
        let table = [("*", 0), ("@/*", 1), ("@/lib/*", 2), ("@/lib/x", 3)];
        assert_eq!(best(table, "@/lib/x"), Some((3, "")));
        assert_eq!(best(table, "@/lib/y"), Some((2, "y")));
        assert_eq!(best(table, "@/a"), Some((1, "a")));
        assert_eq!(best(table, "react"), Some((0, "react")));
        assert_eq!(best([("@/*", 1)], "@x"), None);
    }
}
