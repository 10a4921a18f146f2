//! What the program says about its rules.

use assert_cmd::Command;
use serde_json::Value;

fn said(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("portcullis").unwrap().args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_rule_is_explained_by_its_card() {
    let (code, card, _) = said(&["explain", "image/latest-tag"]);
    assert_eq!(code, 0);
    for part in ["image/latest-tag: ", "Severity: error", "## What", "## How to fix"] {
        assert!(card.contains(part), "{part}\n{card}");
    }
}

#[test]
fn a_family_is_explained_by_its_rules() {
    let (code, list, errors) = said(&["explain", "logs"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    let rule = list.lines().find(|line| line.starts_with("logs/no-retention "));
    assert!(rule.is_some_and(|rule| rule.contains(" warning ")), "{list}");
    assert!(!list.contains("image/"), "{list}");
    let (code, _, errors) = said(&["explain", "imge"]);
    assert_eq!(code, 2);
    assert!(errors.contains("there is no rule or family `imge`; did you mean `image`?"), "{errors}");
}

#[test]
fn an_unknown_rule_is_refused_with_what_was_meant() {
    for arguments in [&["explain", "image/lastest-tag"][..], &["check", "--select", "image/lastest-tag"]] {
        let (code, output, errors) = said(arguments);
        assert_eq!((code, output.as_str()), (2, ""));
        assert!(errors.contains("did you mean `image/latest-tag`?"), "{errors}");
    }
}

#[test]
fn all_rules_are_listed_for_people_and_for_programs() {
    let (_, table, _) = said(&["rules"]);
    let (_, json, _) = said(&["rules", "--format", "json"]);
    let rules: Value = serde_json::from_str(&json).unwrap();
    let ids: Vec<&str> = rules.as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let listed: Vec<&str> = table.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(ids, listed);
    assert!(ids.is_sorted() && ids.contains(&"image/latest-tag"));
    let columns: Vec<Option<usize>> = table.lines().map(|line| line.find("  ")).collect();
    assert!(columns.iter().all(Option::is_some));
}

#[test]
fn shells_are_given_completions() {
    let (code, script, _) = said(&["completions", "bash"]);
    assert_eq!(code, 0);
    assert!(script.contains("portcullis"));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::TempDir::new().unwrap();
    let (code, output, errors) = said(&["man", folder.path().to_str().unwrap()]);
    assert_eq!((code, output.as_str(), errors.as_str()), (0, "", ""));
    let page = std::fs::read_to_string(folder.path().join("portcullis-check.1")).unwrap();
    assert!(page.contains("\\-\\-fail\\-on") && page.contains("Exit codes:"), "{page}");
    assert!(folder.path().join("portcullis.1").exists());

    let missing = folder.path().join("missing");
    let (code, _, errors) = said(&["man", missing.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(errors.contains("missing"), "{errors}");
}
