//! What programs ask of entrances whose addresses variables tell them.

use policy_python::Sent;

use super::Programs;
use super::readers::environment;
use super::start::Start;
use crate::model::AwsRoot;
use crate::model::task_definition::Variable;
use crate::model::told_request::ToldRequest;

impl Programs<'_> {
    /// The requests of the containers and functions of a root to its own entrances, by place.
    pub(super) fn told_requests(&self, root: &AwsRoot) -> Vec<ToldRequest> {
        let mut found = Vec::new();
        let tasks = root.services.iter().filter_map(|service| service.task_definition.as_ref());
        for container in tasks.flat_map(|task| &task.containers) {
            let told = told(root, &container.environment.variables);
            if told.is_empty() {
                continue;
            }
            let Ok(image) = self.image(container) else { continue };
            let Ok(start) = Start::of(&container.entry_point, &container.command, image) else { continue };
            let names = told.iter().map(|variable| variable.name.as_str()).collect();
            let environment = environment(Some(&container.environment), image);
            let sent = self.readers.sent(&start, &environment, image, self.sources, &names);
            found.extend(requests(container.shown_name.as_str(), &told, sent));
        }
        for function in &root.functions {
            let told = told(root, &function.variables);
            let Some(handler) = function.handler.as_deref().filter(|_| !told.is_empty()) else { continue };
            let names = told.iter().map(|variable| variable.name.as_str()).collect();
            let sent = self.readers.sent_by_function(handler, &names);
            found.extend(requests(&function.name, &told, sent));
        }
        found.sort_by_key(|request| request.at);
        found
    }
}

/// The variables that hold the address of an entrance of the root.
fn told<'v>(root: &AwsRoot, variables: &'v [Variable]) -> Vec<&'v Variable> {
    let is_told = |variable: &&Variable| {
        variable.value.as_ref().is_some_and(|value| root.tables_asked(value).is_some())
    };
    variables.iter().filter(is_told).collect()
}

fn requests<'r>(
    owner: &'r str,
    told: &'r [&Variable],
    sent: Vec<Sent>,
) -> impl Iterator<Item = ToldRequest> + 'r {
    sent.into_iter().filter_map(move |sent| {
        let variable = told.iter().rev().find(|variable| variable.name == sent.variable)?;
        let mut url = variable.value.clone()?;
        url.append(&sent.rest);
        Some(ToldRequest {
            at: sent.at,
            owner: owner.to_owned(),
            variable: sent.variable,
            told_at: variable.at,
            url,
            methods: sent.methods,
        })
    })
}
