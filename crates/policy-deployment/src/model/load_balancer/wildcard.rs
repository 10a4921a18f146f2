//! Patterns with wildcards, as load balancers match them: `*` is any run, also over `/`, and `?` one character.

/// Whether all that matches `narrow` matches `wide`. Where several wildcards of `wide` would have to work together it may say
/// no although it is so.
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    let narrow: Vec<char> = narrow.chars().collect();
    // `reached[n]`: what was looked at of `wide` can take the first `n` characters of `narrow`, its wildcards taken for
    // characters that only wildcards match.
    let mut reached = vec![false; narrow.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for wanted in wide.chars() {
        let mut next = vec![false; reached.len()];
        let mut before = false;
        for (at, (was, now)) in reached.iter().zip(&mut next).enumerate() {
            let last = at.checked_sub(1).and_then(|last| narrow.get(last));
            *now = match wanted {
                '*' => *was || before,
                '?' => last.is_some_and(|last| *last != '*') && was_before(&reached, at),
                _ => last == Some(&wanted) && was_before(&reached, at),
            };
            before = *now;
        }
        reached = next;
    }
    reached.last() == Some(&true)
}

fn was_before(reached: &[bool], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| reached.get(before)) == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_its_wildcards_can_take() {
        for (wide, narrow) in [
            ("*", "/api/*"),
            ("/*", "/api/*"),
            ("/api/*", "/api/*"),
            ("/api*", "/api"),
            ("/api*", "/api/v1/*"),
            ("/a?i/*", "/api/users"),
            ("/*/health", "/a/*/health"),
            ("?*", "/x"),
        ] {
            assert!(covers(wide, narrow), "{wide} {narrow}");
        }
    }

    #[test]
    fn a_pattern_does_not_cover_what_it_may_miss() {
        for (wide, narrow) in [
            ("/api/*", "/api"),
            ("/api/*", "/api*"),
            ("/api", "/ap?"),
            ("?", "*"),
            ("/api/*", "*"),
            ("/a", "/A"),
        ] {
            assert!(!covers(wide, narrow), "{wide} {narrow}");
        }
    }
}
