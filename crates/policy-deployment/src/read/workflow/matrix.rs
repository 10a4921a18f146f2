//! The matrix of a job: one set of values for each run of the job.

use std::collections::BTreeMap;

use policy_text::value::Text;
use policy_text::value::alternatives::Alternatives;
use policy_text::yaml::Node;

/// How many runs of one job are looked at; the others differ from these in values only.
const MAX_RUNS: usize = 32;

/// Values by key; keys inside keys are joined by dots.
type Values = BTreeMap<String, Alternatives>;

/// The values of each run. A job without a matrix, or with one that is computed, runs once with none.
pub(super) fn combinations(job: Node<'_>) -> Vec<Values> {
    let Some(matrix) = job.path(&["strategy", "matrix"]) else { return vec![Values::new()] };
    let mut runs = vec![Values::new()];
    for (key, list) in matrix.entries() {
        let Some(key) = key.as_str().filter(|key| !matches!(*key, "include" | "exclude")) else { continue };
        let items: Vec<Node<'_>> = list.items().collect();
        if items.is_empty() {
            continue;
        }
        let with = |run: &Values, item: Node<'_>| {
            let mut run = run.clone();
            add(key, item, &mut run);
            run
        };
        runs = runs
            .iter()
            .flat_map(|run| items.iter().map(move |&item| with(run, item)))
            .take(MAX_RUNS)
            .collect();
    }
    let included: Vec<Values> =
        matrix.get("include").into_iter().flat_map(Node::items).take(MAX_RUNS).map(entry).collect();
    if runs.len() == 1 && runs.iter().all(BTreeMap::is_empty) {
        return if included.is_empty() { runs } else { included };
    }
    for extra in included {
        // An entry adds to the runs whose values it does not change, and is a run of its own where there is none.
        let mut fits = false;
        for run in &mut runs {
            if extra.iter().all(|(key, value)| run.get(key).is_none_or(|own| same(own, value))) {
                fits = true;
                run.extend(extra.clone());
            }
        }
        if !fits && runs.len() < MAX_RUNS {
            runs.push(extra);
        }
    }
    runs
}

fn entry(node: Node<'_>) -> Values {
    let mut values = Values::new();
    for (key, value) in node.entries() {
        if let Some(key) = key.as_str() {
            add(key, value, &mut values);
        }
    }
    values
}

fn add(key: &str, item: Node<'_>, run: &mut Values) {
    if let Some(text) = item.as_str() {
        // An expression in a matrix is computed by an earlier job.
        if !text.contains("${{") {
            run.insert(key.to_owned(), vec![Text::literal(text, item.span())]);
        }
    }
    for (inner, value) in item.entries() {
        if let Some((inner, text)) = inner.as_str().zip(value.as_str()) {
            run.insert(format!("{key}.{inner}"), vec![Text::literal(text, value.span())]);
        }
    }
}

fn same(left: &Alternatives, right: &Alternatives) -> bool {
    left.iter().map(Text::to_string).eq(right.iter().map(Text::to_string))
}
