//! Every target in one program: the environment names the one to run, as in `PORTCULLIS_TARGET=terraform`.

#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<String> =
    LazyLock::new(|| std::env::var("PORTCULLIS_TARGET").unwrap_or_else(|_| "tree".to_owned()));

libfuzzer_sys::fuzz_target!(|input: &[u8]| portcullis_fuzz::run(&TARGET, input));
