//! What a rule says is wrong, where, why, and what to do about it.

mod fix;
mod likewise;
mod severity;

pub use fix::{Applicability, Edit, Fix};
pub(crate) use likewise::told_once;
pub use severity::Severity;

use policy_text::source::{RepoPath, Span};

/// A fault that a rule found. It states neither the rule's id nor a severity: the engine stamps both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What will break, as one sentence without a full stop, complete without the source beside it.
    pub message: String,
    /// The place that has to change.
    pub primary: Label,
    /// Other places that show why: where the value is used, what it disagrees with.
    pub related: Vec<Label>,
    /// How many of the related places, from the first, are the way of a value from the primary place to where it takes
    /// effect.
    pub steps: usize,
    /// What to do, as one sentence.
    pub help: Option<String>,
    /// A change that does it.
    pub fix: Option<Fix>,
    /// How severe this one is, where that differs from the rule's own severity.
    pub severity: Option<Severity>,
    /// The root-relative folder of the build context that the finding is about.
    pub build_context: Option<RepoPath>,
    /// How it is known that the fault matters here, shown with `-v`: "ships to the browser: imported from main.tsx".
    pub evidence: Vec<String>,
    /// Where secrets are written that it speaks of: nothing that shows source shows them.
    pub secrets: Vec<Span>,
}

/// A place with a few words on what is to be seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The words; may be empty for a primary label whose message says it all.
    pub text: String,
}

impl Label {
    /// A labelled place.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

impl Finding {
    /// A finding at `primary`, to be completed by the other constructors.
    pub fn new(message: impl Into<String>, primary: Label) -> Self {
        Self {
            message: message.into(),
            primary,
            related: Vec::new(),
            steps: 0,
            help: None,
            fix: None,
            severity: None,
            build_context: None,
            evidence: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, label: Label) -> Self {
        self.related.push(label);
        self
    }

    /// Adds the next place that the value of the primary place passes through. These come before other related places.
    #[must_use]
    pub fn step(mut self, label: Label) -> Self {
        self.related.insert(self.steps.min(self.related.len()), label);
        self.steps += 1;
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a change.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Overrides the rule's own severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Names the build context that the finding is about.
    #[must_use]
    pub fn build_context(mut self, folder: RepoPath) -> Self {
        self.build_context = Some(folder);
        self
    }

    /// Adds a reason to believe that the fault matters here.
    #[must_use]
    pub fn evidence(mut self, reason: impl Into<String>) -> Self {
        self.evidence.push(reason.into());
        self
    }

    /// Names a place that holds a secret.
    #[must_use]
    pub fn secret(mut self, at: Span) -> Self {
        self.secrets.push(at);
        self
    }
}
