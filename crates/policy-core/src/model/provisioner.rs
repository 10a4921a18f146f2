//! Commands that Terraform runs: `local-exec` where it is applied, `remote-exec` and user data on the machines that it makes.

use super::Deployment;
use super::commands::{self, Caller};
use super::delivery::Delivery;
use super::image::ImageRole;
use super::script_file::has_dockerfile;
use crate::parse::shell;
use crate::resolve::Text;
use crate::resolve::shell::{State, run, script_of};
use crate::resolve::terraform::value::Value;
use crate::resolve::terraform::world::{Block, Resource, Root};
use crate::source::Sources;

/// Adds what the commands of all resources do, each place once.
pub(super) fn add(deployment: &mut Deployment, sources: &Sources<'_>) {
    let mut delivery = Delivery::default();
    for root in &deployment.terraform.roots {
        for resource in &root.resources {
            for provisioner in resource.body.blocks("provisioner") {
                local(provisioner, resource, root, &mut delivery);
                for line in remote(provisioner) {
                    on_a_machine(&line, resource, &mut delivery);
                }
            }
            for name in ["user_data", "user_data_base64"] {
                if let Some(script) = resource.body.get(name).and_then(Value::to_text) {
                    on_a_machine(&script, resource, &mut delivery);
                }
            }
        }
    }
    delivery.builds.retain(|build| has_dockerfile(build, sources));
    delivery.join(deployment);
}

/// `local-exec` runs in the folder that Terraform is started in, unless it names another.
fn local(provisioner: &Block, resource: &Resource, root: &Root, delivery: &mut Delivery) {
    let Some(command) = provisioner.get("command").and_then(Value::to_text) else { return };
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
    for (name, value) in
        provisioner.get("environment").and_then(Value::as_object).iter().flat_map(|all| &all.entries)
    {
        if let Some(value) = value.to_text() {
            state.set(name, vec![value]);
        }
    }
    execute(&command, state, resource, ImageRole::Development, delivery);
}

fn first_word(interpreter: &Value) -> Option<String> {
    interpreter.as_list()?.items.first()?.as_string()
}

/// The lines of `remote-exec`.
fn remote(provisioner: &Block) -> Vec<Text> {
    let lines = provisioner.get("inline").and_then(Value::as_list);
    lines.map(|lines| lines.items.iter().filter_map(Value::to_text).collect()).unwrap_or_default()
}

fn on_a_machine(script: &Text, resource: &Resource, delivery: &mut Delivery) {
    execute(script, State::default(), resource, ImageRole::Deployed, delivery);
}

fn execute(text: &Text, mut state: State, resource: &Resource, runs: ImageRole, delivery: &mut Delivery) {
    let mentions = text.pieces().iter().filter_map(|piece| piece.as_literal()).any(shell::mentions_images);
    let Some(text) = script_of(text, &mut state).filter(|_| mentions) else { return };
    // A text that is no valid shell is the machine's to refuse.
    let Ok(script) = shell::read(text) else { return };
    let (commands, _) = run(&script, state, 0);
    let user = format!("`{}.{}`", resource.kind, resource.name);
    commands::collect(&commands, &Caller { name: &user, runs }, delivery);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Options;
    use crate::source::{MemoryTree, RepoPath};

    fn deployment(files: &[(&str, &str)]) -> Deployment {
        let tree = files
            .iter()
            .fold(MemoryTree::new(), |tree, (path, text)| tree.with(RepoPath::new(path).unwrap(), *text));
        let sources = Sources::open(&tree);
        let parsed = crate::parse::parse_all(&sources, &crate::config::Settings::default());
        let terraform =
            crate::resolve::terraform::evaluate(&parsed.terraform, &sources, &Options::default().terraform);
        let mut deployment = Deployment { terraform, ..Deployment::default() };
        add(&mut deployment, &sources);
        deployment
    }

    fn images(terraform: &str) -> Vec<(ImageRole, String)> {
        let images = deployment(&[("main.tf", terraform)]).images.into_iter();
        images.map(|image| (image.role, image.reference.to_string())).collect()
    }

    #[test]
    fn a_local_command_builds_and_pushes_with_the_values_of_terraform() {
        let terraform = "variable \"tag\" {\n  default = \"latest\"\n}\nresource \"null_resource\" \"push\" {\n  provisioner \"local-exec\" {\n    environment = { NAME = \"web\" }\n    command = <<-EOT\n      docker build -t ${aws_ecr_repository.web.repository_url}:${var.tag} ${path.module}/../app\n      docker push ${aws_ecr_repository.web.repository_url}:${var.tag}\n      docker push r.io/$NAME:$(git rev-parse HEAD)\n    EOT\n  }\n}\nresource \"aws_ecr_repository\" \"web\" {\n  name = \"web\"\n}\n";
        let found = deployment(&[("infra/main.tf", terraform), ("app/Dockerfile", "FROM scratch\n")]);
        assert_eq!(found.builds[0].context.as_str(), "app");
        let pushed: Vec<_> = found.images.iter().filter(|image| image.role == ImageRole::Pushed).collect();
        assert_eq!(pushed[0].reference.to_string(), "${aws_ecr_repository.web.repository_url}:latest");
        let decided = pushed[0].reference.last_literal().unwrap().at;
        assert_eq!(&terraform[decided.range()], "\"latest\"");
        assert_eq!(pushed[1].reference.to_string(), "r.io/web:${git rev-parse HEAD}");
    }

    #[test]
    fn what_a_machine_runs_is_deployed() {
        let terraform = "resource \"aws_instance\" \"web\" {\n  user_data = <<-EOF\n    #!/bin/bash\n    docker run -d -p 80:80 r.io/web:latest\n    cat > /srv/compose.yml <<'YAML'\n    services:\n      db:\n        image: db:latest\n    YAML\n  EOF\n  provisioner \"remote-exec\" {\n    inline = [\"sudo docker pull r.io/api:latest\"]\n  }\n}\n";
        assert_eq!(
            images(terraform),
            [
                (ImageRole::Deployed, "r.io/api:latest".into()),
                (ImageRole::Deployed, "r.io/web:latest".into()),
                (ImageRole::Deployed, "db:latest".into())
            ]
        );
    }

    #[test]
    fn a_template_that_is_encoded_is_followed_to_the_variable() {
        let terraform = "variable \"tag\" {\n  default = \"latest\"\n}\nresource \"aws_launch_template\" \"web\" {\n  user_data = base64encode(templatefile(\"${path.module}/init.sh.tpl\", { tag = var.tag }))\n}\n";
        let template = "#!/bin/bash\ndocker run -d r.io/web:${tag}\n";
        let found = deployment(&[("main.tf", terraform), ("init.sh.tpl", template)]);
        assert_eq!(found.images[0].reference.to_string(), "r.io/web:latest");
        assert_eq!(&terraform[found.images[0].reference.last_literal().unwrap().at.range()], "\"latest\"");
    }

    #[test]
    fn commands_of_another_shell_are_left_alone() {
        let terraform = "resource \"null_resource\" \"a\" {\n  provisioner \"local-exec\" {\n    interpreter = [\"PowerShell\", \"-Command\"]\n    command = \"docker push r.io/web:latest\"\n  }\n}\n";
        assert!(images(terraform).is_empty());
    }
}
