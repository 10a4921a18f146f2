//! Scripts inside pages: the blocks of Vue, Svelte, Astro and HTML files that hold code, with their places.

use std::ops::Range;

use memchr::memmem;
use policy_text::source::RepoPath;

use super::tag::{Tag, find, tail};

/// Extensions of files that are modules by themselves.
pub(crate) const MODULE_EXTENSIONS: [&str; 8] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

/// A kind of file that holds scripts among other text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PageKind {
    /// `*.html`, and the templates that servers make pages from: `*.ejs`, `*.erb`, `*.php`, `*.html.j2`.
    Html,
    /// `*.vue`
    Vue,
    /// `*.svelte`
    Svelte,
    /// `*.astro`
    Astro,
}

/// The grammar that a script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Dialect {
    /// JavaScript.
    Js,
    /// JavaScript with JSX.
    Jsx,
    /// TypeScript.
    Ts,
    /// TypeScript with JSX.
    Tsx,
}

/// One block of code in a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScriptBlock {
    /// The bytes of the code, without the tags around it.
    pub range: Range<usize>,
    /// The grammar of the code.
    pub dialect: Dialect,
    /// Whether the block runs where the page is built or rendered and not in the browser: Astro's front matter.
    pub on_server: bool,
    /// The bytes of the object whose properties Astro's front matter hands to the block as variables.
    pub variables: Option<Range<usize>>,
}

/// A script that a page loads from another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExternalScript {
    /// The address as written: `./main.ts`, `/static/app.js`, `https://cdn.example.org/x.js`.
    pub source: String,
    /// The bytes of the address, without quotes.
    pub range: Range<usize>,
}

/// The scripts of one page, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Code inside the page.
    pub blocks: Vec<ScriptBlock>,
    /// Code that the page loads.
    pub external: Vec<ExternalScript>,
}

/// Endings of templates that are pages.
const TEMPLATES: [&str; 16] = [
    "ejs",
    "hbs",
    "handlebars",
    "mustache",
    "njk",
    "twig",
    "liquid",
    "jinja",
    "jinja2",
    "cshtml",
    "razor",
    "jsp",
    "php",
    "phtml",
    "gohtml",
    "heex",
];

/// Endings of templates that may be of anything: they are of a page where the ending before says so.
const TEMPLATES_BY_STEM: [&str; 8] = ["j2", "erb", "eex", "leex", "tmpl", "tpl", "template", "in"];

impl PageKind {
    /// The kind of the page at `path`. `None` for what is no page.
    pub(crate) fn of(path: &RepoPath) -> Option<Self> {
        match path.extension()? {
            "html" | "htm" | "xhtml" => Some(Self::Html),
            extension if TEMPLATES.contains(&extension) => Some(Self::Html),
            extension if TEMPLATES_BY_STEM.contains(&extension) => {
                let stem = path.file_name().strip_suffix(extension)?;
                (stem.ends_with(".html.") || stem.ends_with(".htm.")).then_some(Self::Html)
            }
            "vue" => Some(Self::Vue),
            "svelte" => Some(Self::Svelte),
            "astro" => Some(Self::Astro),
            _ => None,
        }
    }
}

/// The blocks of code in a page; see [`page`].
pub(crate) fn scripts(text: &str, kind: PageKind) -> Vec<ScriptBlock> {
    page(text, kind).blocks
}

/// Elements that are looked at for one name.
const MAX_META: usize = 64;

/// The bytes of what each `<meta>` called `name` says.
pub(crate) fn meta(text: &str, name: &str) -> Vec<Range<usize>> {
    let tags =
        memmem::find_iter(text.as_bytes(), "<meta").take(MAX_META).filter_map(|at| Tag::read(text, at));
    let named = tags.filter(|tag| {
        let mut keys = ["name", "property"].iter().filter_map(|key| tag.attribute(key));
        tag.is("meta") && keys.any(|key| key.value == name)
    });
    named.filter_map(|tag| Some(tag.attribute("content")?.range.clone())).collect()
}

/// The scripts of a page. Comments, inert script types (JSON, import maps, templates) and text that only looks like a
/// tag are left out; a block that is never closed reaches to the end, as browsers have it.
pub(crate) fn page(text: &str, kind: PageKind) -> Page {
    let mut page = Page::default();
    let mut at = 0;
    let mut whole_blocks = kind == PageKind::Vue;
    if kind == PageKind::Astro
        && let Some(range) = front_matter(text)
    {
        at = range.end;
        page.blocks.push(ScriptBlock { range, dialect: Dialect::Ts, on_server: true, variables: None });
    }
    while let Some(open) = find(text, at, b'<') {
        let rest = tail(text, open);
        if rest.starts_with("<!--") {
            at = after(text, open + 4, "-->");
            continue;
        }
        let Some(tag) = Tag::read(text, open) else {
            at = open + 1;
            continue;
        };
        at = if tag.is("script") {
            script(text, &tag, kind, &mut page)
        } else if tag.self_closing {
            tag.end
        } else if RAW_TEXT.iter().any(|name| tag.is(name)) {
            end_tag(text, tag.end, tag.name).1
        } else if whole_blocks {
            after_vue_block(text, &tag).unwrap_or_else(|| {
                // Never closed: better to look inside than to lose the rest of the file.
                whole_blocks = false;
                tag.end
            })
        } else {
            tag.end
        };
    }
    page
}

