//! Commands that Terraform runs: `local-exec` where it is applied, `remote-exec` and user data on the machines that it makes.

use policy_docker::asker::Asker;
use policy_shell::resolve::{State, script_of};
use policy_terraform::resolve::value::{Data, Value};
use policy_terraform::resolve::world::{Block, Root};
use policy_text::embedded::Embedded;
use policy_text::source::Sources;
use policy_text::value::Text;
use policy_text::yaml::{self, Node};
use policy_text::{Family, Unresolved};

use crate::commands::{self, Caller, written};
use crate::found::Found;
use crate::model::AwsRoot;

/// Arguments that hold what a machine runs when it starts.
const ARGUMENTS: [&str; 5] =
    ["user_data", "user_data_base64", "custom_data", "startup_script", "metadata_startup_script"];

/// The argument that holds the same below some keys.
const METADATA_ARGUMENT: &str = "metadata";

/// Keys of `metadata` that hold the same.
const METADATA: [&str; 2] = ["startup-script", "user-data"];

/// The block that runs commands, whatever resource it stands in.
const PROVISIONER: &str = "provisioner";

/// The types of data sources and resources whose parts are what a machine runs when it starts.
pub(crate) const KINDS: [&str; 2] = ["cloudinit_config", "template_cloudinit_config"];

/// The blocks that are read, whatever type of resource they stand in.
pub(crate) const BLOCKS: [&str; 1] = [PROVISIONER];

/// The arguments that are read, whatever type of resource they belong to.
pub(crate) fn arguments() -> impl Iterator<Item = &'static str> {
    ARGUMENTS.into_iter().chain([METADATA_ARGUMENT])
}

/// What the commands of all resources do, each place once.
pub(crate) fn read(roots: &[AwsRoot], sources: &Sources<'_>) -> Found {
    let mut found = Found::default();
    let mut unresolved = Vec::new();
    for root in roots.iter().filter_map(|root| root.terraform.as_ref()) {
        add_root(root, &mut found, &mut unresolved);
    }
    unresolved.sort_unstable_by_key(|value: &Unresolved| value.at);
    unresolved.dedup();
    found.unresolved.extend(unresolved);
    found.builds.retain(|build| build.can_start(sources));
    found
}

fn add_root(root: &Root, found: &mut Found, unresolved: &mut Vec<Unresolved>) {
    for resource in root.resources.iter().chain(&root.data_sources) {
        let name = Asker::Resource(format!("{}.{}", resource.kind, resource.name));
        for provisioner in resource.body.blocks(PROVISIONER) {
            local(provisioner, &name, root, found);
            remote(provisioner, &name, found);
        }
        start(&resource.body, &name, found, unresolved);
        for part in resource.body.blocks("part").filter(|_| KINDS.contains(&&*resource.kind)) {
            part.get("content").into_iter().for_each(|content| on_a_machine(content, &name, found));
        }
    }
    for call in &root.remote_calls {
        start(&call.arguments, &Asker::Resource(call.address.to_string()), found, unresolved);
    }
}

/// `local-exec` runs in the folder that Terraform is started in, unless it names another.
fn local(provisioner: &Block, name: &Asker, root: &Root, found: &mut Found) {
    let Some(command) = provisioner.get("command") else { return };
    let other_shell = provisioner
        .get("interpreter")
        .is_some_and(|interpreter| !first_word(interpreter).is_some_and(|program| program.ends_with("sh")));
    if other_shell {
        return;
    }
    let folder = match provisioner.get("working_dir") {
        Some(folder) => folder.as_string().and_then(|folder| root.folder.join(&folder)),
        None => Some(root.folder.clone()),
    };
    let mut state = State::starting_in(folder, None);
    for (variable, value) in
        provisioner.get("environment").and_then(Value::as_object).iter().flat_map(|all| &all.entries)
    {
        if let Some(value) = value.to_text() {
            state.set(variable, vec![value]);
        }
    }
    for command in command.texts() {
        execute(&command, state.clone(), &Caller::of_a_pipeline(name), found);
    }
}

fn first_word(interpreter: &Value) -> Option<String> {
    interpreter.as_list()?.items.first()?.as_string()
}

/// The lines of `remote-exec`.
fn remote(provisioner: &Block, name: &Asker, found: &mut Found) {
    let lines = provisioner.get("inline").and_then(Value::as_list);
    for line in lines.iter().flat_map(|lines| &lines.items).flat_map(Value::texts) {
        execute(&line, State::default(), &Caller::deploying(name), found);
    }
}

