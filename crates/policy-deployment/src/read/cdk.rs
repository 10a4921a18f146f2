//! Apps of the AWS CDK: the image assets that they build from folders which are written out.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use policy_docker::asker::Asker;
use policy_docker::build::{BuildRequest, DockerfileSource, Places, Platforms};
use policy_script::{ExprId, ExprKind, Module, Property};
use policy_text::needles::one_pass;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use rayon::prelude::*;

use crate::found::Found;

/// What a script says that makes an image asset.
const MENTIONS: [&str; 4] =
    ["ContainerImage.fromAsset", "DockerImageCode.fromImageAsset", "DockerImageAsset", "AssetImage"];

/// The builds of all apps. Scripts are read only around a `cdk.json`.
pub(crate) fn read(sources: &Sources<'_>) -> Found {
    let apps = sources.files().filter(|(_, path)| path.file_name() == "cdk.json");
    let apps: Vec<RepoPath> = apps.filter_map(|(_, path)| path.parent()).collect();
    // Of apps in one another the innermost runs a script.
    let app_of =
        |path: &RepoPath| apps.iter().filter(|app| path.is_within(app)).max_by_key(|app| app.as_str().len());
    let scripts: Vec<(FileId, &RepoPath, &RepoPath)> = sources
        .files()
        .filter(|(_, path)| matches!(path.extension(), Some("ts" | "js" | "mts" | "mjs")))
        .filter_map(|(file, path)| Some((file, path, app_of(path)?)))
        .collect();
    let read: Vec<Vec<BuildRequest>> =
        scripts.par_iter().map(|(file, path, app)| assets(*file, path, app, sources)).collect();
    Found::of_builds(read.into_iter().flatten().collect())
}

fn assets(file: FileId, path: &RepoPath, app: &RepoPath, sources: &Sources<'_>) -> Vec<BuildRequest> {
    let Ok(decoded) = sources.read(file) else { return Vec::new() };
    if !makes_image_assets(&decoded.text) {
        return Vec::new();
    }
    let (module, _) = policy_script::read(file, path, &decoded.text);
    let folder = path.parent().unwrap_or_else(RepoPath::root);
    let reader = Reader { module: &module, file, folder: &folder, app };
    let candidates = module.candidates.iter().filter_map(|candidate| reader.request(candidate.expr));
    candidates.filter(|request| request.can_start(sources)).collect()
}

/// Whether something that makes an image asset occurs, decided without parsing.
fn makes_image_assets(text: &str) -> bool {
    static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| one_pass(&MENTIONS));
    WORDS.as_ref().is_none_or(|words| words.is_match(text))
}

struct Reader<'m> {
    module: &'m Module,
    file: FileId,
    /// The folder of the script.
    folder: &'m RepoPath,
    /// The folder that the app is run in.
    app: &'m RepoPath,
}

