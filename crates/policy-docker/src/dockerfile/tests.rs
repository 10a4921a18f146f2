//! Dockerfiles as they are found: directives, continuations, here-documents, flags and variables.

use std::collections::BTreeMap;

use policy_text::value::{Origin, Text};

use super::*;

fn read(text: &str) -> Dockerfile {
    let (dockerfile, problems) = parse(FileId(0), text);
    assert_eq!(problems, [], "{text}");
    dockerfile
}

fn only_copy(dockerfile: &Dockerfile) -> &Transfer {
    let transfers: Vec<_> = dockerfile.stages[0]
        .instructions
        .iter()
        .filter_map(|instruction| match &instruction.kind {
            Kind::Copy(transfer) | Kind::Add(transfer) => Some(transfer),
            _ => None,
        })
        .collect();
    assert_eq!(transfers.len(), 1);
    transfers[0]
}

fn texts(words: &[Word]) -> Vec<&str> {
    words.iter().map(|word| word.text.as_str()).collect()
}

#[test]
fn stages_have_bases_and_names_in_any_case() {
    let text = "from --platform=$BUILDPLATFORM node:20@sha256:ab as Build\nRUN a\nFROM scratch\nCOPY --from=build /a /b\n";
    let dockerfile = read(text);
    assert_eq!(dockerfile.stages.len(), 2);
    assert_eq!(dockerfile.stages[0].base.text, "node:20@sha256:ab");
    assert_eq!(dockerfile.stage_named("BUILD", 1).map(|(index, _)| index), Some(0));
    assert_eq!(dockerfile.stage_named("0", 1).map(|(index, _)| index), Some(0));
    assert!(dockerfile.stage_named("build", 0).is_none());
    assert!(dockerfile.stage_named("1", 1).is_none());
}

#[test]
fn continuations_reach_over_comments_and_empty_lines() {
    let text = "FROM a\nCOPY one \\\n  # why\n\n  two \\  \n  /to/\nRUN x\n";
    let dockerfile = read(text);
    let transfer = only_copy(&dockerfile);
    assert_eq!(texts(&transfer.sources), ["one", "two"]);
    assert_eq!(&text[transfer.sources[1].at.range()], "two");
    assert_eq!(dockerfile.stages[0].instructions.len(), 2);
    assert!(text[dockerfile.stages[0].instructions[0].at.range()].ends_with("/to/"));
}

#[test]
fn a_byte_order_mark_windows_line_ends_and_another_escape_are_read() {
    let text = "\u{feff}# syntax=docker/dockerfile:1\r\n# escape=`\r\nFROM a\r\nCOPY c:\\x `\r\n  .\r\n";
    let dockerfile = read(text);
    let transfer = only_copy(&dockerfile);
    assert_eq!(texts(&transfer.sources), ["c:\\x"]);
    assert_eq!(&text[transfer.sources[0].at.range()], "c:\\x");
    assert_eq!(dockerfile.escape, '`');
}

#[test]
fn an_escape_directive_after_the_first_instruction_is_a_comment() {
    assert_eq!(read("FROM a\n# escape=`\nRUN x\n").escape, '\\');
    assert_eq!(read("# a comment\n# escape=`\nFROM a\n").escape, '\\');
}

#[test]
fn here_documents_are_no_instructions() {
    let text = "FROM a\nRUN <<EOF && cat <<-'B'\nCOPY not this\nEOF\nFROM neither\n\tB\nCOPY <<x /conf\nADD this\nx\nCOPY src/ /app\n";
    let dockerfile = read(text);
    assert_eq!(dockerfile.stages.len(), 1);
    let kinds: Vec<_> = dockerfile.stages[0].instructions.iter().map(|found| &found.kind).collect();
    let [Kind::Run(_, Command::Shell(_, documents)), Kind::Copy(inline), Kind::Copy(copy)] = kinds.as_slice()
    else {
        panic!("{kinds:?}");
    };
    assert_eq!(texts(documents), ["COPY not this\n", "FROM neither\n"]);
    assert!(inline.sources.is_empty());
    assert_eq!(texts(&copy.sources), ["src/"]);
}

#[test]
fn a_shell_shift_is_no_here_document() {
    let dockerfile = read("FROM a\nRUN echo $((1<<2)) \"<<EOF\"\nCOPY a b\n");
    assert_eq!(dockerfile.stages[0].instructions.len(), 2);
}

#[test]
fn a_here_document_with_a_space_is_one_problem() {
    for marker in ["<< 'EOF'", "<< EOF", "<<- \"EOF\" > /x"] {
        let text = format!("FROM a\nRUN cat > /x {marker}\nset -e\necho $A\nEOF\nCOPY a b\n");
        let (dockerfile, problems) = parse(FileId(0), &text);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].message.contains("space after `<<`"), "{problems:?}");
        assert_eq!(dockerfile.stages[0].instructions.len(), 2, "{marker}");
    }
    for line in ["echo $((1 << 2))", "echo '<< EOF'", "cat << x"] {
        let (dockerfile, problems) = parse(FileId(0), &format!("FROM a\nRUN {line}\nCOPY a b\n"));
        assert!(problems.is_empty(), "{line} {problems:?}");
        assert_eq!(dockerfile.stages[0].instructions.len(), 2);
    }
}

#[test]
fn an_unclosed_here_document_is_a_problem() {
    let (_, problems) = parse(FileId(0), "FROM a\nRUN <<EOF\nCOPY a b\n");
    assert_eq!(problems.len(), 1);
}