/// Elements whose content is text, whatever it looks like.
const RAW_TEXT: [&str; 5] = ["style", "textarea", "title", "xmp", "iframe"];

/// Takes in the script that `tag` opens. Returns where the page goes on.
fn script(text: &str, tag: &Tag<'_>, kind: PageKind, page: &mut Page) -> usize {
    // HTML knows no self-closing script; the compilers of components do.
    let closed = tag.self_closing && kind != PageKind::Html;
    let (end, next) = if closed { (tag.end, tag.end) } else { end_tag(text, tag.end, tag.name) };
    let Some(dialect) = dialect(tag, kind) else {
        return next;
    };
    match tag.attribute("src") {
        Some(source) => page
            .external
            .push(ExternalScript { source: source.value.to_owned(), range: source.range.clone() }),
        None if closed => {}
        None => {
            let variables = tag.attribute("define:vars").and_then(|attribute| braced(text, &attribute.range));
            let range = without_section(text, tag.end..end);
            page.blocks.push(ScriptBlock { range, dialect, on_server: false, variables });
        }
    }
    next
}

/// The code of a script without the signs of the section of XML that it may stand in: `<![CDATA[ … ]]>`.
fn without_section(text: &str, range: Range<usize>) -> Range<usize> {
    let written = text.get(range.clone()).unwrap_or_default();
    let Some(inside) = written.trim_start().strip_prefix("<![CDATA[") else { return range };
    let start = range.end - inside.len();
    start..start + inside.trim_end().strip_suffix("]]>").unwrap_or(inside).len()
}

/// What is inside the braces that an attribute's value is.
fn braced(text: &str, value: &Range<usize>) -> Option<Range<usize>> {
    let written = text.get(value.clone())?;
    (written.len() >= 2 && written.starts_with('{') && written.ends_with('}'))
        .then(|| value.start + 1..value.end - 1)
}

/// The grammar of a script by its attributes. `None` where it holds no code.
fn dialect(tag: &Tag<'_>, kind: PageKind) -> Option<Dialect> {
    let lang = tag.attribute("lang").map(|attribute| attribute.value);
    let by_lang = match lang.unwrap_or_default() {
        "" => None,
        "js" | "javascript" => Some(Dialect::Js),
        "ts" | "typescript" => Some(Dialect::Ts),
        "jsx" => Some(Dialect::Jsx),
        "tsx" => Some(Dialect::Tsx),
        _ if kind == PageKind::Html => None,
        _ => return None,
    };
    let declared = tag.attribute("type").map(|attribute| attribute.value.trim().to_ascii_lowercase());
    let by_type = match declared.as_deref().unwrap_or_default() {
        ""
        | "module"
        | "text/javascript"
        | "application/javascript"
        | "text/ecmascript"
        | "application/ecmascript"
        | "application/x-javascript"
        | "text/x-javascript" => Dialect::Js,
        "text/babel" | "text/jsx" => Dialect::Jsx,
        "text/typescript" | "ts" => Dialect::Ts,
        _ => return None,
    };
    let plain_astro = kind == PageKind::Astro && tag.attribute("is:inline").is_none();
    Some(by_lang.unwrap_or(if plain_astro { Dialect::Ts } else { by_type }))
}

/// Where a Vue file goes on after the tag of a block that is no script: past the block, in which nothing is code.
/// `None` where the block is never closed.
fn after_vue_block(text: &str, tag: &Tag<'_>) -> Option<usize> {
    let mut depth = 1_usize;
    let mut at = tag.end;
    while let Some(open) = find(text, at, b'<') {
        let rest = tail(text, open);
        if rest.starts_with("<!--") {
            at = after(text, open + 4, "-->");
        } else if closes(rest, tag.name) {
            depth -= 1;
            at = open + 2;
            if depth == 0 {
                return Some(at);
            }
        } else if let Some(inner) = Tag::read(text, open) {
            depth += usize::from(inner.is(tag.name) && !inner.self_closing);
            at = inner.end;
        } else {
            at = open + 1;
        }
    }
    None
}

/// The content of an element that began before `from`: where it ends, and where the page goes on after its end tag.
fn end_tag(text: &str, from: usize, name: &str) -> (usize, usize) {
    let mut at = from;
    while let Some(open) = find(text, at, b'<') {
        if closes(tail(text, open), name) {
            return (open, find(text, open, b'>').map_or(text.len(), |close| close + 1));
        }
        at = open + 1;
    }
    (text.len(), text.len())
}

fn closes(rest: &str, name: &str) -> bool {
    let bytes = rest.as_bytes();
    bytes.starts_with(b"</")
        && bytes.get(2..2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        && bytes
            .get(2 + name.len())
            .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
}

/// The code between the two `---` lines that an Astro file may begin with.
fn front_matter(text: &str) -> Option<Range<usize>> {
    let start = text.len() - text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).len();
    let body = start + tail(text, start).strip_prefix("---").map(|_| 3)?;
    let length = memmem::find(tail(text, body).as_bytes(), b"\n---")?;
    Some(body..body + length + 1)
}

