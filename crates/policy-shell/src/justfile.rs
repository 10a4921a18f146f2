//! Files of the command runner `just`, read as what make would have in their place.

use policy_text::embedded::Embedded;
use policy_text::source::{FileId, offset_in};

use super::makefile::Makefile;

/// Reads one file: `{{name}}` becomes `$(name)`, and a dollar, which is the shell's own here, is doubled.
pub fn parse(file: FileId, text: &str) -> Makefile {
    let mut makefile = Makefile { file, variables: Vec::new(), recipes: Vec::new() };
    let mut target = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if line.starts_with([' ', '\t']) {
            let command = line.trim_start_matches([' ', '\t', '@', '-']);
            if !command.is_empty() && !command.starts_with('#') {
                makefile
                    .recipes
                    .push((target.clone(), in_make(file, command, at + line.len() - command.len())));
            }
        } else if let Some((name, value)) = line.split_once(":=") {
            let name = name.trim().trim_start_matches("export ").trim_start();
            let value = value.trim();
            add_value(&mut makefile, name, value, at + offset_in(line, value));
        } else if let Some((head, _)) = line.split_once(':').filter(|_| !line.starts_with(['#', '['])) {
            let mut words = head.split_whitespace();
            words.next().unwrap_or_default().trim_start_matches('@').clone_into(&mut target);
            // `name arg='default'`
            for (name, value) in words.filter_map(|word| word.split_once('=')) {
                add_value(
                    &mut makefile,
                    name.trim_start_matches(['*', '+', '$']),
                    value,
                    at + offset_in(line, value),
                );
            }
        }
    }
    makefile
}

/// Adds a variable that is one string or one command; what is put together otherwise stays unknown.
fn add_value(makefile: &mut Makefile, name: &str, value: &str, at: usize) {
    for quote in ['"', '\''] {
        let inner = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner.filter(|inner| !inner.contains(quote)) {
            makefile.variables.push((name.to_owned(), in_make(makefile.file, inner, at + 1)));
        }
    }
    if let Some(command) = value.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        let mut call = Embedded::new(makefile.file);
        call.push_replacement("$(shell ", at..at + 1);
        call.push(command, at + 1);
        call.push_replacement(")", at + 1 + command.len()..at + 2 + command.len());
        makefile.variables.push((name.to_owned(), call));
    }
}

fn in_make(file: FileId, text: &str, at: usize) -> Embedded {
    let mut made = Embedded::new(file);
    let mut done = 0;
    let mut closes = true;
    while let Some(found) = text.get(done..).and_then(|rest| rest.find(['{', '$'])).map(|found| done + found)
    {
        made.push(text.get(done..found).unwrap_or_default(), at + done);
        let rest = text.get(found..).unwrap_or_default();
        let opened = rest.strip_prefix("{{").filter(|_| closes);
        let hole = opened.and_then(|rest| rest.find("}}")).map(|end| end + 4);
        // Where nothing closes one opening, nothing closes those behind it.
        closes &= opened.is_none() || hole.is_some();
        let length = if let Some(length) = hole {
            let name = rest.get(2..length - 2).unwrap_or_default().trim();
            made.push_replacement(&format!("$({name})"), at + found..at + found + length);
            length
        } else {
            made.push_replacement(if rest.starts_with('$') { "$$" } else { "{" }, at + found..at + found + 1);
            1
        };
        done = found + length;
    }
    made.push(text.get(done..).unwrap_or_default(), at + done);
    made
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::*;

    #[test]
    fn recipes_and_variables_are_read_in_the_terms_of_make() {
        let text = indoc! {r#"
            tag := "latest"
            git := `git rev-parse HEAD`
            name := a + b
            # docker: x
            push env='prod': build
                @docker push r.io/{{ env }}:{{tag}} $HOME
        "#};
        let makefile = parse(FileId(0), text);
        let variables: Vec<_> =
            makefile.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(variables, [("tag", "latest"), ("git", "$(shell git rev-parse HEAD)"), ("env", "prod")]);
        let (target, line) = &makefile.recipes[0];
        assert_eq!((target.as_str(), line.as_str()), ("push", "docker push r.io/$(env):$(tag) $$HOME"));
        let at = line.as_str().find("$(tag)").unwrap();
        assert_eq!(&text[line.span(at..at + 6).range()], "{{tag}}");
    }

    #[test]
    fn holes_that_do_not_end_are_text() {
        let makefile = parse(FileId(0), "a:\n  docker {{x\n");
        assert_eq!(makefile.recipes[0].1.as_str(), "docker {{x");
    }
}
