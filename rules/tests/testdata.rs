//! What each reader finds: every folder `rules/testdata/<reader>/<case>/` is checked as a repository of its own, from disk and
//! with all rules, and compared with what its file `expected` says.
//!
//! `expected` begins with lines `# …` that say what the case proves. Then follow the sections that it proves it with, of these:
//!
//! ```text
//! images
//!   deployed r.io/web:latest  deploy/web.nomad.hcl:8 from deploy/web.nomad.hcl:2  task `web`
//! builds
//!   app --file app/web.Dockerfile --target prod --build-arg A=2 --tag web  compose.yml:4  service `web`
//! unresolved
//!   main.tf:2  the user data of `aws_instance.m`: `var.script` has no default
//! problems
//!   compose.yml:3  what could not be read
//! findings of image/latest-tag
//!   error image/latest-tag  deploy/web.nomad.hcl:2: this tag moves
//! ```
//!
//! A section holds all of its kind, in any order, and `none` says that there is nothing; one that is left out is not compared.
//! Spaces only separate, and what is unknown is written as in messages: `${TAG}`. `from` says where the end of a reference was
//! decided, if on another line. `findings of` names rules or families; plain `findings` are those of all rules. Behind the
//! place of a finding stand its words, which can be left out: a case for a reader does not pin the messages of rules.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the cases are read from disk")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use policy_core::config::Settings;
use policy_core::finding::Label;
use policy_core::model::build::{BuildRequest, DockerfileSource};
use policy_core::model::image::ImageUse;
use policy_core::report::{Diagnostic, Report};
use policy_core::source::{SourceText, Sources, Span};
use policy_disk::{DiskTree, GitIgnored};

/// The lines of each section, sorted, without the spaces that align them.
type Sections = BTreeMap<String, Vec<String>>;

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn cases() -> Vec<PathBuf> {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    folders(&testdata).iter().flat_map(|reader| folders(reader)).collect()
}

fn expected(case: &Path) -> Result<Sections, String> {
    let text = fs::read_to_string(case.join("expected")).map_err(|_| "has no file `expected`".to_owned())?;
    if !text.starts_with("# ") {
        return Err("does not begin with `# ` and what it proves".to_owned());
    }
    let mut sections = Sections::new();
    let mut section: Option<&mut Vec<String>> = None;
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if line.starts_with(' ') {
            let lines = section.as_mut().ok_or("has a line above its first section")?;
            lines.push(line.split_whitespace().collect::<Vec<_>>().join(" "));
        } else {
            section = Some(sections.entry(line.to_owned()).or_default());
        }
    }
    if sections.is_empty() {
        return Err("expects nothing".to_owned());
    }
    for (name, lines) in &mut sections {
        match lines.as_slice() {
            [] => return Err(format!("has an empty section `{name}`; write `none` where there is nothing")),
            [only] if only == "none" => lines.clear(),
            _ => lines.sort(),
        }
    }
    Ok(sections)
}

fn said(case: &Path) -> Sections {
    let rules = policy_rules::all();
    let settings = match fs::read_to_string(case.join("portcullis.toml")) {
        Ok(text) => Settings::parse(&text, &rules.iter().map(|rule| rule.id).collect::<Vec<_>>()).unwrap(),
        Err(_) => Settings::default(),
    };
    let tree = DiskTree::new(fs::canonicalize(case).unwrap(), GitIgnored::Skip, 1);
    let sources = Sources::open(&tree);
    let deployment = policy_core::deployment(&sources, &settings);
    let report = policy_core::check(&sources, &rules, &settings).unwrap();
    let place = |at: Span| {
        let text = sources.read(at.file).unwrap().text;
        format!("{}:{}", sources.path(at.file), SourceText::new(text).line_of(at.start as usize))
    };
    let images = deployment.images.iter().map(|image| image_line(image, &place));
    let builds = deployment.builds.iter().map(|build| build_line(build, &place));
    let unresolved = deployment
        .unresolved
        .iter()
        .map(|value| format!("{} {}: {}", place(value.at), value.what, value.why));
    let problems = report.problems.iter().map(|problem| format!("{} {}", place(problem.at), problem.message));
    [
        ("images", images.collect()),
        ("builds", builds.collect()),
        ("unresolved", unresolved.collect()),
        ("problems", problems.collect()),
        ("findings", findings(&report)),
    ]
    .into_iter()
    .map(|(name, mut lines): (_, Vec<String>)| {
        lines.sort();
        (name.to_owned(), lines)
    })
    .collect()
}

