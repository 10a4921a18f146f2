//! The entry point: runs a script from a given state, within one limit.

use super::execute::execute;
use super::limits::{Limits, Steps};
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
}

/// Runs a script that starts from `state`.
pub fn run(script: &Script, state: State) -> Run {
    let steps = Steps::new();
    let (commands, state) = execute(script, state, Limits::outermost(&steps));
    Run { commands, state, cut_off: !steps.left() }
}

#[cfg(test)]
mod tests {
    use policy_text::embedded::Embedded;
    use policy_text::source::FileId;

    use super::*;
    use crate::parse;

    fn ran(text: &str) -> Run {
        run(&parse::read(Embedded::whole(FileId(0), text)).unwrap(), State::default())
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
