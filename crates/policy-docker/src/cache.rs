//! Caches that builds write to registries: `--cache-to type=registry,ref=…`.

use policy_text::value::Text;

/// The image that an entry of `cache-to` writes. `None` where it goes elsewhere, or where the build goes on if that fails.
pub fn written_to(entry: &Text) -> Option<Text> {
    let fields = entry.items(&[',']);
    if let [only] = fields.as_slice()
        && !only.contains("=")
    {
        return Some(only.clone());
    }
    let value = |key: &str| {
        let mut pairs = fields.iter().filter_map(|field| field.split_once('='));
        pairs.find(|(name, _)| name.known().as_deref() == Some(key)).map(|(_, value)| value)
    };
    let is =
        |key: &str, wanted: &str| value(key).is_some_and(|value| value.known().as_deref() == Some(wanted));
    if !is("type", "registry") || is("ignore-error", "true") {
        return None;
    }
    value("ref")
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Span};

    use super::*;

    #[test]
    fn the_image_of_an_entry_is_the_one_that_buildx_writes() {
        for (entry, expected) in [
            ("type=registry,ref=r.io/web:cache,mode=max", Some("r.io/web:cache")),
            ("ref=r.io/web:cache,type=registry", Some("r.io/web:cache")),
            ("r.io/web:cache", Some("r.io/web:cache")),
            ("type=registry,ref=r.io/web:cache,ignore-error=true", None),
            ("type=gha,mode=max", None),
            ("type=inline", None),
        ] {
            let entry = Text::literal(entry, Span::start_of(FileId(0)));
            assert_eq!(written_to(&entry).map(|image| image.to_string()).as_deref(), expected, "{entry}");
        }
    }
}
