//! What a name alone says about production: of a flag, a stage, a variable, a host.

/// Flags that are set in production, without what is no letter, in lower case.
const SET: [&str; 5] = ["prod", "isprod", "production", "isproduction", "isproductionmode"];

/// Flags of development.
const UNSET: [&str; 17] = [
    "dev",
    "isdev",
    "development",
    "isdevelopment",
    "devmode",
    "isdevmode",
    "isdevenv",
    "islocal",
    "islocalhost",
    "isdevelopmentmode",
    "debug",
    "isdebug",
    "debugmode",
    "mock",
    "ismock",
    "usemock",
    "usemocks",
];

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

/// Names of stages, in lower case, and whether production is one of that name.
const STAGES: [(&str, bool); 5] =
    [("production", true), ("prod", true), ("development", false), ("dev", false), ("debug", false)];

/// Names that are those of stages only where something else says that a stage is meant.
const LOCAL_STAGES: [&str; 4] = ["local", "localhost", "test", "testing"];

/// Parts of what applications for the desktop add to the windows of their pages.
const NATIVE: [&str; 3] = [
    // `electronAPI`, by the convention of Electron's guide.
    "electron", // `__TAURI__`
    "tauri",    // `ddClient` of extensions of Docker Desktop.
    "ddclient",
];

/// Words of addresses that only a developer's own machine or network has.
const LOCAL_WORDS: [&str; 8] =
    ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1", "192.168.", ".local", "10.0.2.2"];

/// What a flag comes to in production whose name is all that is known of it.
pub(super) fn by_name(name: &str) -> Option<bool> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let is_one_of = |names: &[&str]| names.contains(&plain.as_str());
    if is_one_of(&SET) {
        return Some(true);
    }
    (is_one_of(&UNSET) || is_one_of(&UNSET_IN_BROWSERS)).then_some(false)
}

/// Whether production is the stage of this name. `None` where it names none.
pub(super) fn is_production(stage: &str) -> Option<bool> {
    let stage = stage.to_ascii_lowercase();
    STAGES.iter().find(|(name, _)| *name == stage).map(|(_, production)| *production)
}

/// Whether production is what is called so among stages: a value of a variable such as `APP_ENV`, a key of a table.
pub(super) fn is_production_among_stages(name: &str) -> Option<bool> {
    let is_local = LOCAL_STAGES.iter().any(|stage| name.eq_ignore_ascii_case(stage));
    if is_local { Some(false) } else { is_production(name) }
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
    let name = name.to_ascii_uppercase();
    let has = |words: &[&str]| name.split('_').any(|part| words.contains(&part));
    has(&["MOCK", "MOCKS", "DEBUG", "FAKE", "STUB"])
        || (has(&["USE", "ENABLE", "IS", "FORCE"]) && has(&["LOCAL", "LOCALHOST", "DEV", "TEST"]))
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
