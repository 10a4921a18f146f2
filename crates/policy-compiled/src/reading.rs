//! The files of a program as they are read, and whether that is all of them.

use policy_text::source::{Altered, FileId, Sources, Span};

use crate::code::Code;
use crate::listing::Listing;
use crate::scan::Language;

/// Files with code of one program. What is larger is not followed.
const MOST: usize = 10_000;

/// A program that is being read.
pub(crate) struct Reading<'s> {
    sources: &'s Sources<'s>,
    /// How many more files with code are read.
    room: usize,
    /// The first file that is part of it and was not read.
    missing: Option<FileId>,
}

impl<'s> Reading<'s> {
    /// Nothing is read yet.
    pub(crate) fn new(sources: &'s Sources<'s>) -> Self {
        Self { sources, room: MOST, missing: None }
    }

    /// The text of a file.
    pub(crate) fn text(&mut self, file: FileId) -> Option<String> {
        let decoded = self.sources.read(file).ok();
        let text =
            decoded.filter(|decoded| decoded.altered != Some(Altered::FromUtf16)).map(|decoded| decoded.text);
        if text.is_none() {
            self.missing.get_or_insert(file);
        }
        text
    }

    /// The code in a file, in the language of its name.
    pub(crate) fn code(&mut self, file: FileId) -> Option<Code> {
        let Some(room) = self.room.checked_sub(1) else {
            self.missing.get_or_insert(file);
            return None;
        };
        self.room = room;
        let language = Language::of(self.sources.path(file))?;
        Some(Code::new(file, self.text(file)?, language))
    }

    /// Lists that it may serve anything, where not all of it was read.
    pub(crate) fn list_gaps(&self, listing: &mut Listing) {
        if let Some(file) = self.missing {
            listing.anything(Span::start_of(file), "some of its code was not read");
        }
    }
}
