//! A Fargate task requests a size that Fargate does not offer.

use policy_core::finding::{Finding, Label};
use policy_core::model::task_definition::TaskDefinition;
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::Provenance;

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
    let cpus = numbers(&task.choices.cpu, cpu_units)?;
    let memories = numbers(&task.choices.memory, mebibytes)?;
    if cpus.iter().all(|cpu| size_of(cpu.number).is_none()) {
        return without_size(task, &cpus);
    }
    // Which memory goes with which CPU units may depend on the same condition.
    let offers =
        |cpu: &Number, memory: &Number| size_of(cpu.number).is_some_and(|size| size.holds(memory.number));
    let is_offered = cpus.iter().any(|cpu| memories.iter().any(|memory| offers(cpu, memory)));
    if is_offered { None } else { without_combination(task, &cpus, &memories) }
}

/// One of the numbers that a setting may be.
struct Number {
    number: u64,
    at: Span,
}

/// All that a setting may be. `None` where that is not known.
fn numbers(choices: &[(String, Provenance)], read: fn(&str) -> Option<u64>) -> Option<Vec<Number>> {
    let numbers = choices.iter().map(|(text, from)| Some(Number { number: read(text)?, at: from.at }));
    numbers.collect::<Option<Vec<_>>>().filter(|numbers| !numbers.is_empty())
}

fn size_of(cpu: u64) -> Option<&'static Size> {
    SIZES.iter().find(|size| size.cpu == cpu)
}

/// "300 or 600".
fn either(numbers: &[Number]) -> String {
    let mut shown: Vec<String> = numbers.iter().map(|number| number.number.to_string()).collect();
    shown.dedup();
    shown.join(" or ")
}

fn without_size(task: &TaskDefinition, cpus: &[Number]) -> Option<Finding> {
    let (first, others) = cpus.split_first()?;
    let message =
        format!("`{}` requests {} CPU units, which Fargate does not offer", task.name, either(cpus));
    let label = |cpu: &Number| Label::new(cpu.at, format!("{} CPU units", cpu.number));
    let finding = Finding::new(message, label(first))
        .help("choose 256, 512, 1024, 2048, 4096, 8192 or 16384 CPU units");
    Some(others.iter().fold(finding, |finding, cpu| finding.related(label(cpu))))
}

fn without_combination(task: &TaskDefinition, cpus: &[Number], memories: &[Number]) -> Option<Finding> {
    let (first, others) = memories.split_first()?;
    let label = |memory: &Number| Label::new(memory.at, format!("{} MiB of memory", memory.number));
    let message = format!(
        "`{}` requests {} CPU units with {} MiB of memory, a combination that Fargate does not offer",
        task.name,
        either(cpus),
        either(memories)
    );
    let finding = Finding::new(message, label(first));
    let finding = others.iter().fold(finding, |finding, memory| finding.related(label(memory)));
    let finding = cpus.iter().fold(finding, |finding, cpu| {
        finding.related(Label::new(cpu.at, format!("{} CPU units", cpu.number)))
    });
    let size = cpus.iter().find_map(|cpu| size_of(cpu.number))?;
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
