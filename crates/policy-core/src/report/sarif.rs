//! SARIF 2.1.0, for code scanning and editors.

mod log;

use std::borrow::Cow;
use std::collections::BTreeMap;

use policy_text::source::{RepoPath, Span};

use super::{Diagnostic, Place, Report, Suppression, VERSION, fingerprints, sentences, uri};
use crate::card::Card;
use crate::finding::{Applicability, Edit, Finding, Fix, Label, Severity};
use crate::rule_id::RuleId;
use log::{
    Allowance, ArtifactChange, ArtifactLocation, BaseId, CodeFlow, Configuration, Descriptor, Driver, Help,
    Invocation, Location, Log, Message, Notification, Outcome, PhysicalLocation, Properties, Proposal,
    Region, Replacement, Run, Tags, ThreadFlow, ThreadFlowLocation, Tool,
};

/// Every URI is relative to the root of the check, which the log does not place on a disk: the same tree gives the same
/// log everywhere.
const ROOT: &str = "%SRCROOT%";

/// Code scanning refuses a run with more results.
const MAX_RESULTS: usize = 25_000;

/// Code scanning refuses a result with more places.
const MAX_RELATED: usize = 999;

/// Related places that the message links: code scanning shows no others.
const MAX_LINKED: usize = 10;

/// The report as one SARIF log.
pub fn sarif(report: &Report) -> String {
    let rules = descriptors(report);
    let index: BTreeMap<RuleId, usize> =
        rules.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
    let kept = most_severe(report);
    let prints = fingerprints(report);
    let results = report
        .diagnostics
        .iter()
        .zip(prints)
        .zip(&kept)
        .filter(|(_, kept)| **kept)
        .map(|((diagnostic, print), _)| {
            let rule_index = index.get(&diagnostic.rule).copied().unwrap_or_default();
            outcome(report, diagnostic, rule_index, print)
        })
        .collect();
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "portcullis",
                    version: VERSION,
                    semantic_version: VERSION,
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules,
                },
            },
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: [(
                ROOT,
                BaseId { description: message("The root of the check: the folder with `.git`.") },
            )]
            .into(),
            invocations: [Invocation {
                execution_successful: report.faults.is_empty(),
                tool_execution_notifications: notifications(
                    report,
                    kept.iter().filter(|kept| !**kept).count(),
                ),
            }],
            results,
        }],
    };
    super::pretty(&log)
}

/// Which diagnostics fit into one run: all, or the most severe ones.
fn most_severe(report: &Report) -> Vec<bool> {
    let mut order: Vec<usize> = (0..report.diagnostics.len()).collect();
    order.sort_by_key(|&at| {
        std::cmp::Reverse(report.diagnostics.get(at).map(|diagnostic| diagnostic.severity))
    });
    let mut kept = vec![false; order.len()];
    for at in order.into_iter().take(MAX_RESULTS) {
        if let Some(kept) = kept.get_mut(at) {
            *kept = true;
        }
    }
    kept
}

/// The cards, and a bare entry for each id that the engine itself reports under.
fn descriptors(report: &Report) -> Vec<Descriptor<'_>> {
    let mut rules: BTreeMap<RuleId, Descriptor<'_>> =
        report.diagnostics.iter().map(|diagnostic| (diagnostic.rule, bare_descriptor(diagnostic))).collect();
    rules.extend(report.cards.iter().map(|card| (card.id, descriptor(card))));
    rules.into_values().collect()
}

fn descriptor(card: &Card) -> Descriptor<'_> {
    let mut markdown = card.body.clone();
    if !card.facts.references.is_empty() {
        markdown.push_str("\n## References\n\n");
        markdown.extend(card.facts.references.iter().map(|link| format!("- <{link}>\n")));
    }
    Descriptor {
        id: card.id,
        name: name(card.id),
        help_uri: card.id.page(),
        short_description: Some(Message { text: sentences([card.facts.summary.as_str()]).into() }),
        full_description: Some(message(card.section("What"))).filter(|what| !what.text.is_empty()),
        help: Some(Help { text: markdown.clone(), markdown }),
        default_configuration: Configuration {
            enabled: card.facts.default,
            level: card.facts.severity.name(),
        },
        properties: Tags { tags: tags(card.id) },
    }
}

