//! Scripts that were checked out with the line ends of Windows: to the shell a carriage return is part of a word.

use policy_text::embedded::Embedded;

/// The text with a line feed for each line end.
pub(super) fn of_unix(text: Embedded) -> Embedded {
    if !text.as_str().contains("\r\n") {
        return text;
    }
    let mut result = Embedded::new(text.file());
    let mut at = 0;
    for (end, _) in text.as_str().match_indices("\r\n") {
        result.push_from(&text, at..end);
        at = end + 1;
    }
    result.push_from(&text, at..text.as_str().len());
    result
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;

    #[test]
    fn lines_end_as_on_unix_and_keep_their_places() {
        let text = "if x; then\r\n  docker push \\\r\n    a/web:latest\r\nfi\r\n";
        let unix = of_unix(Embedded::whole(FileId(0), text));
        assert_eq!(unix.as_str(), text.replace('\r', ""));
        let at = unix.as_str().find("latest").unwrap();
        assert_eq!(&text[unix.span(at..at + 6).range()], "latest");
    }
}
