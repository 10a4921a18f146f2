//! Blocks of which the head alone is read until somebody asks for the rest: most of what a repository declares decides
//! nothing that a check asks for, and to parse it would be most of the time of the check.

use std::sync::{Arc, OnceLock};

use memchr::memmem;
use policy_text::Problem;
use policy_text::source::{FileId, Span};

use super::read::{self, Read};
use super::syntax::{Block, Body, Contents};

/// What Terraform declares by name. Other blocks say something about their file or folder, and are read at once.
const KINDS: [&str; 5] = ["resource", "data", "variable", "output", "module"];

/// The body of a block, as it is written.
#[derive(Clone, Debug)]
pub(super) struct Deferred {
    file: FileId,
    /// The offset of the text in the file.
    base: usize,
    /// The whole block, from its type on.
    text: Box<str>,
    read: OnceLock<Result<Read, Problem>>,
}

impl Deferred {
    /// What is between the braces, or why that cannot be read.
    pub(super) fn body(&self) -> Result<&Body, &Problem> {
        let read = self.read.get_or_init(|| read::block(self.file, &self.text, self.base));
        read.as_ref().map(|(body, _)| body)
    }

    /// What is wrong with the body, where somebody has asked for it.
    pub(super) fn problem(&self) -> Option<&Problem> {
        match self.read.get()? {
            Ok((_, problem)) => problem.as_ref(),
            Err(problem) => Some(problem),
        }
    }

    /// Whether the block has `name` anywhere.
    pub(super) fn mentions(&self, name: &str) -> bool {
        memmem::find(self.text.as_bytes(), name.as_bytes()).is_some()
    }
}

/// The block that `text` is, where its head is plain. `base` is the offset of `text` in the file.
pub(super) fn block(file: FileId, text: &str, base: usize) -> Option<Block> {
    let (kind, mut rest) = name(text)?;
    if !KINDS.contains(&kind) {
        return None;
    }
    let mut labels: Vec<Arc<str>> = Vec::new();
    let mut end = kind.len();
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if rest.starts_with('{') {
            break;
        }
        let (label, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted.split_once('"').filter(|(label, _)| !label.contains(['\\', '$', '%', '\n']))?
        } else {
            name(rest)?
        };
        rest = after;
        labels.push(label.into());
        end = text.len() - rest.len();
    }
    let deferred = Deferred { file, base, text: text.into(), read: OnceLock::new() };
    let at = Span::new(file, base..base + end);
    Some(Block { kind: kind.into(), labels, at, contents: Contents::Deferred(Box::new(deferred)) })
}

/// The name that a text begins with, and what follows.
fn name(text: &str) -> Option<(&str, &str)> {
    let length =
        text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    text.split_at_checked(length).filter(|(name, _)| !name.is_empty())
}
