//! Files that are broken, in every language.

use crate::encodings::FILES;
use crate::tree::Hostile;

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("files that are cut anywhere", |tree| {
        for (path, text) in FILES {
            for at in (0..text.len()).step_by(tree.count(13, 1)) {
                let at = text.floor_char_boundary(at);
                tree.file(format!("{at}/{path}"), text.split_at(at).0);
            }
        }
    }),
    Hostile::new("files that begin anywhere", |tree| {
        for (path, text) in FILES {
            for at in (0..text.len()).step_by(tree.count(13, 1)) {
                let at = text.floor_char_boundary(at);
                tree.file(format!("{at}/{path}"), text.split_at(at).1);
            }
        }
    }),
    Hostile::new("the text of one language in the file of another", |tree| {
        for (path, _) in FILES {
            for (at, (_, text)) in FILES.iter().enumerate() {
                tree.file(format!("{at}/{path}"), text);
            }
        }
    }),
    Hostile::new("each sign alone, and ten times", |tree| {
        for (path, _) in FILES {
            for (at, sign) in SIGNS.iter().enumerate() {
                tree.file(format!("{at}/{path}"), sign);
                tree.file(format!("{at}x/{path}"), sign.repeat(10));
            }
        }
    }),
    Hostile::new("a sign after each word", |tree| {
        for (path, text) in FILES {
            for (at, sign) in SIGNS.iter().enumerate() {
                tree.file(format!("{at}/{path}"), text.replace(' ', &format!("{sign} ")));
            }
        }
    }),
    Hostile::new("the parsers' own faults", |tree| {
        // Each made a parser panic once.
        tree.file("a/app.tsx", "new WebSocket(<a b={} c=<></>/>)\n<a></b>\n");
        tree.file("b/app.tsx", "new WebSocket('ws://x:8000'); <\u{2028}a.b:c ");
        tree.file("c/app.ts", "new WebSocket(`${`${`\n");
        tree.file("d/deploy.sh", "docker push a:latest\n((\n<<'\n$((1<<\n");
        tree.file("e/deploy.sh", "docker push a:latest <<E\n$(\nE\ncase x in\n");
    }),
];

const SIGNS: [&str; 34] = [
    "{", "}", "[", "]", "(", ")", "<", ">", "\"", "'", "`", "$", "${", "%{", "$(", "#", "//", "/*", "\\",
    "|", "&", "*", "&a", "*a", "<<", "<<EOF", ":", "- ", "? ", "!", "!!a", "=", ",", "---\n",
];
