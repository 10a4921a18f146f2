//! The variables in a compose file's values, as compose puts them in: `${X:-default}`, `$X`, `$$`.

use std::collections::BTreeMap;

use policy_text::embedded::Embedded;
use policy_text::expansion::{Action, Dialect, Operator, Substitute, Variable, expand};
use policy_text::value::{Hole, Origin, Piece, Text};

const COMPOSE: Dialect = Dialect { doubled_dollar: true, escape: None, quotes: false };

/// Variables with the values that the project's `.env` file gives them.
pub(super) type Environment = BTreeMap<String, Text>;

/// The value with its variables replaced: by the environment's values, else by their defaults, else by holes.
pub(super) fn interpolate(value: &Embedded, environment: &Environment) -> Text {
    expand(value, COMPOSE, |variable| substituted(variable, environment))
}

fn substituted(variable: &Variable<'_>, environment: &Environment) -> Substitute {
    let known = environment.get(variable.name);
    let is_set = |operator: Operator| known.is_some_and(|known| !(operator.or_empty && known.is_empty()));
    match variable.operator {
        Some(operator) if operator.action == Action::Default && !is_set(operator) => Substitute::Word,
        Some(operator) if operator.action == Action::Alternative => {
            if is_set(operator) {
                Substitute::Word
            } else {
                Substitute::Text(Text::empty())
            }
        }
        _ => Substitute::Text(match known {
            Some(known) => known.through(variable.at, format!("`{}` is used here", variable.name)),
            None => Text::hole(Origin::Environment(variable.name.into()), variable.at),
        }),
    }
}

/// The same as text in which a variable that nothing decides still stands.
pub(super) fn substitute(value: &Embedded, environment: &Environment) -> Embedded {
    let mut text = Embedded::new(value.file());
    for piece in interpolate(value, environment).pieces() {
        match piece {
            Piece::Literal(characters, provenance) => text.push_at(characters, provenance.at),
            Piece::Hole(Hole { origin: Origin::Environment(name), at }) => {
                text.push_for(&format!("${{{name}}}"), *at);
            }
            Piece::Hole(_) => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Span};

    use super::*;

    #[track_caller]
    fn assert_value(written: &str, expected: &str) {
        let at = Span::start_of(FileId(0));
        let environment = Environment::from([
            ("TAG".to_owned(), Text::literal("1.2", at)),
            ("EMPTY".to_owned(), Text::empty()),
        ]);
        let text = interpolate(&Embedded::whole(FileId(0), written), &environment);
        assert_eq!(text.to_string(), expected, "{written}");
    }

    #[test]
    fn variables_take_their_value_then_their_default() {
        assert_value("app:${TAG:-latest}", "app:1.2");
        assert_value("app:$TAG", "app:1.2");
        assert_value("app:${OTHER:-latest}", "app:latest");
        assert_value("app:${OTHER-latest}", "app:latest");
        assert_value("app:${EMPTY:-latest}", "app:latest");
        assert_value("app:${EMPTY-latest}", "app:");
        assert_value("app:${A:-${B:-latest}}", "app:latest");
        assert_value("app${TAG:+-x}${OTHER:+-y}", "app-x");
    }

    #[test]
    fn what_nothing_decides_is_a_hole() {
        assert_value("app:${OTHER}", "app:${OTHER}");
        assert_value("app:${OTHER:?must be set}", "app:${OTHER}");
        assert_value("$HOME/x", "${HOME}/x");
    }

    #[test]
    fn dollars_that_start_no_variable_stay() {
        assert_value("a$$b", "a$b");
        assert_value("cost $5", "cost $5");
        assert_value("${open", "${open");
        assert_value("end$", "end$");
        assert_value(&format!("{}x{}", "${A:-".repeat(20), "}".repeat(20)), "${…}");
    }

    #[test]
    fn a_default_knows_its_place() {
        let text = interpolate(&Embedded::slice(FileId(0), "app:${T:-latest}", 10), &Environment::new());
        assert_eq!(text.last_literal().unwrap().at.range(), 19..25);
    }
}
