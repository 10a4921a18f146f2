//! Base64, URL, JSON and YAML encodings, and CSV.

use super::arguments::{Call, Outcome};
use super::function::Function;
use super::{csv, json, yaml};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::exactly(1, "jsonencode", json::jsonencode),
    Function::exactly(1, "jsondecode", json::jsondecode),
    Function::exactly(1, "csvdecode", csv::csvdecode),
    Function::exactly(1, "yamldecode", yaml::yamldecode),
    Function::exactly(1, "yamlencode", yaml::yamlencode),
    Function::exactly(1, "urlencode", |call| Ok(call.made_string(urlencode(&call.string(0)?)))),
    Function::exactly(1, "base64encode", |call| Ok(call.made_string(to_base64(call.string(0)?.as_bytes())))),
    Function::exactly(1, "base64decode", |call| {
        let bytes = from_base64(&call.string(0)?).ok_or("the text is not valid Base64")?;
        Ok(call.made_string(String::from_utf8(bytes).map_err(|_| "the result is not valid UTF-8")?))
    }),
    Function::exactly(2, "textencodebase64", |call| {
        let (text, encoding) = (call.string(0)?, call.string(1)?);
        let bytes =
            encode_text(&text, &encoding).ok_or_else(|| call.unknown("the encoding is not followed"))?;
        Ok(call.made_string(to_base64(&bytes)))
    }),
    Function::exactly(2, "textdecodebase64", textdecodebase64),
];

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for index in 0..4 {
            let letter = ALPHABET.get((bits >> (18 - 6 * index) & 63) as usize).copied().unwrap_or(b'=');
            text.push(if index > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

/// Line ends are passed over, padding is required, as in Go's standard encoding.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !letters.len().is_multiple_of(4) {
        return None;
    }
    let padding = letters.iter().rev().take_while(|&&letter| letter == b'=').count();
    if padding > 2 {
        return None;
    }
    let digits = letters.get(..letters.len() - padding)?;
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for chunk in digits.chunks(4) {
        let mut bits = 0_u32;
        for &letter in chunk {
            bits = bits << 6 | ALPHABET.iter().position(|&known| known == letter)? as u32;
        }
        bits <<= 6 * (4 - chunk.len());
        bytes.extend_from_slice(bits.to_be_bytes().get(1..chunk.len())?);
    }
    Some(bytes)
}

/// As for a query string: a blank becomes `+`.
fn urlencode(text: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

fn encode_text(text: &str, encoding: &str) -> Option<Vec<u8>> {
    match encoding.to_ascii_uppercase().as_str() {
        "UTF-8" => Some(text.as_bytes().to_vec()),
        "UTF-16LE" => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        "UTF-16BE" => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        _ => None,
    }
}

fn textdecodebase64(call: &Call<'_>) -> Outcome {
    let bytes = from_base64(&call.string(0)?).ok_or("the text is not valid Base64")?;
    let units = |read: fn([u8; 2]) -> u16| {
        bytes.as_chunks::<2>().0.iter().map(|&pair| read(pair)).collect::<Vec<u16>>()
    };
    let text = match call.string(1)?.to_ascii_uppercase().as_str() {
        "UTF-8" => String::from_utf8_lossy(&bytes).into_owned(),
        "UTF-16LE" => String::from_utf16_lossy(&units(u16::from_le_bytes)),
        "UTF-16BE" => String::from_utf16_lossy(&units(u16::from_be_bytes)),
        _ => return Err(call.unknown("the encoding is not followed")),
    };
    Ok(call.made_string(text))
}
