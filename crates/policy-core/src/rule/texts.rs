//! The texts that rules quote: each is read once, however many findings stand in it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use policy_text::source::{FileId, SourceText, Sources};

/// The texts that were asked for so far. Which those are changes no answer.
#[derive(Debug, Default)]
pub struct Texts(Mutex<BTreeMap<FileId, Option<Arc<SourceText>>>>);

impl Texts {
    /// The text of `file`, as long as it can be read.
    pub(super) fn of(&self, file: FileId, sources: &Sources<'_>) -> Option<Arc<SourceText>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || Some(Arc::new(SourceText::new(sources.read(file).ok()?.text)));
        known.entry(file).or_insert_with(read).clone()
    }
}
