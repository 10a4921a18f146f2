//! Positions as the protocol counts them: lines from zero, and columns in the units that client and server agreed on.

use lsp_types::{InitializeParams, Position, PositionEncodingKind, Range};
use policy_core::source::{SourceText, Span};

/// The units of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of 16 bits, which every client understands.
    Utf16,
}

impl Encoding {
    /// The one that costs least of those that the client knows.
    pub(super) fn agreed(client: &InitializeParams) -> Self {
        let known =
            client.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        let knows_bytes = known.is_some_and(|known| known.contains(&PositionEncodingKind::UTF8));
        if knows_bytes { Self::Utf8 } else { Self::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    pub(super) fn range(self, text: &SourceText, span: Span) -> Range {
        Range { start: self.position(text, span.start as usize), end: self.position(text, span.end as usize) }
    }

    /// The position of a byte.
    pub(super) fn position(self, text: &SourceText, offset: usize) -> Position {
        let line = text.line_of(offset);
        let before = text.slice(text.line_range(line).start..offset);
        let column = match self {
            Self::Utf8 => before.len(),
            Self::Utf16 => before.encode_utf16().count(),
        };
        Position { line: line as u32 - 1, character: column as u32 }
    }
}

#[cfg(test)]
mod tests {
    use policy_core::source::FileId;

    use super::*;

    #[test]
    fn columns_are_counted_as_agreed() {
        let text = SourceText::new("a\r\nü😀x\n");
        let x = "a\r\nü😀".len();
        let column = |encoding: Encoding| encoding.position(&text, x);
        assert_eq!(column(Encoding::Utf8), Position { line: 1, character: 6 });
        assert_eq!(column(Encoding::Utf16), Position { line: 1, character: 3 });
        let whole = Encoding::Utf16.range(&text, Span::new(FileId(0), 0..x));
        assert_eq!((whole.start.line, whole.end.line), (0, 1));
    }
}
