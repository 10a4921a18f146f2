//! The address of Action Cable that Rails writes into its pages: `config.action_cable.url` of production, put there by
//! `action_cable_meta_tag`.

use policy_text::source::{FileId, RepoPath, Span};
use policy_text::value::{Origin, Text};

use super::Tooling;

/// What sets the address, before the string.
const SETTING: &str = "config.action_cable.url";

/// What writes the address into a page.
const META_TAG: &str = "action_cable_meta_tag";

/// Where the address is set for production; the first that sets it counts.
const SETTINGS: [&str; 2] = ["config/environments/production.rb", "config/application.rb"];

impl Tooling<'_> {
    /// The address that the application around `file` gives to its pages. `None` where it sets none, or no page asks
    /// for it.
    pub(crate) fn cable_address(&self, file: FileId) -> Option<Text> {
        let sources = self.files.sources;
        let application = |folder: &RepoPath| folder.join(SETTINGS[0]).and_then(|path| sources.find(&path));
        let folder = sources.path(file).ancestors().skip(1).find(|folder| application(folder).is_some())?;
        let mut settings = SETTINGS.iter().filter_map(|path| sources.find(&folder.join(path)?));
        let address = settings.find_map(|file| self.setting(file))?;
        let views = folder.join("app/views")?;
        let asks = |page: FileId| sources.read(page).is_ok_and(|decoded| decoded.text.contains(META_TAG));
        sources.files_within(&views).any(|(page, _)| asks(page)).then_some(address)
    }

    /// The last address that `file` sets, a hole where Rails makes it when it starts.
    fn setting(&self, file: FileId) -> Option<Text> {
        let decoded = self.files.sources.read(file).ok()?;
        let mut start = 0;
        let mut last = None;
        for line in decoded.text.split_inclusive('\n') {
            let before = start;
            start += line.len();
            let code = line.trim_start().strip_prefix(SETTING);
            let Some(value) = code.and_then(|rest| rest.trim_start().strip_prefix('=')) else { continue };
            let place = |part: &str| {
                let at = before + line.find(part).unwrap_or_default();
                Span::new(file, at..at + part.len())
            };
            last = Some(match string(value.trim()) {
                Some(written) => Text::literal(written, place(written)),
                None => {
                    Text::hole(Origin::Other("Rails makes it when it starts".into()), place(value.trim()))
                }
            });
        }
        last
    }
}

/// The text of a string that holds nothing else and stands alone.
fn string(code: &str) -> Option<&str> {
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (written, rest) = code.get(1..)?.split_once(quote)?;
    let is_alone = rest.trim_start().is_empty() || rest.trim_start().starts_with('#');
    (is_alone && !written.is_empty() && !written.contains("#{")).then_some(written)
}
