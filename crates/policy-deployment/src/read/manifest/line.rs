//! Lines of scripts, word by word, without running them: enough to see what they edit.

/// What stands for a value of a pipeline's own language: it has blanks, which end words.
const HOLE: &str = "${}";

/// The text with lines joined that continue on the next one, and with each `${{ … }}` as one word.
pub(super) fn joined(text: &str) -> String {
    let text = text.replace("\\\n", " ");
    let mut rest = text.as_str();
    let mut joined = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("${{") {
        joined.push_str(before);
        let Some((_, behind)) = after.split_once("}}") else {
            rest = after;
            continue;
        };
        joined.push_str(HOLE);
        rest = behind;
    }
    joined.push_str(rest);
    joined
}

/// The words of a line, without quotes and operators.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '|' | '<' | '>' | '(' | ')' | '&')
    })
    .filter(|word| !word.is_empty())
}

/// Whether `written`, which may hold variables, may be `name`: what stands before the first and behind the last is part of it.
pub(super) fn may_be(written: &str, name: &str) -> bool {
    let Some((begin, after)) = written.split_once('$') else { return written == name };
    let last = after.rsplit('$').next().unwrap_or(after);
    let end = match last.split_once('}') {
        Some((_, end)) => end,
        None => last.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'),
    };
    name.len() >= begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end)
}

/// The file that a line edits, where it is written as a variable: the last word of `sed -i s/a/b/ "$file"`.
pub(super) fn open_file(line: &str) -> Option<String> {
    let (before, command) = ["sed ", "yq ", "perl "].iter().find_map(|editor| line.split_once(editor))?;
    let is_flag = |word: &str| word.starts_with("--in") || !word.starts_with("--") && word.contains('i');
    let in_place = words(command).any(|word| word.starts_with('-') && is_flag(word));
    if !in_place && !command.contains("kubectl") {
        return None;
    }
    let last = last_word(command)?;
    if last == "{}" || before.rsplit('|').next().is_some_and(|before| before.contains("xargs")) {
        return Some("$file".to_owned());
    }
    let file = last.rsplit('/').next()?;
    // In a script for `sed`, a variable stands between its signs.
    (file.contains('$') && !last.contains(['|', '#', ' ', '=', ':'])).then_some(last)
}

/// The last word of the first command of a line, without quotes.
fn last_word(line: &str) -> Option<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match quote {
            Some(own) if own == c => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if matches!(c, ';' | '|' | '&' | '<' | '>' | ')') => break,
            None if c.is_whitespace() => words.push(String::new()),
            Some(_) | None => words.last_mut()?.push(c),
        }
    }
    words.into_iter().rfind(|word| !matches!(word.as_str(), "" | "+" | "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_only_the_run_knows_is_the_last_word() {
        for (line, file) in [
            ("sed -i \"s|a:.*|a:$TAG|\" \"$file\"", Some("$file")),
            ("for f in *; do sed -i s/latest/$TAG/ k8s/$f.yaml; done", Some("k8s/$f.yaml")),
            ("find k8s -name '*.yaml' -exec sed -i \"s/latest/$TAG/\" {} \\;", Some("$file")),
            ("grep -rl latest k8s | xargs sed -i \"s/latest/$TAG/\"", Some("$file")),
            ("sed \"s|latest|$TAG|\" $FILE | kubectl apply -f -", Some("$FILE")),
            ("sed -i \"s|latest|$TAG|\" k8s/web.yaml && echo $TAG", None),
            ("cat web.yaml | sed \"s|latest|$TAG|\"", None),
            ("kubectl apply -f \"$file\"", None),
            ("docker images web | sed s/latest/x/ \"$file\"", None),
            ("docker images | sed -n s/latest//p | xargs -r docker rmi", None),
        ] {
            assert_eq!(open_file(line).as_deref(), file, "{line}");
        }
    }

    #[test]
    fn what_is_written_around_variables_is_part_of_the_name() {
        for (written, name, fits) in [
            ("web", "web", true),
            ("web", "api", false),
            ("$FILE", "web.yaml", true),
            ("${NAME}.yaml", "web.yaml", true),
            ("$NAME.yaml", "web.yml", false),
            ("acme/$A-$B", "acme/web-api", true),
            ("acme/${}-api", "shop/web-api", false),
        ] {
            assert_eq!(may_be(written, name), fits, "{written} {name}");
        }
    }

    #[test]
    fn values_of_a_pipeline_are_one_word() {
        let line = joined("cd k8s/${{ inputs.to || 'dev' }}/web \\\n && x ${{ broken");
        assert_eq!(words(&line).collect::<Vec<_>>(), ["cd", "k8s/${}/web", "x", "broken"]);
    }
}
