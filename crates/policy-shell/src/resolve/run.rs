//! The entry point: runs a script from a given state, within one limit.

use super::execute::execute;
use super::limits::{Limits, Steps, own_steps};
use super::{Command, State};
use crate::parse::Script;

/// What came of running a script.
pub struct Run {
    /// The commands that the script can come to, in order.
    pub commands: Vec<Command>,
    /// What holds at its end.
    pub state: State,
    /// Whether it may come to more: it was too long to be followed to its end.
    pub cut_off: bool,
    /// How many steps it took.
    pub steps: usize,
}

/// Runs a script that starts from `state`, within what its length allows.
pub fn run(script: &Script, state: State) -> Run {
    run_within(script, state, own_steps(script.text.as_str().len()))
}

/// Runs a script that starts from `state`, within `steps` or what any script may take.
pub fn run_within(script: &Script, state: State, steps: usize) -> Run {
    let steps = Steps::new(steps);
    let before = steps.left();
    let (commands, state) = execute(script, state, Limits::outermost(&steps));
    Run { commands, state, cut_off: steps.left() == 0, steps: before - steps.left() }
}

#[cfg(test)]
mod tests {
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;

    use super::*;
    use crate::parse;

    fn script(text: &str) -> Script {
        parse::read(Embedded::whole(FileId(0), text)).unwrap()
    }

    fn ran(text: &str) -> Run {
        run_within(&script(text), State::default(), usize::MAX)
    }

    #[test]
    fn a_script_comes_to_no_more_than_its_length_allows() {
        let looped = |depth| "for a in 1 2 3 4 5 6 7 8; do ".repeat(depth) + "x; " + &"done; ".repeat(depth);
        assert!(!run(&script(&looped(2)), State::default()).cut_off);
        assert!(run(&script(&looped(4)), State::default()).cut_off);
        assert!(!run(&script(&"x\n".repeat(1_000)), State::default()).cut_off);
    }

    #[test]
    fn recursion_and_endless_work_end() {
        assert!(!ran("f() { f; f; f; }\nf\n").cut_off);
        let loops = "for a in 1 2 3 4 5 6 7 8 9; do ".repeat(8) + "x; " + &"done; ".repeat(8);
        assert!(ran(&loops).cut_off);
        assert!(!ran("for a in 1 2 3; do docker push $a; done\n").cut_off);
    }

    #[test]
    fn scripts_in_scripts_share_one_bound() {
        let turns = (0..32).map(|turn| turn.to_string()).collect::<Vec<_>>().join(" ");
        let looped = |body: &str| format!("for i in {turns}; do for j in {turns}; do {body}; done; done");
        let substituted = looped(&format!("A=$({})", looped(&format!("A=$({})", looped("A=x")))));
        assert!(ran(&substituted).cut_off);
    }

    #[test]
    fn values_do_not_grow_without_end() {
        let doubled = "A=ab\n".to_owned() + &"A=$A$A\n".repeat(200) + "docker push $A\n";
        let pushed = ran(&doubled).commands.pop().unwrap();
        assert_eq!(pushed.words[2].known(), None);

        let long = "docker push ".to_owned() + &"$A".repeat(60_000) + "\n";
        assert_eq!(ran(&long).commands.len(), 1);
    }
}