fn bare_descriptor(diagnostic: &Diagnostic) -> Descriptor<'static> {
    Descriptor {
        id: diagnostic.rule,
        name: name(diagnostic.rule),
        help_uri: diagnostic.rule.page(),
        short_description: None,
        full_description: None,
        help: None,
        default_configuration: Configuration { enabled: true, level: Severity::Warning.name() },
        properties: Tags { tags: tags(diagnostic.rule) },
    }
}

/// The id as SARIF wants names: `ImageLatestTag`.
fn name(rule: RuleId) -> String {
    let id = rule.to_string();
    let words = id.split(['/', '-']).filter_map(|word| word.split_at_checked(1));
    words.map(|(first, rest)| first.to_ascii_uppercase() + rest).collect()
}

fn tags(rule: RuleId) -> [&'static str; 2] {
    ["deployment", rule.family.name()]
}

fn notifications(report: &Report, left_out: usize) -> Vec<Notification<'_>> {
    let unreadable = report.problems.iter().map(|problem| Notification {
        level: Severity::Warning.name(),
        message: Message { text: sentences([problem.message.as_str()]).into() },
        locations: location(report, problem.at).into_iter().collect(),
    });
    let unlisted = report.unlisted.iter().map(|place| Notification {
        level: Severity::Warning.name(),
        message: Message { text: format!("`{}` was left out: {}.", place.path, place.reason).into() },
        locations: Vec::new(),
    });
    let cut = (left_out > 0).then(|| Notification {
        level: Severity::Warning.name(),
        message: Message {
            text: format!(
                "{left_out} results of the lowest severities are left out: code scanning takes {MAX_RESULTS}."
            )
            .into(),
        },
        locations: Vec::new(),
    });
    let faults = report.faults.iter().map(|fault| Notification {
        level: Severity::Error.name(),
        message: Message { text: format!("This is a bug in portcullis: {fault}.").into() },
        locations: Vec::new(),
    });
    unreadable.chain(unlisted).chain(cut).chain(faults).collect()
}

fn outcome<'r>(report: &'r Report, found: &'r Diagnostic, rule_index: usize, print: String) -> Outcome<'r> {
    let finding = &found.finding;
    let suppressions = found.suppression.iter().map(|suppression| Allowance {
        kind: match suppression {
            Suppression::Directive { .. } => "inSource",
            Suppression::Baseline | Suppression::Before => "external",
        },
        justification: suppression.reason(),
        location: suppression.at().and_then(|at| location(report, at)),
    });
    Outcome {
        rule_id: found.rule,
        rule_index,
        level: found.severity.name(),
        message: Message { text: linked(report, finding).into() },
        locations: labelled(report, &finding.primary, None).into_iter().collect(),
        related_locations: finding
            .related
            .iter()
            .take(MAX_RELATED)
            .enumerate()
            .filter_map(|(at, label)| labelled(report, label, Some(at + FIRST_ID)))
            .collect(),
        code_flows: way(report, finding).into_iter().collect(),
        partial_fingerprints: [("portcullis/v1", print)].into(),
        fixes: finding.fix.iter().filter_map(|fix| proposal(report, fix)).collect(),
        suppressions: suppressions.collect(),
        properties: Properties {
            build_context: finding.build_context.as_ref().map(RepoPath::to_string),
            evidence: &finding.evidence,
        },
    }
}

/// The id of the first related place.
const FIRST_ID: usize = 1;

