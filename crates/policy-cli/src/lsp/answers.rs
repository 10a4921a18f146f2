//! What is found in a repository, in the words of the protocol: diagnostics, code actions and hovers.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use lsp_types::{
    CodeAction, CodeActionKind, CodeDescription, CreateFile, Diagnostic, DiagnosticRelatedInformation,
    DiagnosticSeverity, DocumentChangeOperation, DocumentChanges, Hover, HoverContents, Location,
    MarkupContent, MarkupKind, NumberOrString, OneOf, OptionalVersionedTextDocumentIdentifier, Position,
    Range, ResourceOp, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};
use policy_core::directive::PLACEHOLDER;
use policy_core::finding::{Applicability, Edit, Fix, Label, Severity};
use policy_core::report::{self, Report, comment};
use policy_core::source::{RepoPath, Span};

use super::encoding::Encoding;

/// A report on the way to an editor.
pub(super) struct Answers<'r> {
    pub(super) report: &'r Report,
    pub(super) encoding: Encoding,
    /// The address by which the editor knows a file.
    pub(super) address: &'r dyn Fn(&RepoPath) -> String,
}

impl Answers<'_> {
    /// The diagnostics of every file that has any.
    pub(super) fn diagnostics(&self) -> BTreeMap<RepoPath, Vec<Diagnostic>> {
        let mut by_file: BTreeMap<RepoPath, Vec<Diagnostic>> = BTreeMap::new();
        for found in self.report.active() {
            let span = found.finding.primary.span;
            if let (Some(file), Some(diagnostic)) = (self.report.file(span), self.diagnostic(found)) {
                by_file.entry(file.path.clone()).or_default().push(diagnostic);
            }
        }
        by_file
    }

    fn diagnostic(&self, found: &report::Diagnostic) -> Option<Diagnostic> {
        let finding = &found.finding;
        let related = |label: &Label| {
            let location = self.location(label.span)?;
            Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
        };
        let help = finding.help.iter().map(|help| format!("\nhelp: {help}"));
        Some(Diagnostic {
            range: self.location(finding.primary.span)?.range,
            severity: Some(match found.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(found.rule.to_string())),
            code_description: Uri::from_str(&found.rule.page()).ok().map(|href| CodeDescription { href }),
            source: Some("portcullis".to_owned()),
            message: std::iter::once(finding.message.clone()).chain(help).collect(),
            related_information: Some(finding.related.iter().filter_map(related).collect()),
            tags: None,
            data: None,
        })
    }

    /// What can be done about the findings that `range` of the file at `path` touches: their fixes, and a comment that
    /// allows each.
    pub(super) fn actions(&self, path: &RepoPath, range: Range) -> Vec<CodeAction> {
        let mut actions = Vec::new();
        for found in self.touched(path, range) {
            let diagnostics = Some(self.diagnostic(found).into_iter().collect());
            let action = |title: String, edit: WorkspaceEdit, is_preferred: bool| CodeAction {
                title,
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: diagnostics.clone(),
                edit: Some(edit),
                is_preferred: Some(is_preferred),
                ..CodeAction::default()
            };
            if let Some(fix) = found.finding.fix.as_ref()
                && let Some(edit) = self.edit(fix)
            {
                actions.push(action(fix.title.clone(), edit, fix.applicability == Applicability::Safe));
            }
            if let Some(edit) = self.allowance(found) {
                actions.push(action(format!("allow `{}` here, with a reason", found.rule), edit, false));
            }
        }
        actions
    }

    /// The card of a finding at `position` of the file at `path`.
    pub(super) fn hover(&self, path: &RepoPath, position: Position) -> Option<Hover> {
        let found = self.touched(path, Range { start: position, end: position }).next()?;
        let card = self.report.cards.iter().find(|card| card.id == found.rule)?;
        let sections = ["What", "Why", "How to fix"].map(|heading| card.section(heading));
        let [what, why, fix] = sections;
        let value = format!(
            "**[{}]({})**\n\n{what}\n\n### Why\n\n{why}\n\n### How to fix\n\n{fix}\n",
            card.id,
            card.id.page(),
        );
        let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value });
        Some(Hover { contents, range: self.location(found.finding.primary.span).map(|place| place.range) })
    }

    fn touched(&self, path: &RepoPath, range: Range) -> impl Iterator<Item = &report::Diagnostic> {
        self.report.active().filter(move |found| {
            let span = found.finding.primary.span;
            self.report.file(span).is_some_and(|file| file.path == *path)
                && self
                    .location(span)
                    .is_some_and(|place| place.range.start <= range.end && range.start <= place.range.end)
        })
    }

    fn location(&self, span: Span) -> Option<Location> {
        let file = self.report.file(span)?;
        Some(Location { uri: self.uri(&file.path)?, range: self.encoding.range(&file.text, span) })
    }

    fn uri(&self, path: &RepoPath) -> Option<Uri> {
        Uri::from_str(&(self.address)(path)).ok()
    }

    fn edit(&self, fix: &Fix) -> Option<WorkspaceEdit> {
        if fix.applicability == Applicability::DisplayOnly {
            return None;
        }
        let mut created = Vec::new();
        let mut changed: BTreeMap<RepoPath, Vec<TextEdit>> = BTreeMap::new();
        for edit in &fix.edits {
            match edit {
                Edit::Replace { span, text } => {
                    let range = self.location(*span)?.range;
                    let path = self.report.file(*span)?.path.clone();
                    changed.entry(path).or_default().push(TextEdit { range, new_text: text.clone() });
                }
                Edit::Create { path, text } => {
                    created.push(path);
                    let edit = TextEdit { range: Range::default(), new_text: text.clone() };
                    changed.entry(path.clone()).or_default().push(edit);
                }
            }
        }
        if created.is_empty() {
            return self.changes(changed);
        }
        let create = |path: &RepoPath| {
            let create = CreateFile { uri: self.uri(path)?, options: None, annotation_id: None };
            Some(DocumentChangeOperation::Op(ResourceOp::Create(create)))
        };
        let change = |(path, edits): (RepoPath, Vec<TextEdit>)| {
            let text_document =
                OptionalVersionedTextDocumentIdentifier { uri: self.uri(&path)?, version: None };
            let edits = edits.into_iter().map(OneOf::Left).collect();
            Some(DocumentChangeOperation::Edit(TextDocumentEdit { text_document, edits }))
        };
        let operations: Option<Vec<_>> =
            created.into_iter().map(create).chain(changed.into_iter().map(change)).collect();
        let document_changes = Some(DocumentChanges::Operations(operations?));
        Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
    }

    fn allowance(&self, found: &report::Diagnostic) -> Option<WorkspaceEdit> {
        let span = found.finding.primary.span;
        let file = self.report.file(span)?;
        let line = file.text.line_of(span.start as usize);
        let (at, new_text) = comment(file, line, &[found.rule], PLACEHOLDER)?;
        let at = self.encoding.position(&file.text, at);
        let edit = TextEdit { range: Range { start: at, end: at }, new_text };
        self.changes([(file.path.clone(), vec![edit])].into())
    }

    fn changes(&self, edits: BTreeMap<RepoPath, Vec<TextEdit>>) -> Option<WorkspaceEdit> {
        let changes: Option<HashMap<Uri, Vec<TextEdit>>> =
            edits.into_iter().map(|(path, edits)| Some((self.uri(&path)?, edits))).collect();
        Some(WorkspaceEdit { changes: Some(changes?), ..WorkspaceEdit::default() })
    }
}
