//! Checks of every root module in every environment, which say each fault once.

use std::collections::HashMap;

use policy_deployment::model::AwsRoot;
use policy_text::source::{FileId, RepoPath, Span};

use super::Context;
use crate::finding::{Finding, Label};

/// The most environments that a finding names.
const MAX_NAMED: usize = 3;

impl Context<'_> {
    /// Checks every root module in every environment and says each fault once: findings with one message at one place are
    /// one. Where a fault does not hold in all environments of its root module, the finding names those in which it does.
    pub fn each_root(&self, check: impl Fn(&AwsRoot) -> Vec<Finding>) -> Vec<Finding> {
        let roots = &self.deployment.roots;
        let mut found: Vec<(Finding, Vec<&AwsRoot>)> = Vec::new();
        let mut seen: HashMap<(Span, String), usize> = HashMap::new();
        for root in roots {
            for finding in check(root) {
                let index =
                    *seen.entry((finding.primary.span, finding.message.clone())).or_insert(found.len());
                match found.get_mut(index) {
                    Some((_, roots)) => roots.push(root),
                    None => found.push((finding, vec![root])),
                }
            }
        }
        found.into_iter().map(|(finding, holds_in)| name_environments(finding, &holds_in, roots)).collect()
    }
}

fn name_environments(finding: Finding, holds_in: &[&AwsRoot], roots: &[AwsRoot]) -> Finding {
    let fails_in_some = |folder: &RepoPath| {
        roots
            .iter()
            .filter(|root| root.folder == *folder)
            .any(|root| !holds_in.iter().any(|&other| std::ptr::eq(root, other)))
    };
    // A root module where it holds whatever the environment is enough to say it without one.
    if holds_in.iter().any(|root| !fails_in_some(&root.folder)) {
        return finding;
    }
    let mut files: Vec<FileId> = holds_in.iter().filter_map(|root| root.environment).collect();
    files.sort_unstable();
    files.dedup();
    let (named, others) = files.split_at(files.len().min(MAX_NAMED));
    named.iter().enumerate().fold(finding, |finding, (index, file)| {
        let label = if index + 1 == named.len() && !others.is_empty() {
            format!("this happens with the values in this file and in {} others", others.len())
        } else {
            "this happens with the values in this file".to_owned()
        };
        finding.related(Label::new(Span::start_of(*file), label))
    })
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, Sources};

    use super::*;
    use crate::check::deployment;
    use crate::config::{Options, Settings};
    use crate::rule::Texts;

    #[test]
    fn a_finding_names_environments_only_where_it_depends_on_them() {
        let main = "variable \"seconds\" {}\nresource \"aws_lb_listener\" \"x\" {\n  port = var.seconds\n}\n";
        let tree = [("main.tf", main), ("dev.tfvars", "seconds = 1\n"), ("prod.tfvars", "seconds = 2\n")]
            .into_iter()
            .fold(MemoryTree::new(), |tree, (path, text)| tree.with(RepoPath::new(path).unwrap(), text));
        let sources = Sources::open(&tree);
        let options = Options::default();
        let deployment = deployment(&sources, &Settings::default());
        let texts = Texts::default();
        let context = Context {
            deployment: &deployment,
            sources: &sources,
            texts: &texts,
            problems: &[],
            options: &options,
        };
        let findings = context.each_root(|root| {
            let listener = &root.terraform.as_ref().unwrap().resources[0];
            let value = listener.body.get("port").unwrap();
            let mut found = vec![Finding::new("always", Label::new(listener.at, ""))];
            if value.as_integer() == Some(2) {
                found.push(Finding::new("only in one", Label::new(listener.at, "")));
            }
            found
        });
        let related: Vec<(&str, usize)> =
            findings.iter().map(|finding| (finding.message.as_str(), finding.related.len())).collect();
        assert_eq!(related, [("always", 0), ("only in one", 1)]);
    }
}