fn image_line(image: &ImageUse, place: &impl Fn(Span) -> String) -> String {
    let role = format!("{:?}", image.role).to_lowercase();
    let at = place(image.at);
    let decided =
        image.reference.last_literal().map(|literal| place(literal.at)).filter(|decided| *decided != at);
    let from = decided.map(|decided| format!(" from {decided}")).unwrap_or_default();
    format!("{role} {} {at}{from} {}", image.reference, image.user)
}

fn build_line(build: &BuildRequest, place: &impl Fn(Span) -> String) -> String {
    let mut line = if build.context.is_root() { ".".to_owned() } else { build.context.to_string() };
    match &build.dockerfile {
        DockerfileSource::Default => {}
        DockerfileSource::File(path) => write!(line, " --file {path}").unwrap(),
        DockerfileSource::Inline(_) => line.push_str(" --file inline"),
    }
    if let Some(target) = &build.target {
        write!(line, " --target {target}").unwrap();
    }
    for (name, value) in &build.args {
        write!(line, " --build-arg {name}={value}").unwrap();
    }
    for (name, folder) in &build.named_contexts {
        let folder = folder.as_ref().map_or("elsewhere", |folder| folder.as_str());
        write!(line, " --build-context {name}={folder}").unwrap();
    }
    for image in &build.images {
        write!(line, " --tag {image}").unwrap();
    }
    format!("{line} {} {}", place(build.at), build.by)
}

/// The findings, each with what is said at its place and at those that it is related to.
fn findings(report: &Report) -> Vec<String> {
    let place = |label: &Label| {
        let file = report.files.get(&label.span.file).unwrap();
        format!("{}:{}: {}", file.path, file.text.line_of(label.span.start as usize), label.text)
    };
    let line = |found: &Diagnostic| {
        let labels = std::iter::once(&found.finding.primary).chain(&found.finding.related);
        let places: Vec<String> = labels.map(place).collect();
        format!("{} {} {}", found.severity.name(), found.rule, places.join("; "))
    };
    report.active().map(line).collect()
}

/// What is said of the kind that a section's `heading` names. `None` for a kind that there is not.
fn of_section<'s>(heading: &str, said: &'s Sections) -> Option<Vec<&'s String>> {
    let Some(rules) = heading.strip_prefix("findings of ") else {
        return Some(said.get(heading)?.iter().collect());
    };
    let is_wanted = |line: &&String| {
        let rule = line.split(' ').nth(1).unwrap_or_default();
        rules.split(' ').any(|wanted| rule == wanted || rule.split('/').next() == Some(wanted))
    };
    Some(said.get("findings")?.iter().filter(is_wanted).collect())
}

/// Whether a line of `expected` expects the line that is said.
fn expects(heading: &str, wanted: &str, said: &str) -> bool {
    let rest = said.strip_prefix(wanted);
    rest.is_some_and(|rest| rest.is_empty() || (heading.starts_with("findings") && rest.starts_with(": ")))
}

/// What differs, as lines of `expected`: those behind `-` are not said, those behind `+` are.
fn difference(expected: &Sections, said: &Sections) -> Result<(), String> {
    let mut text = String::new();
    for (heading, wanted) in expected {
        let Some(mut left) = of_section(heading, said) else {
            return Err(format!("has a section `{heading}`, which there is not"));
        };
        let is_missing = |line: &&String| match left.iter().position(|said| expects(heading, line, said)) {
            Some(found) => {
                left.remove(found);
                false
            }
            None => true,
        };
        let missing: Vec<&String> = wanted.iter().filter(is_missing).collect();
        if missing.is_empty() && left.is_empty() {
            continue;
        }
        writeln!(text, "{heading}").unwrap();
        for line in missing {
            writeln!(text, "- {line}").unwrap();
        }
        for line in left {
            writeln!(text, "+ {line}").unwrap();
        }
    }
    if text.is_empty() { Ok(()) } else { Err(format!("expects otherwise:\n{text}")) }
}

#[test]
fn every_case_says_what_is_expected() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let failures: Vec<String> = cases()
        .iter()
        .filter_map(|case| {
            let outcome = expected(case).and_then(|expected| difference(&expected, &said(case)));
            let name = case.strip_prefix(&testdata).unwrap().display();
            outcome.err().map(|why| format!("{name} {why}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_wrong_line_is_shown_beside_the_right_one() {
    let sections = |lines: &[&str]| -> Sections {
        [("images".to_owned(), lines.iter().map(ToString::to_string).collect())].into()
    };
    let (wanted, found) = (sections(&["built a", "built b"]), sections(&["built b", "built b"]));
    assert_eq!(difference(&wanted, &wanted), Ok(()));
    assert_eq!(
        difference(&wanted, &found),
        Err("expects otherwise:\nimages\n- built a\n+ built b\n".to_owned())
    );
}
