//! Windows of source for the renderer: a few lines around each label, cut to a width and made harmless.
//!
//! The renderer never sees a whole file: it is slow on long ones, fails on columns past 65,535 and draws no empty label
//! at the end of a text.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use policy_core::finding::Label;
use policy_core::report::Report;
use policy_core::source::{FileId, RepoPath, SourceText};

use super::secrets::{self, Texts, Told};
use policy_core::harmless::visible;

/// Lines shown before and after each label's line.
const CONTEXT: usize = 1;

/// Characters shown of one line at most, and at least.
const WIDTH: usize = 160;
const MIN_WIDTH: usize = 40;

/// The first of the labels is the place that has to change.
const PRIMARY: usize = 0;

/// Columns beside a line of source that its number and frame take.
const FRAME: usize = 8;

/// Stands for each character of what is left out.
const HIDDEN: char = '•';

/// Characters shown before the first label of a line that is cut.
const LEAD: usize = 40;

/// Windows one after the other, as if they were one text. Invariant: no span of the renderer crosses two of them.
#[derive(Debug, Default)]
pub(super) struct Excerpts {
    windows: Vec<Window>,
}

#[derive(Debug)]
struct Window {
    /// Where the window's text begins among all windows.
    offset: usize,
    path: String,
    first_line: usize,
    text: String,
    /// Where each label begins, and the line and column that it has in the file.
    marks: Vec<Mark>,
}

#[derive(Debug)]
struct Mark {
    offset: usize,
    line: usize,
    column: usize,
}

/// A label on its way into a window.
#[derive(Clone, Copy)]
struct Target {
    /// Which of the labels it is.
    label: usize,
    start: usize,
    end: usize,
    line: usize,
}

/// What is left out of a file.
#[derive(Clone, Copy)]
struct Masked<'t> {
    texts: Texts,
    file: FileId,
    told: &'t Told,
}

impl Excerpts {
    /// The windows that show `labels`, files in the order in which the labels first mention them, and a span among the
    /// windows for each label. `None` for a label whose file has nothing to show.
    ///
    /// The window of the first label comes first. `width` is that of the terminal, and `shown` how it shows a path.
    pub(super) fn of(
        report: &Report,
        told: &Told,
        labels: &[&Label],
        width: usize,
        shown: &dyn Fn(&RepoPath) -> String,
    ) -> (Self, Vec<Option<SourceSpan>>) {
        let mut files: Vec<FileId> = Vec::new();
        for label in labels {
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
        }
        let width = width.saturating_sub(FRAME).clamp(MIN_WIDTH, WIDTH);
        let mut excerpts = Self::default();
        let mut spans = vec![None; labels.len()];
        for id in files {
            let Some(file) = report.files.get(&id).filter(|file| !file.text.as_str().is_empty()) else {
                continue;
            };
            let mut targets: Vec<Target> = labels
                .iter()
                .enumerate()
                .filter(|(_, label)| {
                    report.files.get(&label.span.file).is_some_and(|of| of.path == file.path)
                })
                .map(|(index, label)| {
                    let range = label.span.range();
                    let line = file.text.line_of(range.start);
                    Target { label: index, start: range.start, end: range.end, line }
                })
                .collect();
            targets.sort_by_key(|target| target.start);
            let mut groups: Vec<&[Target]> =
                targets.chunk_by(|a, b| b.line - a.line <= 2 * CONTEXT + 1).collect();
            groups.sort_by_key(|group| group.iter().all(|target| target.label != PRIMARY));
            for group in groups {
                let masked = Masked { texts: Texts::of(&file.path), file: id, told };
                excerpts.push_window(shown(&file.path), &file.text, masked, width, group, &mut spans);
            }
        }
        (excerpts, spans)
    }

    fn push_window(
        &mut self,
        path: String,
        source: &SourceText,
        masked: Masked<'_>,
        width: usize,
        targets: &[Target],
        spans: &mut [Option<SourceSpan>],
    ) {
        let (Some(first), Some(last)) = (targets.first(), targets.last()) else { return };
        let offset = self.windows.last().map_or(0, |window| window.offset + window.text.len() + 1);
        let first_line = first.line.saturating_sub(CONTEXT).max(1);
        let last_line = (last.line + CONTEXT).min(last_line_to_show(source)).max(last.line);
        let mut window = Window { offset, path, first_line, text: String::new(), marks: Vec::new() };
        for line in first_line..=last_line {
            let on_line: Vec<Target> = targets.iter().filter(|target| target.line == line).copied().collect();
            let start = offset + window.text.len();
            let cut = cut_line(source, line, &on_line, masked, width);
            window.text.push_str(&cut.text);
            window.text.push('\n');
            for (target, (from, to)) in on_line.iter().zip(cut.labels) {
                let column = source.line_column(target.start).column;
                window.marks.push(Mark { offset: start + from, line, column });
                if let Some(span) = spans.get_mut(target.label) {
                    *span = Some((start + from, to - from).into());
                }
            }
        }
        self.windows.push(window);
    }
}

