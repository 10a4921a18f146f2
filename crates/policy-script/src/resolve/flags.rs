//! What a name alone says about production: of a flag, a stage, a variable, a host.

use policy_text::purpose;

/// What an application for the desktop or a phone asks that also has a front end in browsers: not set there.
const UNSET_IN_BROWSERS: [&str; 9] = [
    "iselectron",
    "istauri",
    "iscordova",
    "iscapacitor",
    "isdesktop",
    "isdesktopapp",
    "isnative",
    "isnativeapp",
    "isnativeplatform",
];

/// Parts of what applications for the desktop add to the windows of their pages: `electronAPI`, by the convention of
/// Electron's guide, `__TAURI__`, and `ddClient` of extensions of Docker Desktop.
const NATIVE: [&str; 3] = ["electron", "tauri", "ddclient"];

/// Words of addresses that only a developer's own machine or network has.
const LOCAL_WORDS: [&str; 8] =
    ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1", "192.168.", ".local", "10.0.2.2"];

/// What a flag comes to in production whose name is all that is known of it: `isDev`, `useMocks`, `debugMode`.
pub(super) fn by_name(name: &str) -> Option<bool> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if UNSET_IN_BROWSERS.contains(&plain.as_str()) {
        return Some(false);
    }
    let asked = plain.strip_prefix("is");
    let used = plain.strip_prefix("use");
    let word = asked.or(used).unwrap_or(&plain);
    let word = word.strip_suffix("mode").or_else(|| word.strip_suffix("env")).unwrap_or(word);
    let is_off = purpose::says_mock(word)
        || used.is_none() && purpose::says_plain_development(word)
        || asked.is_some() && purpose::says_local(word);
    if is_off { Some(false) } else { (used.is_none() && purpose::is_production(word)).then_some(true) }
}

/// Whether production is the stage of this name. `None` where it names none.
pub(super) fn is_production(stage: &str) -> Option<bool> {
    if purpose::says_plain_development(stage) {
        return Some(false);
    }
    purpose::is_production(stage).then_some(true)
}

/// Whether production is what is called so among stages: a value of a variable such as `APP_ENV`, a key of a table.
pub(super) fn is_production_among_stages(name: &str) -> Option<bool> {
    if purpose::is_local_mode(name) { Some(false) } else { is_production(name) }
}

/// Whether a variable of the environment that nothing in the repository sets has this value in production: one that names
/// the stage is that of production.
pub(super) fn variable_equals(name: &str, value: &str) -> Option<bool> {
    if is_developers_switch(name) && !matches!(value, "false" | "0" | "off" | "no") {
        return Some(false);
    }
    let name = name.to_ascii_uppercase();
    let names_stage = ["ENV", "ENVIRONMENT", "MODE", "STAGE"]
        .iter()
        .any(|word| name.split('_').any(|part| part.ends_with(word)));
    if names_stage { is_production_among_stages(value) } else { None }
}

/// Whether a variable of the environment switches on what only developers want: `USE_MOCK`, `VITE_ENABLE_LOCAL`. What
/// nothing in the repository sets is off.
pub(super) fn is_developers_switch(name: &str) -> bool {
    let any = |says: fn(&str) -> bool| name.split('_').any(says);
    any(|part| purpose::says_mock(part) || part.eq_ignore_ascii_case("debug"))
        || any(switches_on) && any(purpose::is_local_mode)
}

fn switches_on(word: &str) -> bool {
    ["use", "enable", "is", "force"].iter().any(|verb| word.eq_ignore_ascii_case(verb))
}

/// Whether a name is of what applications for the desktop add to their windows.
pub(super) fn is_native(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NATIVE.iter().any(|part| name.contains(part))
}

/// Whether a text looks like the name of a public host.
pub(super) fn is_public_host(text: &str) -> bool {
    let end = text.trim_start_matches("https://").rsplit('.').next().unwrap_or_default();
    text.contains('.')
        && !is_local_text(text)
        && end.len() >= 2
        && end.chars().all(|letter| letter.is_ascii_alphabetic())
}

/// Whether a text speaks of the developer's own machine.
pub(super) fn is_local_text(text: &str) -> bool {
    LOCAL_WORDS.iter().any(|word| text.contains(word))
        || text.starts_with("^127")
        || matches!(text, "local" | "127" | "127.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_does_not_say_is_not_known() {
        assert_eq!(by_name("__IS_DEV__"), Some(false));
        assert_eq!(by_name("isProduction"), Some(true));
        assert_eq!(by_name("isDevice"), None);
        assert_eq!(is_production("test"), None);
        assert_eq!(is_production_among_stages("Test"), Some(false));
        assert_eq!(variable_equals("APP_ENV", "production"), Some(true));
        assert_eq!(variable_equals("APP_ENV", "staging"), None);
        assert_eq!(variable_equals("APP_NAME", "production"), None);
        assert_eq!(variable_equals("USE_MOCK", "true"), Some(false));
        assert_eq!(variable_equals("USE_MOCK", "false"), None);
    }

    #[test]
    fn names_of_desktops_and_hosts_are_told_from_others() {
        assert!(["electronAPI", "__TAURI__", "ddClient"].into_iter().all(is_native));
        assert!(!is_native("client"));
        assert!(is_public_host("https://example.org") && !is_public_host("printer.local"));
        assert!(!is_public_host("10.1.2.3"));
    }
}