/// What a machine runs when it starts.
fn start(block: &Block, name: &Asker, found: &mut Found, unresolved: &mut Vec<Unresolved>) {
    for argument in ARGUMENTS.iter().filter_map(|argument| block.get(argument)) {
        if let Data::Unknown(origin) = &argument.data {
            let what = format!("the user data of {name}");
            unresolved.push(Unresolved {
                at: argument.at(),
                what,
                why: origin.why_unknown(),
                needed_by: Some(Family::Image),
            });
        }
        on_a_machine(argument, name, found);
    }
    let metadata = block.get(METADATA_ARGUMENT);
    for script in METADATA.iter().filter_map(|key| metadata?.get(key)) {
        on_a_machine(script, name, found);
    }
}

fn on_a_machine(value: &Value, name: &Asker, found: &mut Found) {
    let user = Asker::UserData(Box::new(name.clone()));
    let caller = Caller::deploying(&user);
    for text in value.texts() {
        if text.starts_with("#cloud-config") {
            cloud_config(&text, &caller, found);
        } else {
            execute(&text, State::default(), &caller, found);
        }
    }
}

/// The commands and the files of a cloud-init configuration.
fn cloud_config(config: &Text, caller: &Caller<'_>, found: &mut Found) {
    let mut state = State::default();
    let Some(config) = script_of(config, &mut state) else { return };
    let (yaml, _) = yaml::parse_tree(&config);
    let Some(root) = yaml.root() else { return };
    for command in ["bootcmd", "runcmd"].iter().filter_map(|key| root.get(key)).flat_map(Node::items) {
        let mut line = Embedded::new(config.file());
        let words: Vec<Node<'_>> =
            if command.is_sequence() { command.items().collect() } else { vec![command] };
        for word in words.into_iter().filter_map(Node::embedded) {
            let end = word.as_str().len();
            line.push_from(&word, 0..end);
            line.push_for(" ", word.span(end..end));
        }
        commands::collect_from_text(line, state.clone(), caller, found);
    }
    for file in root.get("write_files").into_iter().flat_map(Node::items) {
        let Some(content) = file.get("content").and_then(Node::embedded) else { continue };
        if content.as_str().starts_with("#!") {
            commands::collect_from_text(content, state.clone(), caller, found);
        } else {
            found.images_once(written::images_of(&content, &state.placeholders));
        }
    }
}

fn execute(text: &Text, mut state: State, caller: &Caller<'_>, found: &mut Found) {
    if let Some(script) = script_of(text, &mut state) {
        commands::collect_from_text(script, state, caller, found);
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::model::image::ImageRole;

    fn deployment(files: &[(&str, &str)]) -> Found {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let roots = crate::read::aws::read_plainly(&sources);
        read(&roots, &sources)
    }

    fn images(terraform: &str) -> Vec<(ImageRole, String)> {
        let images = deployment(&[("main.tf", terraform)]).images.into_iter();
        images.map(|image| (image.role, image.reference.to_string())).collect()
    }

    #[test]
    fn commands_of_another_shell_are_left_alone() {
        let terraform = indoc! {r#"
            resource "null_resource" "a" {
              provisioner "local-exec" {
                interpreter = ["PowerShell", "-Command"]
                command = "docker push r.io/web:latest"
              }
            }
        "#};
        assert!(images(terraform).is_empty());
    }

    #[test]
    fn every_argument_and_block_is_read_whatever_the_type_of_the_resource() {
        let expected = [(ImageRole::Deployed, "acme/web:latest".to_owned())];
        let resource = |body: &str| images(&format!("resource \"acme_machine\" \"m\" {{\n{body}\n}}\n"));
        for argument in ARGUMENTS {
            assert_eq!(
                resource(&format!("{argument} = \"docker run acme/web:latest\"")),
                expected,
                "{argument}"
            );
        }
        for key in METADATA {
            let body = format!("metadata = {{ \"{key}\" = \"docker run acme/web:latest\" }}");
            assert_eq!(resource(&body), expected, "{key}");
        }
        let remote = "provisioner \"remote-exec\" {\n  inline = [\"docker run acme/web:latest\"]\n}";
        assert_eq!(resource(remote), expected);
        for kind in KINDS {
            let part = format!(
                "data \"{kind}\" \"m\" {{\n  part {{\n    content = \"docker run acme/web:latest\"\n  }}\n}}\n"
            );
            assert_eq!(images(&part), expected, "{kind}");
        }
        assert!(resource("description = \"docker run acme/web:latest\"").is_empty());
    }

    #[test]
    fn user_data_that_is_not_known_is_said() {
        let main = "variable \"script\" {}\nresource \"aws_instance\" \"m\" { user_data = var.script }\n";
        let unresolved = deployment(&[("main.tf", main)]).unresolved;
        assert_eq!(unresolved.len(), 1);
        assert_eq!(unresolved[0].what, "the user data of `aws_instance.m`");
        assert!(deployment(&[("main.tf", "resource \"aws_instance\" \"m\" {}\n")]).unresolved.is_empty());
    }
}
