//! Every row of the table of openers, through a whole check: its example is found, and what only looks like it is not.

use policy_script::openers::examples;

use crate::tree::found;

/// The findings in a module that ships to a browser, without what follows the line.
fn in_module(code: &str) -> Vec<String> {
    found(&[("src/app.tsx", &format!("{code}\ndocument.title = 'x';"))])
}

#[test]
fn every_opener_is_found_by_each_of_its_names() {
    let examples = examples();
    assert!(examples.len() > 50, "{} examples", examples.len());
    for example in examples {
        let code = &example.code;
        assert_eq!(
            in_module(code),
            [format!("hardcoded-port src/app.tsx:{}", code.lines().count())],
            "{code}"
        );
        assert_eq!(in_module(&code.replace("8000", "443")), [""; 0], "the port that is always open: {code}");
        if let Some(code) = example.of_another {
            assert_eq!(in_module(&code), [""; 0], "of a module that only has the name: {code}");
        }
    }
}
