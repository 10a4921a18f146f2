//! Requests that a rule picks out by a prefix which the program behind it does not know.

use super::{LISTENER, changed, found};

/// The shop whose page asks below `/api`, with this pattern of the rule for its program.
fn with_pattern(pattern: &str, page: &str, program: &str) -> Vec<String> {
    let listener = changed(LISTENER, "/orders/*", pattern);
    found(&[("page/orders.ts", page), ("main.tf", &listener), ("api/main.py", program)])
}

const PAGE: &str = "fetch(\"/api/orders\");\nfetch(\"/api/orders/7\");\n";

fn program(more: &str) -> String {
    format!(
        "from fastapi import FastAPI\napp = FastAPI()\n{more}@app.get(\"/orders\")\ndef orders():\n    return []\n\
         @app.get(\"/orders/{{number}}\")\ndef order(number: int):\n    return {{}}\n\
         @app.get(\"/returns\")\ndef returned():\n    return []\n"
    )
}

#[test]
fn a_prefix_that_nothing_takes_away_is_one_finding() {
    for pattern in ["/api/*", "/api*", "/*"] {
        let expected: &[&str] = if pattern == "/*" { &[] } else { &["error page/orders.ts:1"] };
        assert_eq!(with_pattern(pattern, PAGE, &program("")), expected, "{pattern}");
    }
    let deep = PAGE.replace("/api", "/api/shop");
    assert_eq!(with_pattern("/api/shop/*", &deep, &program("")), ["error page/orders.ts:1"]);
    assert_eq!(with_pattern("/api/orders*", PAGE, &program("")), ["error page/orders.ts:1"]);
}

#[test]
fn a_prefix_that_the_program_takes_away_is_known_to_it() {
    let middleware = "@app.middleware(\"http\")\nasync def strips(request, call_next):\n    \
                      request.scope[\"path\"] = request.scope[\"path\"].removeprefix(\"/api\")\n    \
                      return await call_next(request)\n";
    assert!(with_pattern("/api/*", PAGE, &program(middleware)).is_empty());
    let told = program("").replace("FastAPI()", "FastAPI(root_path=\"/api\")");
    assert!(with_pattern("/api/*", PAGE, &told).is_empty());
    let mounted = format!("{}outer = FastAPI()\nouter.mount(\"/api\", app)\napp = outer\n", program(""));
    assert!(with_pattern("/api/*", PAGE, &mounted).is_empty());
}

#[test]
fn what_the_program_does_not_have_at_all_is_no_matter_of_the_prefix() {
    assert!(with_pattern("/api/*", "fetch(\"/api/elsewhere\");\n", &program("")).is_empty());
}