fn after(text: &str, from: usize, end: &str) -> usize {
    memmem::find(tail(text, from).as_bytes(), end.as_bytes()).map_or(text.len(), |at| from + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_code(kind: PageKind, text: &str, expected: &[(&str, Dialect)]) {
        let blocks = scripts(text, kind);
        let found: Vec<_> = blocks.iter().map(|block| (&text[block.range.clone()], block.dialect)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_signs_of_a_section_of_xml_are_no_code() {
        let code = [("\na('x')\n", Dialect::Js)];
        assert_code(PageKind::Html, "<script>\n<![CDATA[\na('x')\n]]>\n</script>", &code);
        assert_code(PageKind::Html, "<script><![CDATA[\na('x')\n</script>", &code);
        let commented = [("//<![CDATA[\na()\n//]]>", Dialect::Js)];
        assert_code(PageKind::Html, "<script>//<![CDATA[\na()\n//]]></script>", &commented);
    }

    #[test]
    fn a_vue_file_has_its_scripts_and_nothing_of_its_template() {
        assert_code(
            PageKind::Vue,
            "<template><p v-if=\"a > b\"><template #x/><script>no()</script></p></template>\n\
             <script setup lang=\"ts\">yes()</script><script>also()</script>\n<docs><script>no()</script></docs>",
            &[("yes()", Dialect::Ts), ("also()", Dialect::Js)],
        );
        assert_code(PageKind::Vue, "<template><div><script>x</script>", &[("x", Dialect::Js)]);
        let page = page("<script src=\"./x.ts\" lang=ts /><script>x</script>", PageKind::Vue);
        assert_eq!((page.external[0].source.as_str(), page.blocks.len()), ("./x.ts", 1));
    }

    #[test]
    fn a_svelte_script_speaks_the_language_it_names() {
        assert_code(PageKind::Svelte, "<script lang='ts'>a</script><b/>", &[("a", Dialect::Ts)]);
        assert_code(PageKind::Svelte, "<script>a</script>{#if x<y}<i/>{/if}", &[("a", Dialect::Js)]);
        assert_code(PageKind::Svelte, "<script lang='coffee'>a</script>", &[]);
    }

    #[test]
    fn astro_front_matter_runs_on_the_server_and_its_scripts_do_not() {
        let text = "---\nconst a = 1;\n---\n<script>b</script><script is:inline>c</script>";
        assert_code(
            PageKind::Astro,
            text,
            &[("\nconst a = 1;\n", Dialect::Ts), ("b", Dialect::Ts), ("c", Dialect::Js)],
        );
        let on_server: Vec<_> = scripts(text, PageKind::Astro).iter().map(|block| block.on_server).collect();
        assert_eq!(on_server, [true, false, false]);
        assert_code(PageKind::Astro, "<p>---</p>", &[]);
    }

    #[test]
    fn html_scripts_are_code_only_by_their_type() {
        assert_code(
            PageKind::Html,
            "<SCRIPT Type=Module>a</SCRIPT><script type=\"text/javascript\">b</script ><script type='text/babel'>c</script>\
             <script type=\"application/json\">{}</script><script type=importmap>{}</script>\
             <script type=\"text/x-template\"><p></p></script><scripty>x</scripty>",
            &[("a", Dialect::Js), ("b", Dialect::Js), ("c", Dialect::Jsx)],
        );
    }

    #[test]
    fn comments_and_raw_text_hide_scripts_and_code_hides_comments() {
        assert_code(
            PageKind::Html,
            "<!-- <script>no</script> --><title><script>no</script></title><textarea><script>no</script></textarea>\
             <script>a = '<!-- </p>'</script><script>b</script><!-- <script>no</script>",
            &[("a = '<!-- </p>'", Dialect::Js), ("b", Dialect::Js)],
        );
    }

    #[test]
    fn a_script_with_a_source_is_external_and_its_content_does_not_run() {
        let text = "<script src = ./a.js>no</script><script type=module src='/b.ts'></script>";
        let page = page(text, PageKind::Html);
        let sources: Vec<_> = page.external.iter().map(|script| &text[script.range.clone()]).collect();
        assert_eq!((sources, page.blocks.len()), (vec!["./a.js", "/b.ts"], 0));
    }

    #[test]
    fn broken_pages_end() {
        assert_code(PageKind::Html, "<script>a", &[("a", Dialect::Js)]);
        for text in ["<", "<script", "<script src='", "<a b=", "<script>\u{e9}</scrip", "---\n---", "---"] {
            for kind in [PageKind::Html, PageKind::Vue, PageKind::Svelte, PageKind::Astro] {
                page(text, kind);
            }
        }
        page(&"<a b=\"<a\" ".repeat(200_000), PageKind::Html);
        page(&"<a>".repeat(200_000), PageKind::Vue);
    }
}
