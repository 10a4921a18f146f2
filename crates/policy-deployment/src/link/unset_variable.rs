//! Variables of builds that nothing in the repository names but the code that reads them: a build in a container has none of
//! them, so that what the code falls back to counts.

use std::collections::BTreeSet;

use memchr::memmem;
use policy_script::request::Request;
use policy_text::source::Sources;
use policy_text::value::Text;

use crate::files::FileKind;

/// Leaves out of each request the addresses that begin with such a variable, where it has others.
pub(super) fn leave_out(requests: &mut [Request], sources: &Sources<'_>) {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for request in requests.iter().filter(|request| request.addresses.urls().len() > 1) {
        let variables = request.addresses.urls().iter().filter_map(Text::leading_variable);
        names.extend(variables.map(|(name, _)| name.to_owned()));
    }
    if names.is_empty() {
        return;
    }
    for (file, path) in sources.files() {
        let is_code = matches!(FileKind::of(path), Some(FileKind::Script | FileKind::Page));
        let is_setting = FileKind::of(path).is_some() || path.file_name().starts_with(".env");
        if is_code || !is_setting || names.is_empty() {
            continue;
        }
        // What cannot be read may name any.
        let Ok(decoded) = sources.read(file) else { return };
        names.retain(|name| memmem::find(decoded.text.as_bytes(), name.as_bytes()).is_none());
    }
    let is_unset = |url: &Text| url.leading_variable().is_some_and(|(name, _)| names.contains(name));
    for request in requests {
        request.addresses.keep_better(|url| !is_unset(url));
    }
}
