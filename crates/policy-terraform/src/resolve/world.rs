//! What Terraform would create: the resources of every root module, in every environment, with evaluated arguments.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::{FileId, RepoPath, Span};
use policy_text::{Problem, Unresolved};

use super::value::Value;

/// All Terraform configuration of a repository, evaluated.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// One for each root module and environment, in the order of folders, then of environments. A module that nothing
    /// calls is a root module of its own.
    pub roots: Vec<Root>,
    /// What was not evaluated because a limit of the evaluation was reached, by place.
    pub cut_off: Vec<Unresolved>,
    /// What is wrong with blocks that were asked for, of those that are read no sooner.
    pub problems: Vec<Problem>,
}

/// One root module, evaluated in one environment together with all modules that it calls.
#[derive(Clone, Debug)]
pub struct Root {
    /// The folder of the root module.
    pub folder: RepoPath,
    /// The file that gives variables their values besides those that Terraform loads by itself. `None` where there is none.
    pub environment: Option<FileId>,
    /// Whether nothing says that the module is applied as it is: no state, no provider, no values. Then it most likely
    /// waits for callers, and what its defaults decide is theirs to decide.
    pub is_library: bool,
    /// The resource instances, sorted by address.
    pub resources: Vec<Resource>,
    /// The data sources, sorted by address.
    pub data_sources: Vec<Resource>,
    /// The calls of modules whose source is not in the repository, with their arguments, sorted by address.
    pub remote_calls: Vec<RemoteCall>,
    /// The outputs of the root module, by name, where they were asked for.
    pub outputs: BTreeMap<Arc<str>, Value>,
}

/// One instance of a resource or data source.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The full address: `module.web[0].aws_lb_listener_rule.api["v1"]`; `data.` before the type for a data source.
    pub address: Arc<str>,
    /// The type: `aws_lb_listener_rule`.
    pub kind: Arc<str>,
    /// The name in its module: `api`.
    pub name: Arc<str>,
    /// The head of the block: `resource "aws_lb_listener_rule" "api"`.
    pub at: Span,
    /// The arguments and nested blocks, without `count`, `for_each` and `provider`.
    pub body: Block,
    /// The calls that lead here, the outermost first; empty in the root module itself.
    pub calls: Arc<[ModuleCall]>,
    /// Whether the instance exists for certain. Not so where `count` or `for_each` is unknown: it may be none or many.
    pub certain: bool,
}

/// A step from a module into one that it calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleCall {
    /// The address of the called module: `module.web[0]`.
    pub address: Arc<str>,
    /// The head of the `module` block.
    pub at: Span,
}

/// A call of a module that is not in the repository: its arguments are all that can be seen.
#[derive(Clone, Debug)]
pub struct RemoteCall {
    /// The address: `module.alb`.
    pub address: Arc<str>,
    /// The `source` argument: `terraform-aws-modules/alb/aws`. Empty where it is missing or unknown.
    pub source: Arc<str>,
    /// The head of the `module` block.
    pub at: Span,
    /// The arguments, without `source`, `version`, `count`, `for_each` and `providers`.
    pub arguments: Block,
    /// The calls that lead here, the outermost first, without this one.
    pub calls: Arc<[ModuleCall]>,
    /// Whether the call is made for certain; see [`Resource::certain`].
    pub certain: bool,
}

/// A body: arguments and nested blocks.
#[derive(Clone, Debug)]
pub struct Block {
    /// The place of the block's head; for a block that `dynamic` makes, the head of its `content`.
    pub at: Span,
    /// The arguments in the order of the file, `null` ones too.
    pub arguments: Vec<Argument>,
    /// The nested blocks in the order of the file, `dynamic` ones expanded.
    pub blocks: Vec<NestedBlock>,
    /// The types of blocks of which `dynamic` may make any number of further ones.
    pub more: Vec<Arc<str>>,
    /// The types of blocks of which `dynamic` makes none here.
    pub none_made: Vec<Arc<str>>,
}

/// An argument of a body.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The name.
    pub name: Arc<str>,
    /// The expression's value.
    pub value: Value,
    /// Whether the value is written out there, as a string without interpolations is.
    pub is_literal: bool,
}

/// A block inside a body.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    /// The type: `condition`.
    pub kind: Arc<str>,
    /// What is in it.
    pub body: Block,
}

impl Root {
    /// Whether a module whose source is not in the repository is given the resource at `address`, and may do anything with
    /// it.
    pub fn is_passed_to_external_module(&self, address: &str) -> bool {
        self.remote_calls.iter().any(|call| call.arguments.refers_to(address))
    }

    /// The resources of one of `kinds`, in the order of addresses.
    pub fn resources<'a>(&'a self, kinds: &'a [&'a str]) -> impl Iterator<Item = &'a Resource> {
        self.resources.iter().filter(move |resource| kinds.contains(&&*resource.kind))
    }

    /// The resources at `address`: one for a full address, all instances where it ends without a key.
    pub fn at_address<'a>(&'a self, address: &'a str) -> impl Iterator<Item = &'a Resource> {
        let all = if address.starts_with("data.") || address.contains(".data.") {
            &self.data_sources
        } else {
            &self.resources
        };
        let first = all.partition_point(|resource| &*resource.address < address);
        let rests = all
            .iter()
            .skip(first)
            .map_while(move |resource| Some((resource, resource.address.strip_prefix(address)?)));
        // Names such as `web-old` sort between `web` and `web[0]`: they are passed over, not an end.
        rests.filter(|(_, rest)| rest.is_empty() || rest.starts_with('[')).map(|(resource, _)| resource)
    }
}

impl Resource {
    /// Whether the resource is in the root module itself.
    pub fn is_in_root(&self) -> bool {
        self.calls.is_empty()
    }
}

impl Block {
    /// The argument `name`, where it is set. `null` counts as not set.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.argument(name).map(|argument| &argument.value).filter(|value| !value.is_null())
    }

    /// The argument `name` with its place, also where it is `null`.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| &*argument.name == name)
    }

    /// Whether the resource at `address` is anywhere in it.
    pub fn refers_to(&self, address: &str) -> bool {
        self.arguments.iter().any(|argument| argument.value.refers_to(address))
            || self.blocks.iter().any(|nested| nested.body.refers_to(address))
    }

    /// The nested blocks of type `kind` that are there for certain.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind).map(|block| &block.body)
    }

    /// The first nested block of type `kind` that is there for certain.
    pub fn block(&self, kind: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| &*block.kind == kind).map(|block| &block.body)
    }

    /// Whether there may be nested blocks of type `kind` besides those that [`Block::blocks`] gives.
    pub fn may_have_more(&self, kind: &str) -> bool {
        self.more.iter().any(|more| &**more == kind)
    }
}
