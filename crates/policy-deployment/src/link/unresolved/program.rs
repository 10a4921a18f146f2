//! Workloads whose probes ask for a path, where it is not known what their programs serve.

use policy_text::{Family, Unresolved};

use crate::model::program::{Program, Serves};
use crate::model::workload::Workload;

/// Each workload once.
pub(super) fn unresolved<'d>(
    workloads: &'d [Workload],
    programs: &'d [Program],
) -> impl Iterator<Item = Unresolved> + 'd {
    let asked = workloads.iter().filter(|workload| !workload.probes.is_empty());
    asked.filter_map(|workload| {
        Some(Unresolved {
            at: workload.at,
            what: format!("what `{}` serves", workload.container),
            why: why(workload, programs)?,
            needed_by: Some(Family::Network),
        })
    })
}

fn why(workload: &Workload, programs: &[Program]) -> Option<String> {
    if workload.image.is_none() {
        return Some("no build in this repository creates its image".to_owned());
    }
    let Some(program) = workload.program else {
        return Some("which program it starts, or with which files, is unknown".to_owned());
    };
    match &programs.get(program.0)?.serves {
        Serves::Unknown(why) => Some(why.clone()),
        Serves::Registered(_) | Serves::Nginx(..) => None,
    }
}
