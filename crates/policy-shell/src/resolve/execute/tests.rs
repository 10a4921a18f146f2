//! Simulated scripts, and the commands that they run.

use policy_text::source::{FileId, RepoPath};

use super::*;
use crate::parse;
use crate::resolve::run;

/// Each command as its words with their alternatives, after the folder it runs in.
fn commands(script: &str) -> Vec<String> {
    let script = parse::read(Embedded::whole(FileId(0), script)).unwrap();
    let start =
        State { folder: Some(RepoPath::root()), script: RepoPath::new("scripts"), ..State::default() };
    let shown = |command: &Command| {
        let words: Vec<String> = command
            .words
            .iter()
            .map(|word| word.values.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
            .collect();
        let folder = command.folder.as_ref().map_or("?", |folder| folder.as_str());
        format!("{folder}> {}", words.join(" "))
    };
    let own = run(&script, start).commands.into_iter().filter(|command| !command.substituted);
    own.map(|command| shown(&command)).collect()
}

#[test]
fn variables_defaults_and_arguments_are_put_in() {
    let script =
        "TAG=\"${1:-${IMAGE_TAG:-latest}}\"\nREG=${AWS_ACCOUNT}.ecr\ndocker push \"$REG/web:$TAG\" '$TAG'\n";
    assert_eq!(commands(script), ["> docker push ${AWS_ACCOUNT}.ecr/web:latest $TAG"]);
    assert_eq!(commands(": \"${TAG:=latest}\"\npush $TAG\n"), ["> : latest", "> push latest"]);
    assert_eq!(commands("push ${TAG:?} ${TAG%-*}\n"), ["> push ${TAG} ${TAG}"]);
}

#[test]
fn every_branch_gives_its_value() {
    let script = "if [ $BRANCH = main ]; then TAG=latest; else TAG=dev; fi\npush $TAG\n";
    assert_eq!(commands(script)[1], "> push latest|dev");
    let script = "case $1 in prod) E=prod;; *) E=dev;; esac\npush $E\n";
    assert_eq!(commands(script)[0], "> push prod|dev");
}

#[test]
fn a_branch_has_the_values_that_lead_to_it() {
    const SERVICES: &str = "if x; then S=web; elif y; then S=api; else S=job; fi\n";
    for (script, expected) in [
        (
            "if [ \"$S\" = web ]; then a $S; else b $S; fi; c $S",
            ["> a web", "> b api|job", "> c web|api|job"],
        ),
        (
            "if [[ $S != 'web' ]]; then a $S; else b $S; fi; c $S",
            ["> a api|job", "> b web", "> c api|job|web"],
        ),
        ("if test ${S} == api; then a $S; fi; c $S; d", ["> a api", "> c api|web|job", "> d"]),
        ("case $S in web|api) a $S;; *) b $S;; esac; c $S", ["> a web|api", "> b job", "> c web|api|job"]),
        ("case $S in w*) a $S;; api) b $S;; esac; c $S", ["> a web|api|job", "> b api", "> c web|api|job"]),
        // What is known of a variable is not all where no value fits.
        ("if [ $S = other ]; then a $S; else b $S; fi; d", ["> a web|api|job", "> b web|api|job", "> d"]),
    ] {
        let found = commands(&format!("{SERVICES}{script}\n"));
        let own: Vec<&String> = found.iter().skip(1).filter(|line| !line.contains('[')).collect();
        let own: Vec<&&String> = own.iter().filter(|line| !line.starts_with("> test")).collect();
        assert_eq!(own, expected.iter().collect::<Vec<_>>(), "{script}: {found:?}");
    }
}

#[test]
fn loops_take_a_turn_for_each_word_and_functions_their_arguments() {
    assert_eq!(commands("for s in api web; do build $s; done\n"), ["> build api", "> build web"]);
    assert_eq!(
        commands("L=(api web)\nfor s in \"${L[@]}\"; do build $s; done\n"),
        ["> build api", "> build web"]
    );
    assert_eq!(commands("L='api web'\nfor s in $L; do build $s; done\n"), ["> build api", "> build web"]);
    assert_eq!(
        commands("if [ $1 ]; then L='api web'; else L=db; fi\nfor s in $L; do build $s; done\n")[1..],
        ["> build api", "> build web", "> build db"]
    );
    assert_eq!(commands("L='api web'\nfor s in \"$L\"; do build $s; done\n"), ["> build api web"]);
    assert_eq!(
        commands("b() { build -t $1 $2; }\nb x ./x\nb y ./y\n"),
        ["> build -t x ./x", "> build -t y ./y"]
    );
    assert_eq!(commands("b() { build $1; }\n"), ["> build ${1}"]);
}

#[test]
fn a_loop_takes_the_parts_of_each_value() {
    let either = "if x; then L='api web'; else L=job; fi\nfor s in $L; do build $s; done\n";
    assert_eq!(commands(either)[1..], ["> build api", "> build web", "> build job"]);
    let quoted = "L='api web'\nfor s in \"$L\"; do build $s; done\n";
    assert_eq!(commands(quoted), ["> build api web"]);
}

#[test]
fn a_branch_that_the_arguments_of_a_call_rule_out_is_not_taken() {
    let function = "b() { local own=$2; if [[ \"$own\" == true ]]; then a $1; else o $1; fi; }\n";
    let called = |call: &str| commands(&format!("{function}{call}\n"));
    assert_eq!(called("b web true\nb api false"), ["> a web", "> o api"]);
    // Its caller is not known.
    assert_eq!(called(""), ["> a ${1}", "> o ${1}"]);
    assert_eq!(called("b web $OWN"), ["> a web", "> o web"]);
    let set_again =
        "b() { local own=$2; read own; if [[ \"$own\" == true ]]; then a $1; else o $1; fi; }\nb web false\n";
    assert_eq!(commands(set_again).len(), 2, "{:?}", commands(set_again));
    // Out of a function, others may set it.
    assert_eq!(commands("O=x\nif [[ $O == true ]]; then a; else o; fi\n").len(), 2);
}

#[test]
fn a_function_that_runs_its_arguments_runs_a_command() {
    for function in [
        "r() { \"$@\"; }\nr",
        "r() { local what=$1; shift; until \"$@\"; do sleep 1; done; }\nr web",
        "r() { local n=$1 what=$2; shift 2; if ! $@; then exit 1; fi; }\nr 3 web",
        "r() { \"${@:2}\" || return 1; }\nr 3",
        "r() { local all=(\"${@}\"); \"${all[@]}\"; }\nr",
        "r() { eval \"$*\"; }\nr",
        "q() { \"$@\"; }\nr() { q \"$@\"; }\nr",
        "r() { if [ -n \"$DRY\" ]; then echo would \"$@\"; else \"$@\"; fi; }\nr",
    ] {
        let found = commands(&format!("T=1\n{function} push web:$T\n"));
        assert!(found.contains(&"> push web:1".to_owned()), "{function}: {found:?}");
    }
    let found = commands("r() { echo \"$@\"; }\nr push web\n");
    assert_eq!(found, ["> echo push web"]);
}

#[test]
fn arguments_that_are_dropped_on_one_way_only_are_not_known() {
    let script = "r() { if [ \"$1\" = -q ]; then shift; fi; \"$@\"; }\nr push web\n";
    assert!(!commands(script).contains(&"> push web".to_owned()));
    assert_eq!(commands("b() { shift 9; build $1; }\nb x\n"), ["> build x"]);
    assert_eq!(commands("b() { set -e; build $1; }\nb x\n"), ["> build x"]);
}

#[test]
fn an_empty_array_adds_nothing_to_a_word() {
    assert_eq!(commands("E=()\npush web:latest${E}\n"), ["> push web:latest"]);
    assert_eq!(commands("E=()\npush \"${E[@]}\" web\n"), ["> push web"]);
}

#[test]
fn commands_know_their_folder() {
    let script = "cd app && build .\n(cd web; build .)\nbuild .\ncd \"$X\"\nbuild .\n";
    assert_eq!(commands(script), ["app> build .", "app/web> build .", "app> build .", "?> build ."]);
    let script = "ROOT=\"$(cd \"$(dirname \"${BASH_SOURCE[0]}\")/..\" && pwd)\"\ncd \"$ROOT/api\"\nbuild .\n";
    assert_eq!(commands(script), ["api> build ."]);
    assert_eq!(commands("cd $(git rev-parse --show-toplevel)/web\nbuild .\n"), ["web> build ."]);
}

#[test]
fn commits_and_dates_differ_by_run() {
    let script = parse::read(Embedded::whole(
        FileId(0),
        "push $(git rev-parse --short HEAD) $(date +%s) $GITHUB_SHA $(git branch --show-current)\n",
    ))
    .unwrap();
    let commands = run(&script, State::default()).commands;
    let unique: Vec<bool> = commands.last().unwrap().words[1..]
        .iter()
        .map(|word| word.values[0].holes().any(|hole| matches!(hole.origin, Origin::Unique(_))))
        .collect();
    assert_eq!(unique, [true, true, true, false]);
}

#[test]
fn what_may_fail_is_told_from_what_may_not() {
    let may_fail = |script: &str| -> Vec<String> {
        let script = parse::read(Embedded::whole(FileId(0), script)).unwrap();
        let commands = run(&script, State::default()).commands;
        commands.iter().filter(|command| command.failure == Failure::Expected).map(Command::name).collect()
    };
    assert_eq!(may_fail("a || true\nb || exit 1\nc\nd || { echo no; exit 1; }\n"), ["a"]);
    assert_eq!(may_fail("a && b || echo no\nc\n! d\n"), ["a", "b", "d"]);
    assert_eq!(may_fail("if a; then b; else c; fi\nwhile d; do e; done\n"), ["a", "d"]);
    assert_eq!(may_fail("if aws s3 ls; then b; fi\nc\n"), ["aws", "b"]);
    assert_eq!(may_fail("if [ -f x ]; then b; fi\nif [ $1 = x ]; then c; fi\n"), ["[", "b", "["]);
    assert_eq!(may_fail("if [[ -f x ]]; then b; fi\nif [[ $1 = x ]]; then c; fi\n"), ["b"]);
    assert_eq!(
        may_fail("if ! aws x | grep -q y; then echo no; return 0; fi\nb\n"),
        ["aws", "grep", "echo", "return", "b"]
    );
    assert_eq!(may_fail("for x in 1; do [ -f x ] || continue; b; done\nc\n"), ["[", "b"]);
    assert!(may_fail("[ -f x ] || exit 1\nb\n[ -n $x ] || exit 0\nc\n").is_empty());
    assert_eq!(may_fail("S=$(aws x)\nif [ \"$S\" = y ]; then b; fi\nc\n"), ["[", "b"]);
}

#[test]
fn a_here_document_is_input_and_not_commands() {
    let text = "cat > compose.yml <<EOF\ndocker push x:latest\nEOF\necho done\n";
    let script = parse::read(Embedded::whole(FileId(0), text)).unwrap();
    let commands = run(&script, State::default()).commands;
    assert_eq!(commands.len(), 2);
    let document = commands[0].document().unwrap();
    assert_eq!(document.text.as_str(), "docker push x:latest\n");
    assert_eq!(&text[document.text.span(0..6).range()], "docker");
    assert_eq!(commands[0].output.as_ref().unwrap().known().as_deref(), Some("compose.yml"));
}

#[test]
fn places_are_right_behind_wide_characters() {
    let text = "echo é 📦\nT=latest\ndocker push \"é/x:$T\"\n";
    let script = parse::read(Embedded::whole(FileId(0), text)).unwrap();
    let commands = run(&script, State::default()).commands;
    let reference = &commands[1].words[2];
    assert_eq!(&text[reference.at.range()], "\"é/x:$T\"");
    assert_eq!(&text[reference.values[0].last_literal().unwrap().at.range()], "latest");
}
