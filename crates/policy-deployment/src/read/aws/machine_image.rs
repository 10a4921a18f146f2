//! The images of machines that ECS offers for a cluster, from the parameters by which Terraform asks for them.

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::Root;
use policy_text::source::Span;

use crate::model::task_definition::Architecture;

/// The type of data sources that are read.
pub(super) const DATA: [&str; 1] = ["aws_ssm_parameter"];

/// The architecture of the machines, with the place that names their image. `None` where none is asked for, or several.
pub(super) fn architecture(root: &Root) -> Option<(Architecture, Span)> {
    let parameters = root.data_sources.iter().filter(|data| DATA.contains(&&*data.kind));
    let mut found = parameters.filter_map(|data| {
        let name = data.body.get("name")?;
        let path = name.as_string().filter(|path| path.contains("/ecs/optimized-ami/"))?;
        Some((if path.contains("arm64") { Architecture::Arm } else { Architecture::X86 }, Value::at(name)))
    });
    let first = found.next()?;
    found.all(|(other, _)| other == first.0).then_some(first)
}
