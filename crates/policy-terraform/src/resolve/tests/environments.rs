//! Files of values: which are loaded, and which are environments.

use indoc::indoc;
use policy_text::source::RepoPath;

use super::{only, shown, world, world_with};
use crate::TerraformOptions;

const MAIN: &str = indoc! {r#"
    variable "a" {
      default = 0
    }
    variable "b" {
      default = 0
    }
    output "ab" {
      value = [var.a, var.b]
    }
    resource "aws_lb" "x" {
      idle_timeout = var.a
    }
"#};

#[test]
fn values_are_loaded_in_terraforms_order() {
    let root = only(world(&[
        ("main.tf", MAIN),
        ("terraform.tfvars", "a = 1\nb = 1\n"),
        ("b.auto.tfvars", "a = 3\n"),
        ("a.auto.tfvars.json", "{\"a\": 2, \"b\": 2}"),
    ]));
    assert_eq!(shown(&root.outputs["ab"]), "[3, 2]");
    assert_eq!(root.environment, None);
}

#[test]
fn other_files_of_values_are_environments() {
    let world = world(&[
        ("infra/main.tf", MAIN),
        ("infra/envs/dev.tfvars", "a = 1\n"),
        ("infra/envs/prod.tfvars", "a = 2\n"),
        ("infra/envs/unrelated.tfvars", "something = 2\n"),
    ]);
    let values: Vec<String> = world.roots.iter().map(|root| shown(&root.outputs["ab"])).collect();
    assert_eq!(values, ["[1, 0]", "[2, 0]"]);
    assert!(world.roots.iter().all(|root| root.environment.is_some()));
}

#[test]
fn a_file_of_values_belongs_to_the_nearest_module_that_it_fits() {
    let world = world(&[("x/main.tf", MAIN), ("y/main.tf", MAIN), ("y/prod.tfvars", "a = 1\n")]);
    let found: Vec<(&str, bool)> =
        world.roots.iter().map(|root| (root.folder.as_str(), root.environment.is_some())).collect();
    assert_eq!(found, [("x", false), ("y", true)]);
}

#[test]
fn files_of_values_that_the_user_names_take_the_place_of_environments() {
    let files = [("main.tf", MAIN), ("dev.tfvars", "a = 1\nb = 1\n"), ("prod.tfvars", "a = 2\n")];
    let options = TerraformOptions {
        var_files: ["dev.tfvars", "prod.tfvars"].map(|path| RepoPath::new(path).unwrap()).to_vec(),
        ..TerraformOptions::default()
    };
    let root = only(world_with(&files, &options));
    assert_eq!(shown(&root.outputs["ab"]), "[2, 1]");
}

#[test]
fn the_environment_gives_what_no_file_does() {
    let text = "variable \"n\" {\n  type    = number\n  default = 1\n}\nvariable \"tag\" {}\nvariable \"paths\" {\n  type = list(string)\n}\n\
                output \"it\" {\n  value = [var.n, var.tag, var.paths]\n}\nresource \"aws_lb\" \"x\" {}\n";
    let environment = [("n", "5"), ("tag", "1.2"), ("paths", "[\"/a\"]"), ("other", "x")];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let options = TerraformOptions { environment, ..TerraformOptions::default() };
    let value = |files: &[(&str, &str)], options: &TerraformOptions| {
        shown(&only(world_with(files, options)).outputs["it"])
    };
    assert_eq!(value(&[("main.tf", text)], &options), "[5, \"1.2\", <TF_VAR_paths>]");
    let named = ("terraform.tfvars", "tag = \"1.3\"\n");
    assert_eq!(value(&[("main.tf", text), named], &options), "[5, \"1.3\", <TF_VAR_paths>]");
    assert_eq!(value(&[("main.tf", text)], &TerraformOptions::default()), "[1, <var.tag>, <var.paths>]");
}

#[test]
fn the_workspace_is_known_where_it_is_configured() {
    let text = "output \"it\" {\n  value = \"x-${terraform.workspace}\"\n}\nresource \"aws_lb\" \"x\" {}\n";
    let files = [("main.tf", text)];
    let known = TerraformOptions { workspace: Some("prod".to_owned()), ..TerraformOptions::default() };
    assert_eq!(shown(&only(world_with(&files, &known)).outputs["it"]), "\"x-prod\"");
    assert_eq!(shown(&only(world(&files)).outputs["it"]), "\"x-${terraform.workspace}\"");
}

#[test]
fn values_for_tests_elsewhere_are_no_environment() {
    let root = only(world(&[("modules/x/main.tf", MAIN), ("tests/modules/x/a.tfvars", "a = 1\n")]));
    assert_eq!(root.environment, None);
}

#[test]
fn environments_beyond_the_limit_are_named() {
    let names: Vec<String> = (0..26).map(|n| format!("envs/{n:02}.tfvars")).collect();
    let files = names.iter().map(|name| (name.as_str(), "a = 1\n")).chain([("main.tf", MAIN)]);
    let world = world(&files.collect::<Vec<_>>());
    assert_eq!(world.roots.len(), 24);
    assert_eq!(world.cut_off.len(), 2);
    assert!(world.cut_off[0].why.contains("first 24"), "{:?}", world.cut_off);
}