/// The message with links to the related places.
fn linked(report: &Report, finding: &Finding) -> String {
    // What the message quotes from a repository is no link.
    let said =
        sentences([finding.message.as_str()].into_iter().chain(finding.help.as_deref())).replace("](", "] (");
    let links = finding.related.iter().enumerate().take(MAX_LINKED).filter_map(|(at, label)| {
        let place = report.place(label.span)?;
        let words = if label.text.is_empty() { "this place" } else { &label.text };
        let words = words.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
        Some(format!("[{words}]({}) in {}", at + FIRST_ID, place.path))
    });
    let links: Vec<String> = links.collect();
    if links.is_empty() { said } else { format!("{said} See {}.", links.join("; ")) }
}

/// The way of the value from the place that sets it to where it takes effect.
fn way<'r>(report: &'r Report, finding: &'r Finding) -> Option<CodeFlow<'r>> {
    let steps = finding.related.get(..finding.steps).filter(|steps| !steps.is_empty())?;
    let labels = std::iter::once(&finding.primary).chain(steps);
    let locations: Option<Vec<_>> =
        labels.map(|label| Some(ThreadFlowLocation { location: labelled(report, label, None)? })).collect();
    Some(CodeFlow { thread_flows: [ThreadFlow { locations: locations? }] })
}

fn location(report: &Report, span: Span) -> Option<Location<'static>> {
    let place = report.place(span)?;
    Some(Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: artifact(place.path),
            region: Some(region(place)),
        },
        message: None,
    })
}

fn labelled<'r>(report: &Report, label: &'r Label, id: Option<usize>) -> Option<Location<'r>> {
    let words = Some(message(&label.text)).filter(|words| !words.text.is_empty());
    location(report, label.span).map(|location| Location { id, message: words, ..location })
}

fn artifact(path: &RepoPath) -> ArtifactLocation {
    ArtifactLocation { uri: uri(path), uri_base_id: ROOT }
}

fn region(place: Place<'_>) -> Region {
    Region {
        start_line: place.start.line,
        start_column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
    }
}

/// A fix as changes by file. `None` for one that is only to be read.
fn proposal<'r>(report: &Report, fix: &'r Fix) -> Option<Proposal<'r>> {
    if fix.applicability == Applicability::DisplayOnly {
        return None;
    }
    let mut changes: BTreeMap<&RepoPath, Vec<Replacement<'_>>> = BTreeMap::new();
    for edit in &fix.edits {
        let (path, deleted_region, text) = match edit {
            Edit::Replace { span, text } => {
                let place = report.place(*span)?;
                (place.path, region(place), text)
            }
            Edit::Create { path, text } => {
                (path, Region { start_line: 1, start_column: 1, end_line: 1, end_column: 1 }, text)
            }
        };
        let replacement = Replacement { deleted_region, inserted_content: message(text) };
        changes.entry(path).or_default().push(replacement);
    }
    let artifact_changes = changes
        .into_iter()
        .map(|(path, replacements)| ArtifactChange { artifact_location: artifact(path), replacements })
        .collect();
    Some(Proposal { description: message(&fix.title), artifact_changes })
}

