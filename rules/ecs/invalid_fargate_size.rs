//! A Fargate task requests a size that Fargate does not offer.

use policy_core::finding::{Finding, Label};
use policy_core::model::task_definition::TaskDefinition;
use policy_core::rule::Context;

/// What Fargate offers beside a number of CPU units: memory from `least` to `most` MiB in steps, or exact sizes.
struct Size {
    cpu: u64,
    least: u64,
    most: u64,
    step: u64,
}

const GIB: u64 = 1024;

const SIZES: [Size; 7] = [
    // 512 MiB, 1 GiB and 2 GiB; 1.5 GiB is excluded below.
    Size { cpu: 256, least: 512, most: 2 * GIB, step: 512 },
    Size { cpu: 512, least: GIB, most: 4 * GIB, step: GIB },
    Size { cpu: 1024, least: 2 * GIB, most: 8 * GIB, step: GIB },
    Size { cpu: 2048, least: 4 * GIB, most: 16 * GIB, step: GIB },
    Size { cpu: 4096, least: 8 * GIB, most: 30 * GIB, step: GIB },
    Size { cpu: 8192, least: 16 * GIB, most: 60 * GIB, step: 4 * GIB },
    Size { cpu: 16384, least: 32 * GIB, most: 120 * GIB, step: 8 * GIB },
];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.task_definitions.iter().filter_map(|task| invalid(task)).collect())
}

fn invalid(task: &TaskDefinition) -> Option<Finding> {
    if task.needs_fargate != Some(true) {
        return None;
    }
    if let Some(missing) =
        [("cpu", &task.cpu), ("memory", &task.memory)].into_iter().find(|(_, setting)| !setting.is_set())
    {
        let name = missing.0;
        let message =
            format!("`{}` requires Fargate but sets no task-level `{name}`: AWS rejects it", task.name);
        let finding = Finding::new(message, Label::new(task.at, format!("no task-level `{name}`")));
        return Some(finding.help(
            "set `cpu` and `memory` next to `requires_compatibilities`: the sizes of the containers do not count",
        ));
    }
    let ((cpu, cpu_from), (memory, memory_from)) = (task.cpu.found()?, task.memory.found()?);
    let (cpu, memory) = (cpu_units(cpu)?, mebibytes(memory)?);
    let Some(size) = SIZES.iter().find(|size| size.cpu == cpu) else {
        let message = format!("`{}` requests {cpu} CPU units, which Fargate does not offer", task.name);
        let help = "choose 256, 512, 1024, 2048, 4096, 8192 or 16384 CPU units";
        return Some(Finding::new(message, Label::new(cpu_from.at, format!("{cpu} CPU units"))).help(help));
    };
    if size.holds(memory) {
        return None;
    }
    let message = format!(
        "`{}` requests {cpu} CPU units with {memory} MiB of memory, a combination that Fargate does not offer",
        task.name
    );
    let finding = Finding::new(message, Label::new(memory_from.at, format!("{memory} MiB of memory")))
        .related(Label::new(cpu_from.at, format!("{cpu} CPU units")));
    Some(finding.help(size.help()))
}

/// `256`, or `.25 vCPU` as the console writes it. `None` for what is neither.
pub(super) fn cpu_units(text: &str) -> Option<u64> {
    with_unit(text, "vcpu")
}

/// `512`, or `0.5 GB`.
pub(super) fn mebibytes(text: &str) -> Option<u64> {
    with_unit(text, "gb")
}

/// A plain number, or one of a unit 1024 times as large.
fn with_unit(text: &str, unit: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    match text.strip_suffix(unit) {
        None => text.parse().ok(),
        Some(number) => {
            let units = number.trim().parse::<f64>().ok()? * 1024.0;
            let is_whole = units.fract() == 0.0 && (0.0..1e9).contains(&units);
            #[expect(clippy::cast_sign_loss, reason = "the range is checked")]
            is_whole.then_some(units as u64)
        }
    }
}

impl Size {
    fn holds(&self, memory: u64) -> bool {
        let is_odd_one = self.cpu == 256 && memory == 1536;
        (self.least..=self.most).contains(&memory)
            && (memory - self.least).is_multiple_of(self.step)
            && !is_odd_one
    }

    fn help(&self) -> String {
        if self.cpu == 256 {
            return "choose 512, 1024 or 2048 MiB of memory for 256 CPU units".to_owned();
        }
        let Self { cpu, least, most, step } = self;
        format!("choose {least} to {most} MiB of memory, in steps of {step}, for {cpu} CPU units")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_that_aws_documents() {
        let offers = |cpu, memory| SIZES.iter().any(|size| size.cpu == cpu && size.holds(memory));
        assert!(offers(256, 512) && offers(256, 1024) && offers(256, 2048) && !offers(256, 1536));
        assert!(offers(512, 3072) && !offers(512, 512) && !offers(512, 5120));
        assert!(offers(4096, 30720) && !offers(4096, 31744));
        assert!(offers(8192, 20480) && !offers(8192, 18432));
        assert!(offers(16384, 122_880) && !offers(128, 512));
    }

    #[test]
    fn sizes_may_be_written_with_units() {
        assert_eq!(
            (cpu_units(".25 vCPU"), cpu_units("1 vcpu"), cpu_units("256")),
            (Some(256), Some(1024), Some(256))
        );
        assert_eq!((mebibytes("0.5GB"), mebibytes("2 GB"), mebibytes("2 TB")), (Some(512), Some(2048), None));
    }
}
