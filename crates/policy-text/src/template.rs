//! Marks of template languages: a file that contains them is not valid in its own language before it is rendered.

/// Whether some line of `text`, which marks comments with `#`, shows that a program renders it: Jinja, Helm, ERB, Blade.
pub fn is_rendered(text: &str) -> bool {
    text.lines().any(|line| !line.trim_start().starts_with('#') && has_tag(line))
}

/// Whether a line holds a tag of a template. `${{ … }}` is none: pipelines have it in plain YAML.
pub fn has_tag(line: &str) -> bool {
    let opens = ["{%", "<%", "{!!"].iter().any(|open| line.contains(open));
    let prints = || {
        line.match_indices("{{").any(|(at, _)| !line.get(..at).is_some_and(|before| before.ends_with('$')))
    };
    opens || prints() || is_blade_statement(line.trim_start())
}

/// Whether a line begins with a statement of Blade: `@if (…)`, `@endforeach`.
fn is_blade_statement(line: &str) -> bool {
    const STATEMENTS: [&str; 8] = ["if", "elseif", "else", "unless", "foreach", "for", "isset", "php"];
    let Some(statement) = line.strip_prefix('@') else { return false };
    let end = statement.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(statement.len());
    let Some((word, rest)) = statement.split_at_checked(end) else { return false };
    let opens =
        STATEMENTS.contains(&word) && (rest.trim_start().starts_with('(') || matches!(word, "else" | "php"));
    opens || word.strip_prefix("end").is_some_and(|word| STATEMENTS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_outside_of_comments_shows_a_template() {
        for text in [
            "a: 1\n{{- if .Values.x }}\nb: 2\n",
            "a: {{ x }}",
            "{% for x in y %}",
            "<% if x %>",
            "x: {!! $y !!}",
            "a:\n  @foreach ($apps as $app)\n  b: c\n",
            "@endif",
        ] {
            assert!(is_rendered(text), "{text}");
        }
        for text in [
            "a: ${{ github.sha }}",
            "# {{ x }}",
            "a: {b: c}",
            "a: x@if.example",
            "@ifx (y)",
            "'@else-if': 1",
            "a: $[[ x ]]",
        ] {
            assert!(!is_rendered(text), "{text}");
        }
    }
}
