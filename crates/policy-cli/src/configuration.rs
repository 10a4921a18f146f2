//! The settings of a run: those of `portcullis.toml`, overridden by the command line.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, io};

use policy_core::config::Settings;
use policy_disk::read_regular_text;

use crate::catalogue;
use crate::exit::Failure;
use crate::request::Overrides;
use crate::root::{CONFIGURATION, from_root, leads_out};

/// The largest configuration that is read, in bytes.
const MAX_SIZE: usize = 1 << 20;

/// The settings for a check of `root`. Without a configuration, the defaults.
pub(crate) fn settings(overrides: &Overrides, root: &Path) -> Result<Settings, Failure> {
    let mut settings = match read(overrides.configuration.as_deref(), root)? {
        Some((path, text)) => Settings::parse(&text, &catalogue::ids())
            .map_err(|error| Failure::BadConfiguration { path, error })?,
        None => Settings::default(),
    };
    settings.choice = overrides.choice.clone();
    let var_files = &mut settings.options.terraform.var_files;
    for file in &mut *var_files {
        *file = from_root(&root.join(file.as_str()), root, "named by `var-files` in the configuration")?;
    }
    for file in &overrides.var_files {
        var_files.push(from_root(file, root, "named by `--var-file`")?);
    }
    if overrides.tf_var_env {
        settings.options.terraform.environment = terraform_variables();
    }
    if let Some(fail_on) = overrides.fail_on {
        settings.fail_on = fail_on;
    }
    Ok(settings)
}

/// The variables of the environment that are Terraform's, without their prefix.
fn terraform_variables() -> BTreeMap<String, String> {
    let variable = |(name, value): (OsString, OsString)| {
        Some((name.to_str()?.strip_prefix("TF_VAR_")?.to_owned(), value.into_string().ok()?))
    };
    env::vars_os().filter_map(variable).collect()
}

/// The configuration that was asked for, which has to be there, or the root's own, which need not.
fn read(asked_for: Option<&Path>, root: &Path) -> Result<Option<(PathBuf, String)>, Failure> {
    let path = asked_for.map_or_else(|| root.join(CONFIGURATION), Path::to_path_buf);
    // What the root holds is a stranger's: an error must not quote a file of somebody else.
    if asked_for.is_none() && leads_out(&path, root) {
        return Err(Failure::LinkOut { what: "the configuration", path });
    }
    match read_regular_text(&path, MAX_SIZE) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if asked_for.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::Read { what: "the configuration", path, error }),
    }
}
