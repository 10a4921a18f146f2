//! Pipelines of build services: the images that their commands build and push.

mod azure;
mod bitbucket;
mod circleci;
mod cloud_build;
mod codebuild;
mod gitlab;
mod job;
mod travis;

use policy_docker::asker::Asker;
use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::yaml::Yaml;

use crate::files::Parsed;
use crate::files::yaml_file::{File, Flavour};
use crate::found::Found;
use crate::read::in_turn;
use crate::read::start_folder::placed;

/// What all pipelines do.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let files: Vec<(FileId, &File, Reader)> =
        parsed.yaml.iter().filter_map(|(id, file)| Some((*id, file, reader(file.flavour)?))).collect();
    let commands = |(id, file, read): &(FileId, &File, Reader)| {
        let by = Asker::File(sources.path(*id).file_name().to_owned());
        let folder = sources.folder_of(*id);
        // CircleCI has a folder for its file; what it builds lies around that.
        let folder = match folder.parent() {
            Some(around) if folder.file_name() == ".circleci" => around,
            _ => folder,
        };
        // Where a file below the root is read by anything, it is started at the root or belongs to a repository of its own.
        if folder.is_root() {
            read(&file.yaml, &folder, &by)
        } else {
            placed(&folder, sources, |start| read(&file.yaml, &start, &by))
        }
    };
    in_turn::found_in(&files, |(id, ..)| *id, commands)
}

/// Reads a pipeline that starts in a folder.
type Reader = fn(&Yaml, &RepoPath, &Asker) -> Found;

fn reader(flavour: Flavour) -> Option<Reader> {
    Some(match flavour {
        Flavour::Gitlab => |yaml, folder, _| gitlab::read(yaml, folder),
        Flavour::CircleCi => |yaml, folder, _| circleci::read(yaml, folder),
        Flavour::BuildSpec => codebuild::read,
        Flavour::Travis => travis::read,
        Flavour::Bitbucket => |yaml, folder, _| bitbucket::read(yaml, folder),
        Flavour::AzurePipelines => |yaml, folder, _| azure::read(yaml, folder),
        Flavour::CloudBuild => cloud_build::read,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;
    use policy_text::yaml::parse_tree;

    use super::*;
    use crate::model::image::ImageRole;

    pub(super) fn pushed(text: &str, read: impl Fn(&Yaml, &RepoPath) -> Found) -> Vec<String> {
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), text));
        assert_eq!(problems, []);
        let images = read(&yaml, &RepoPath::root()).images.into_iter();
        images
            .filter(|image| image.role == ImageRole::Pushed)
            .map(|image| image.reference.to_string())
            .collect()
    }

    #[test]
    fn variables_are_put_together_from_others() {
        let text = "variables: {NAME: $CI_REGISTRY_IMAGE, IMAGE: '$NAME/$APP:latest', APP: web}\npush:\n  script: [docker push $IMAGE]\n";
        assert_eq!(pushed(text, gitlab::read), ["${CI_REGISTRY_IMAGE}/web:latest"]);
    }

    #[test]
    fn circleci_steps_push() {
        let text = indoc! {"
            jobs:
              push:
                docker: [{image: cimg/base}]
                environment: {TAG: latest}
                steps:
                  - checkout
                  - run: docker push web:$TAG
        "};
        assert_eq!(pushed(text, circleci::read), ["web:latest"]);
    }

    #[test]
    fn a_build_specification_is_one_shell() {
        let text = indoc! {"
            env: {variables: {R: r.io}}
            phases:
              pre_build:
                commands: [TAG=latest]
              build:
                commands:
                  - docker build -t $R/web:$TAG .
                  - docker push $R/web:$TAG
        "};
        let by = Asker::File("buildspec.yml".into());
        assert_eq!(pushed(text, |yaml, folder| codebuild::read(yaml, folder, &by)), ["r.io/web:latest"]);
    }
}