fn message(text: &str) -> Message<'_> {
    Message { text: Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Unlisted};
    use serde_json::{Value, json};

    use super::*;
    use crate::report::sample;

    fn run_of(report: &Report) -> Value {
        let mut log: Value = serde_json::from_str(&sarif(report)).unwrap();
        log["runs"][0].take()
    }

    #[test]
    fn columns_count_characters_and_uris_are_encoded() {
        let run = run_of(&sample::report("a b/ü:1.tf", "# ü latest\n", &["latest"]));
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%BC%3A1.tf");
        assert_eq!(
            place["region"],
            json!({ "startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 11 })
        );
        assert_eq!(run["results"][0]["message"]["text"], "The tag `latest` moves. Name a version.");
    }

    #[test]
    fn related_places_are_linked_from_the_message_and_the_way_of_a_value_is_a_flow() {
        let mut report = sample::report("a.tf", "x y z", &["x"]);
        let label = |range, text: &str| Label::new(Span::new(FileId(0), range), text);
        let finding = report.diagnostics[0].finding.clone();
        let finding = finding.related(label(4..5, "the [other] one")).step(label(2..3, "used here"));
        report.diagnostics[0].finding = finding.clone();
        let result = run_of(&report)["results"][0].take();
        assert_eq!(
            result["message"]["text"],
            "The tag `latest` moves. Name a version. See [used here](1) in a.tf; [the \\[other\\] one](2) in a.tf."
        );
        assert_eq!(result["relatedLocations"][0]["id"], 1);
        assert_eq!(result["relatedLocations"][1]["message"]["text"], "the [other] one");
        let flow = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
        let columns = flow.iter().map(|step| &step["location"]["physicalLocation"]["region"]["startColumn"]);
        assert_eq!(columns.collect::<Vec<_>>(), [1, 3]);
        let rule = &run_of(&report)["tool"]["driver"]["rules"][0];
        assert_eq!(rule["name"], "ImageLatestTag");
        assert!(rule["helpUri"].as_str().unwrap().ends_with("/rules/image/latest-tag/"), "{rule}");
    }

    #[test]
    fn every_result_points_at_its_rule() {
        let mut report = sample::report("a.tf", "x y", &["x", "y"]);
        report.diagnostics[1].rule = RuleId::new(policy_text::Family::Alb, "other");
        let run = run_of(&report);
        for result in run["results"].as_array().unwrap() {
            let index = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        }
    }

    #[test]
    fn what_the_source_allows_says_so_with_its_reason() {
        let mut report = sample::report("a.tf", "x", &["x"]);
        let at = report.diagnostics[0].finding.primary.span;
        report.diagnostics[0].suppression =
            Some(Suppression::Directive { at, reason: "a sandbox".to_owned() });
        let suppression = run_of(&report)["results"][0]["suppressions"][0].take();
        assert_eq!(
            (&suppression["kind"], &suppression["justification"]),
            (&json!("inSource"), &json!("a sandbox"))
        );
        report.diagnostics[0].suppression = Some(Suppression::Baseline);
        let suppression = run_of(&report)["results"][0]["suppressions"][0].take();
        assert_eq!(suppression["kind"], json!("external"));
    }

    #[test]
    fn a_fix_is_a_replacement_and_one_that_is_only_to_be_read_is_left_out() {
        let mut report = sample::report("a.tf", "x y", &["y"]);
        let edits = vec![Edit::Replace { span: Span::new(FileId(0), 2..3), text: "z".to_owned() }];
        let fix =
            |applicability| Some(Fix { title: "say z".to_owned(), applicability, edits: edits.clone() });
        report.diagnostics[0].finding.fix = fix(Applicability::Unsafe);
        let replacement =
            run_of(&report)["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0].take();
        assert_eq!(replacement["deletedRegion"]["startColumn"], 3);
        assert_eq!(replacement["insertedContent"]["text"], "z");
        report.diagnostics[0].finding.fix = fix(Applicability::DisplayOnly);
        assert!(run_of(&report)["results"][0]["fixes"].is_null());
    }

    #[test]
    fn more_results_than_code_scanning_takes_are_cut_from_the_least_severe() {
        let mut report = sample::report("a.tf", "x", &["x"]);
        let error = report.diagnostics.remove(0);
        let note = Diagnostic { severity: Severity::Note, ..error.clone() };
        report.diagnostics = vec![note; MAX_RESULTS];
        report.diagnostics.push(error);
        let run = run_of(&report);
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), MAX_RESULTS);
        assert_eq!(results[MAX_RESULTS - 1]["level"], "error");
        let notification = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
        assert!(notification.as_str().unwrap().starts_with("1 results"), "{notification}");
    }

    #[test]
    fn a_folder_that_could_not_be_listed_is_a_notification() {
        let unlisted = Unlisted { path: "closed".to_owned(), reason: "permission denied".to_owned() };
        let run = run_of(&Report { unlisted: vec![unlisted], ..Report::default() });
        let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
        assert_eq!(notification["message"]["text"], "`closed` was left out: permission denied.");
    }
}
