//! The settings of a run: those of `portcullis.toml`, overridden by the command line.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, io};

use policy_core::config::Settings;
use policy_core::source::{RepoPath, Sources};
use policy_disk::read_regular_text;

use crate::catalogue;
use crate::exit::Failure;
use crate::request::Overrides;
use crate::root::{CONFIGURATION, MAX_CONFIGURATION, from_root, leads_out};

/// Configurations below the root that are read: more than any repository has folders that differ.
const MAX_NESTED: usize = 256;

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
    Ok(settings.without(&overrides.exclude)?)
}

/// `settings` with those of the folders below the root that configure themselves. A configuration that was asked for by
/// name is the only one.
pub(crate) fn with_folders(
    settings: Settings,
    overrides: &Overrides,
    sources: &Sources<'_>,
    root: &Path,
) -> Result<Settings, Failure> {
    if overrides.configuration.is_some() {
        return Ok(settings);
    }
    let is_nested = |path: &RepoPath| path.file_name() == CONFIGURATION && path.as_str() != CONFIGURATION;
    let mut nested: Vec<_> = sources
        .files()
        .filter(|(_, path)| is_nested(path) && !settings.excludes(path))
        .take(MAX_NESTED + 1)
        .collect();
    if let Some((_, path)) = nested.get(MAX_NESTED) {
        return Err(Failure::TooManyConfigurations { path: root.join(path.as_str()), limit: MAX_NESTED });
    }
    nested.sort_by_key(|(_, path)| path.components().count());
    let texts = nested
        .into_iter()
        .map(|(file, path)| match sources.read(file) {
            Ok(decoded) => Ok((path, decoded.text)),
            Err(error) => {
                let error = io::Error::other(error.to_string());
                Err(Failure::Read {
                    what: "the configuration of a folder",
                    path: root.join(path.as_str()),
                    error,
                })
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    let texts = texts.iter().map(|(path, text)| (*path, text.as_str()));
    settings
        .with_nested(texts, &catalogue::ids())
        .map_err(|(path, error)| Failure::BadConfiguration { path: root.join(path.as_str()), error })
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
    match read_regular_text(&path, MAX_CONFIGURATION) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if asked_for.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::Read { what: "the configuration", path, error }),
    }
}
