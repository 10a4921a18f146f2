//! What makes files and folders: it matters to builds that other commands ask for.

use super::PROGRAM;
use crate::commands::effect::Made;
use crate::commands::example::makes;
use crate::commands::row::{Effect, Program, Row};
use crate::commands::{made, valued};

static COPIERS: Program = Program { names: &["cp", "mv", "rsync", "ln", "install"], ..PROGRAM };
static MAKERS: Program = Program { names: &["mkdir", "touch", "tee"], ..PROGRAM };
static GIT: Program = Program { names: &["git"], valued: valued::GIT, ..PROGRAM };
static UNPACKERS: Program = Program { names: &["tar", "unzip", "curl", "wget"], ..PROGRAM };

pub(super) static ROWS: &[Row] = &[
    Row {
        program: &COPIERS,
        verbs: &[],
        valued: &[made::VALUED],
        does: Effect::Makes(Made::Copies),
        examples: &[makes("cp -r src/web dist"), makes("cp docker/web.Dockerfile dist/Dockerfile")],
    },
    Row {
        program: &MAKERS,
        verbs: &[],
        valued: &[made::VALUED],
        does: Effect::Makes(Made::Named),
        examples: &[makes("mkdir dist dist/web")],
    },
    Row {
        program: &GIT,
        verbs: &["clone"],
        valued: &[made::VALUED],
        does: Effect::Makes(Made::Clone),
        examples: &[
            makes("git clone --depth 1 https://example.com/team/web.git dist"),
            makes("git clone https://example.com/team/dist.git"),
        ],
    },
    Row {
        program: &UNPACKERS,
        verbs: &[],
        valued: &[made::VALUED],
        does: Effect::Makes(Made::Targets),
        examples: &[makes("tar -d dist web.tar"), makes("tar -o dist/Dockerfile web.tar")],
    },
];