/// The last line, but not the empty one after the line end of the last.
fn last_line_to_show(source: &SourceText) -> usize {
    let count = source.line_count();
    if source.line_range(count).is_empty() { count.saturating_sub(1).max(1) } else { count }
}

struct CutLine {
    text: String,
    /// Where each label lies in `text`; none is empty.
    labels: Vec<(usize, usize)>,
}

fn cut_line(
    source: &SourceText,
    line: usize,
    targets: &[Target],
    masked: Masked<'_>,
    width: usize,
) -> CutLine {
    let range = source.line_range(line);
    let content = source.slice(range.clone());
    let skipped = if content.chars().nth(width).is_none() {
        0
    } else {
        let first = targets.first().map_or(range.start, |target| target.start);
        source.slice(range.start..first).chars().count().saturating_sub(LEAD.min(width / 4))
    };

    let marks: Vec<usize> = targets.iter().map(|target| target.start - range.start).collect();
    let hidden = hidden(content, skipped, &marks, masked.texts);

    let mut text = String::new();
    if skipped > 0 {
        text.push('…');
    }
    let mut kept: Vec<(usize, usize)> = Vec::new();
    let mut characters = content.char_indices().skip(skipped);
    for (at, character) in characters.by_ref().take(width) {
        let here = range.start + at;
        let is_hidden =
            masked.told.hides(masked.file, here) || hidden.iter().any(|range| range.contains(&at));
        kept.push((here, text.len()));
        text.push(if is_hidden { HIDDEN } else { visible(character) });
    }
    let end = text.len();
    if characters.next().is_some() {
        text.push('…');
    }

    let shown = |at: usize| {
        let index = kept.partition_point(|&(original, _)| original < at);
        kept.get(index).map_or(end, |&(_, shown)| shown)
    };
    let labels: Vec<(usize, usize)> = targets
        .iter()
        .map(|target| {
            let (from, to) = (shown(target.start), shown(target.end));
            // An empty label marks the character after it, or one blank after the end of the line.
            let next = kept.iter().map(|&(_, shown)| shown).find(|&shown| shown > from);
            (from, to.max(next.unwrap_or(from + 1)))
        })
        .collect();
    if labels.iter().any(|&(from, _)| from == text.len()) {
        text.push(' ');
    }
    CutLine { text, labels }
}

/// What of a line is left out. No more of it is looked at than what is shown, and a name before that.
fn hidden(line: &str, skipped: usize, marks: &[usize], texts: Texts) -> Vec<Range<usize>> {
    let mut positions = line.char_indices().map(|(at, _)| at).skip(skipped.saturating_sub(LEAD));
    let from = positions.next().unwrap_or_default();
    let to = positions.nth(LEAD + WIDTH).unwrap_or(line.len());
    let is_marked =
        |value: &Range<usize>| marks.iter().any(|&mark| mark >= from && value.contains(&(mark - from)));
    let hidden = secrets::hidden(line.get(from..to).unwrap_or_default(), texts, is_marked);
    hidden.into_iter().map(|range| from + range.start..from + range.end).collect()
}

impl SourceCode for Excerpts {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let window = self
            .windows
            .iter()
            .find(|window| window.offset <= start && end <= window.offset + window.text.len())
            .ok_or(MietteError::OutOfBounds)?;
        // Without context the renderer only asks for the line and the column of a label.
        let mark = window.marks.iter().find(|mark| lines_before == 0 && mark.offset == start);
        let (line, column) = mark.map_or((window.first_line, 1), |mark| (mark.line, mark.column));
        Ok(Box::new(MietteSpanContents::new_named(
            window.path.clone(),
            window.text.as_bytes(),
            (window.offset, window.text.len()).into(),
            line - 1,
            column - 1,
            window.text.lines().count(),
        )))
    }
}
