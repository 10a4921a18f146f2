//! Messages over standard input and output, each read within bounds: what a header says of the length is not believed.

use std::io::{self, BufRead, Read};
use std::thread::{self, JoinHandle};

use crossbeam_channel::bounded;
use lsp_server::{Connection, Message};

/// The longest line of a header that is read.
const MAX_HEADER: u64 = 4 << 10;

/// The longest message that is read. One that is longer is passed over: no file as long is read, either.
const MAX_MESSAGE: usize = 64 << 20;

/// The threads that read and write.
pub(super) struct Threads {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

impl Threads {
    /// Waits until both are done. The connection has to be dropped before.
    pub(super) fn join(self) -> io::Result<()> {
        let gone = |_| io::Error::other("a thread of the connection is gone");
        self.reader.join().map_err(gone)??;
        self.writer.join().map_err(gone)?
    }
}

/// The connection to the client that started the program.
pub(super) fn connect() -> (Connection, Threads) {
    let (to_client, written) = bounded::<Message>(0);
    let (read, from_client) = bounded::<Message>(0);
    let writer = thread::spawn(move || {
        let mut output = io::stdout().lock();
        written.into_iter().try_for_each(|message| message.write(&mut output))
    });
    let reader = thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(text) = next(&mut input)? {
            let message: Message = serde_json::from_slice(&text)?;
            let is_last = matches!(&message, Message::Notification(last) if last.method == "exit");
            read.send(message).map_err(io::Error::other)?;
            if is_last {
                break;
            }
        }
        Ok(())
    });
    (Connection { sender: to_client, receiver: from_client }, Threads { reader, writer })
}

/// The text of the next message that is not too long. `None` at the end.
fn next(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    while let Some(length) = length(input)? {
        let mut body = input.by_ref().take(length as u64);
        if length > MAX_MESSAGE {
            io::copy(&mut body, &mut io::sink())?;
            continue;
        }
        // Memory is taken for what comes, not for what is said to come.
        let mut text = Vec::new();
        if body.read_to_end(&mut text)? < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        return Ok(Some(text));
    }
    Ok(None)
}

/// The length that the header of the next message says. `None` at the end.
fn length(input: &mut impl BufRead) -> io::Result<Option<usize>> {
    let malformed = |line: &[u8]| {
        let shown = String::from_utf8_lossy(line.get(..80).unwrap_or(line)).into_owned();
        io::Error::new(io::ErrorKind::InvalidData, format!("malformed header: {shown:?}"))
    };
    let mut length = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.take(MAX_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let Some(field) = line.strip_suffix(b"\r\n") else { return Err(malformed(&line)) };
        if field.is_empty() {
            return length.map(Some).ok_or_else(|| malformed(field));
        }
        let field = std::str::from_utf8(field).ok().and_then(|field| field.split_once(": "));
        let Some((name, value)) = field else { return Err(malformed(&line)) };
        if name.eq_ignore_ascii_case("Content-Length") {
            length = Some(value.parse().map_err(|_| malformed(&line))?);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(mut input: &[u8]) -> io::Result<Vec<String>> {
        let mut texts = Vec::new();
        while let Some(text) = next(&mut input)? {
            texts.push(String::from_utf8(text).unwrap());
        }
        Ok(texts)
    }

    #[test]
    fn messages_are_read_one_after_the_other() {
        let input = b"Content-Length: 2\r\nX: y\r\n\r\n{}content-length: 1\r\n\r\na";
        assert_eq!(texts(input).unwrap(), ["{}", "a"]);
        assert!(texts(b"").unwrap().is_empty());
    }

    #[test]
    fn a_length_that_is_not_there_takes_no_memory() {
        for length in ["60000000", "18446744073709551616", "-5", "a"] {
            assert!(texts(format!("Content-Length: {length}\r\n\r\n{{}}").as_bytes()).is_err(), "{length}");
        }
        assert!(texts(b"Content-Length: 99999999999\r\n\r\n{}").unwrap().is_empty());
    }

    #[test]
    fn a_message_that_is_too_long_is_passed_over() {
        let long = "a".repeat(MAX_MESSAGE + 1);
        let input = format!("Content-Length: {}\r\n\r\n{long}Content-Length: 1\r\n\r\nb", long.len());
        assert_eq!(texts(input.as_bytes()).unwrap(), ["b"]);
    }

    #[test]
    fn a_header_has_lines_of_its_own() {
        for header in ["hello\r\n\r\n", "\r\n\r\n", "a: b\n\n", &"a".repeat(10_000)] {
            assert!(texts(header.as_bytes()).is_err(), "{header}");
        }
    }
}
