//! What a script may look like before it is given to a recursive parser, which a deep one would bring down.

/// Brackets inside brackets. Of 24,000 real files two go past 200.
const MAX_DEPTH: usize = 400;
/// Operators in one expression, which nest to the left or to the right.
const MAX_CHAIN: usize = 2_500;
/// `<T>(` inside itself: the parser's time doubles with each.
const MAX_CASTS: usize = 8;
/// From here on the ordinary stack of a thread may be too small.
const SHALLOW: usize = 30;
/// Enough for [`MAX_DEPTH`] and [`MAX_CHAIN`] without optimisation.
const STACK: usize = 128 << 20;

/// Why a script is not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excess {
    pub(super) offset: usize,
    pub(super) reason: &'static str,
}

/// How deep a text nests at most, by its characters alone.
#[derive(Debug, Default)]
struct Nesting {
    depth: usize,
    chain: usize,
}

/// Refuses what the parser could not survive.
pub(super) fn check(text: &str) -> Result<(), Excess> {
    measure(text).map(|_| ())
}

/// Runs `work` on a stack that fits `text`.
pub(super) fn with_stack(text: &str, work: impl FnOnce()) {
    match measure(text) {
        Ok(nesting) if nesting.depth <= SHALLOW && nesting.chain <= SHALLOW * 4 => work(),
        _ => stacker::grow(STACK, work),
    }
}

fn measure(text: &str) -> Result<Nesting, Excess> {
    let bytes = text.as_bytes();
    let mut most = Nesting::default();
    // The chain of each open bracket.
    let mut open: Vec<usize> = vec![0];
    let (mut tags, mut casts, mut elses) = (0_usize, 0_usize, 0_usize);
    for (offset, &byte) in bytes.iter().enumerate() {
        let next = bytes.get(offset + 1).copied().unwrap_or_default();
        match byte {
            b'(' | b'[' | b'{' => {
                if byte == b'(' && offset > 0 && bytes.get(offset - 1) == Some(&b'>') {
                    casts += 1;
                }
                open.push(0);
                most.depth = most.depth.max(open.len());
            }
            b')' | b']' | b'}' if open.len() > 1 => {
                open.pop();
            }
            b';' | b',' => {
                casts = 0;
                if let Some(chain) = open.last_mut() {
                    *chain = 0;
                }
            }
            b'<' if next == b'/' => tags = tags.saturating_sub(1),
            b'/' if next == b'>' => tags = tags.saturating_sub(1),
            b'<' if next.is_ascii_alphabetic() || next == b'>' => tags += 1,
            b'e' if bytes
                .get(offset..)
                .is_some_and(|rest| rest.starts_with(b"else if") || rest.starts_with(b"else\nif")) =>
            {
                elses += 1;
            }
            b'+' | b'-' | b'*' | b'.' | b'?' | b':' | b'!' | b'~' | b'&' | b'|' | b'^' | b'%' | b'=' => {
                if let Some(chain) = open.last_mut() {
                    *chain += 1;
                    most.chain = most.chain.max(*chain);
                }
            }
            _ => {}
        }
        let reason = if most.depth > MAX_DEPTH {
            "brackets nest more than 400 deep"
        } else if most.chain > MAX_CHAIN || tags > MAX_CHAIN || elses > MAX_CHAIN / 2 {
            "an expression chains more than 2500 operators"
        } else if casts > MAX_CASTS {
            "casts nest more than 8 deep"
        } else {
            continue;
        };
        return Err(Excess { offset, reason });
    }
    most.chain = most.chain.max(tags).max(elses);
    Ok(most)
}