#[test]
fn flags_and_the_json_form_are_told_from_sources() {
    let text = "FROM a\nCOPY --chown=a:b --exclude=*.md --exclude=docs [\"my file\", \"b\", \"/app/\"]\n";
    let dockerfile = read(text);
    let transfer = only_copy(&dockerfile);
    assert_eq!(texts(&transfer.sources), ["my file", "b"]);
    assert_eq!(texts(&transfer.excludes), ["*.md", "docs"]);
    assert_eq!(&text[transfer.sources[0].at.range()], "my file");
    assert_eq!(transfer.destination.as_ref().unwrap().text, "/app/");
}

#[test]
fn mounts_say_where_they_come_from() {
    let dockerfile =
        read("FROM a\nRUN --mount=type=cache,target=/x --mount=from=tools:1,source=/bin,target=/b make\n");
    let Kind::Run(mounts, Command::Shell(command, _)) = &dockerfile.stages[0].instructions[0].kind else {
        panic!();
    };
    assert_eq!(mounts[0].kind, "cache");
    assert_eq!(
        (mounts[1].kind.as_str(), mounts[1].from.as_ref().unwrap().text.as_str()),
        ("bind", "tools:1")
    );
    assert_eq!(command.text, "make");
}

#[test]
fn both_forms_of_env_and_deferred_instructions() {
    let dockerfile = read("FROM a\nENV A=1 B=\"x y\"\nENV C some words\nONBUILD COPY . /src\n");
    let [Instruction { kind: Kind::Env(new), .. }, Instruction { kind: Kind::Env(old), .. }, deferred] =
        dockerfile.stages[0].instructions.as_slice()
    else {
        panic!();
    };
    assert_eq!(new[1].value.as_ref().unwrap().text, "\"x y\"");
    assert_eq!(old[0].value.as_ref().unwrap().text, "some words");
    assert!(deferred.deferred && matches!(deferred.kind, Kind::Copy(_)));
}

#[test]
fn an_unknown_instruction_is_a_problem_only_in_a_dockerfile() {
    let (dockerfile, problems) = parse(FileId(0), "FROM a\nRUM x\nRUN y\n");
    assert_eq!((dockerfile.stages.len(), problems.len()), (1, 1));
    let (dockerfile, problems) =
        parse(FileId(0), "This is a text\nabout other things\nFROM here on\nit ends\n");
    assert_eq!((dockerfile.stages.len(), problems.len()), (0, 0));
    let (_, problems) = parse(FileId(0), "FROM a\n{% if x %}\nRUN y\n{% endif %}\n");
    assert_eq!(problems, []);
}

#[track_caller]
fn assert_expands(word: &str, expected: &str) {
    let at = Span::start_of(FileId(0));
    let mut scope = Scope::default();
    scope.set("VERSION", Text::literal("20", at));
    scope.set("EMPTY", Text::empty());
    scope.set("GIVEN", Text::hole(Origin::Parameter("GIVEN".into()), at));
    let word = Word { text: word.to_owned(), at };
    assert_eq!(expand(&word, &scope, '\\').to_string(), expected, "{}", word.text);
}

#[test]
fn variables_are_replaced_as_docker_does() {
    assert_expands("node:$VERSION", "node:20");
    assert_expands("node:${VERSION}-alpine", "node:20-alpine");
    assert_expands("\"a $VERSION\"'$VERSION'\\$VERSION", "a 20$VERSION$VERSION");
    assert_expands("${UNSET:-a-${VERSION}}", "a-20");
    assert_expands("${EMPTY:-x}${EMPTY-y}", "x");
    assert_expands("${VERSION:+set}${EMPTY:+not}", "set");
    assert_expands("$UNSET/$GIVEN", "${UNSET}/${GIVEN}");
    assert_expands("${GIVEN:-22}", "22");
    assert_expands("$ ${ $1", "$ ${ $1");
}

#[test]
fn an_argument_takes_what_the_build_gives_before_its_default() {
    let dockerfile = read("ARG TAG=1\nARG OTHER\nFROM a:$TAG\nARG TAG\nARG OTHER\n");
    let at = Span::start_of(FileId(0));
    let given = BTreeMap::from([("TAG".to_owned(), Text::literal("2", at))]);
    let mut scope = Scope::default();
    for arg in &dockerfile.global_args {
        let value = scope.declared(arg, &BTreeMap::new(), None, '\\');
        scope.set(&arg.name.text, value);
    }
    assert_eq!(scope.get("TAG").unwrap().to_string(), "1");
    assert!(scope.get("OTHER").unwrap().known().is_none());
    for arg in &dockerfile.global_args {
        let value = scope.declared(arg, &given, None, '\\');
        scope.set(&arg.name.text, value);
    }
    assert_eq!(scope.get("TAG").unwrap().to_string(), "2");
}

#[test]
fn braces_that_nothing_closes_are_looked_for_once() {
    // To look for each of them anew would take longer than anybody waits.
    let text = "${A:-".repeat(400_000);
    let word = Word { text: text.clone(), at: Span::new(FileId(0), 0..text.len()) };
    assert_eq!(expand(&word, &Scope::default(), '\\').known().as_deref(), Some(text.as_str()));
}

#[test]
fn stages_have_a_limit_that_is_said() {
    let (dockerfile, problems) = parse(FileId(0), &"FROM a:1\n".repeat(MAX_STAGES + 1));
    assert_eq!((dockerfile.stages.len(), problems.len()), (MAX_STAGES, 1));
}