impl Reader<'_> {
    /// The build that a call asks for, where all that decides it is written out.
    fn request(&self, call: ExprId) -> Option<BuildRequest> {
        let (directory, options) = self.asset(call)?;
        let context = self.path(directory)?;
        let option = |name: &str| options.and_then(|options| self.property(options, name));
        // What it excludes itself is sent to nobody, whatever the ignore file says.
        if option("exclude").is_some() || option("ignoreMode").is_some() {
            return None;
        }
        let dockerfile = match option("file") {
            Some(file) => DockerfileSource::File(context.join(self.string(file)?)?),
            None => DockerfileSource::Default,
        };
        let target = match option("target") {
            Some(target) => Some(self.string(target)?.to_owned()),
            None => None,
        };
        Some(BuildRequest {
            context,
            dockerfile,
            target,
            args: BTreeMap::new(),
            images: Vec::new(),
            platforms: Platforms::Unsaid,
            named_contexts: BTreeMap::new(),
            is_tentative: false,
            at: Span::new(self.file, self.module[directory].range()),
            places: Places::default(),
            by: Asker::CdkAsset,
        })
    }

    /// The folder and the options of a call that makes an image asset.
    fn asset(&self, call: ExprId) -> Option<(ExprId, Option<ExprId>)> {
        match &self.module[call].kind {
            ExprKind::Call(callee, arguments) => {
                let ExprKind::Member(object, method) = &self.module[*callee].kind else { return None };
                let makes = matches!(
                    (self.module.last_name(*object)?, &**method),
                    ("ContainerImage", "fromAsset") | ("DockerImageCode", "fromImageAsset")
                );
                makes.then_some((*arguments.first()?, arguments.get(1).copied()))
            }
            ExprKind::New(callee, arguments) => match self.module.last_name(*callee)? {
                "AssetImage" => Some((*arguments.first()?, arguments.get(1).copied())),
                "DockerImageAsset" => {
                    let options = *arguments.get(2)?;
                    Some((self.property(options, "directory")?, Some(options)))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn property(&self, object: ExprId, wanted: &str) -> Option<ExprId> {
        let ExprKind::Object(properties) = &self.module[object].kind else { return None };
        properties.iter().find_map(|property| match property {
            Property::Value(name, value) if &**name == wanted => Some(*value),
            _ => None,
        })
    }

    fn string(&self, expression: ExprId) -> Option<&str> {
        match &self.module[expression].kind {
            ExprKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// A folder: relative to the app, or put together from `__dirname`.
    fn path(&self, expression: ExprId) -> Option<RepoPath> {
        let parts = match &self.module[expression].kind {
            ExprKind::String(path) => return self.app.join(path),
            ExprKind::Call(callee, parts)
                if matches!(self.module.last_name(*callee)?, "join" | "resolve") =>
            {
                parts
            }
            ExprKind::Concat(parts, _) => parts,
            _ => return None,
        };
        let (first, rest) = parts.split_first()?;
        let starts_here =
            matches!(&self.module[*first].kind, ExprKind::Name(name) if &*name.name == "__dirname");
        let start = starts_here.then(|| self.folder.clone());
        rest.iter().try_fold(start?, |path, part| path.join(self.string(*part)?.trim_start_matches('/')))
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;

    fn builds(call: &str) -> Vec<String> {
        let script = format!("import * as path from 'path';\n{call}\n");
        let tree = MemoryTree::of(&[
            ("infra/cdk.json", "{}"),
            ("infra/lib/stack.ts", &script),
            ("web/Dockerfile", "FROM a:1 AS run\n"),
            ("web/prod.Dockerfile", "FROM a:1\n"),
        ]);
        let found = read(&Sources::open(&tree));
        let shown = |build: &BuildRequest| {
            let file = build.dockerfile.path().map(ToString::to_string).unwrap_or_default();
            format!("{} {file} {}", build.context, build.target.as_deref().unwrap_or_default())
        };
        found.builds.iter().map(shown).collect()
    }

    #[test]
    fn folders_that_are_written_out_are_contexts() {
        for call in [
            "ecs.ContainerImage.fromAsset('../web');",
            "ContainerImage.fromAsset(path.join(__dirname, '..', '../web'));",
            "new DockerImageAsset(this, 'Web', { directory: path.resolve(__dirname, '../../web') });",
            "lambda.DockerImageCode.fromImageAsset(`${__dirname}/../../web`, {});",
            "new ecs.AssetImage('../web');",
        ] {
            assert_eq!(builds(call), ["web  "], "{call}");
        }
        let options = "ContainerImage.fromAsset('../web', { file: 'prod.Dockerfile', target: 'run' });";
        assert_eq!(builds(options), ["web web/prod.Dockerfile run"]);
    }

    #[test]
    fn what_is_not_written_out_or_is_no_image_says_nothing() {
        for call in [
            "ContainerImage.fromAsset(folder);",
            "ContainerImage.fromAsset('../web', { exclude: ['node_modules'] });",
            "ContainerImage.fromAsset('../web', { file: name });",
            "ContainerImage.fromAsset('../gone');",
            "lambda.Code.fromAsset('../web');",
            "ContainerImage.fromRegistry('web');",
        ] {
            assert!(builds(call).is_empty(), "{call}");
        }
    }
}
