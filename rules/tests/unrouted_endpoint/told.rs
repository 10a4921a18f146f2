//! Requests of programs to the load balancer, whose address a variable tells them.

use super::{LISTENER, changed, found};

/// The shop whose page asks for nothing, with a function that gets `address` and hands on what it makes of it.
fn told(address: &str, code: &str) -> Vec<String> {
    told_by(LISTENER, address, code, &[("page/orders.ts", "")])
}

fn told_by(listener: &str, address: &str, code: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let function = format!(
        "{listener}\nresource \"aws_lambda_function\" \"bot\" {{\n  handler = \"bot.run\"\n  environment {{\n    \
         variables = {{ SHOP_URL = \"{address}\" }}\n  }}\n}}\n"
    );
    let code = format!(
        "import os, urllib.request\nSHOP = os.environ['SHOP_URL']\ndef run(event, context):\n    {code}\n"
    );
    let mut files = vec![("main.tf", function.as_str()), ("bot/bot.py", code.as_str())];
    files.extend(changes);
    found(&files)
}

const OWN: &str = "http://${aws_lb.web.dns_name}";

#[test]
fn what_a_program_asks_for_gets_to_the_one_that_serves_it() {
    let asks = |path: &str| told(OWN, &format!("urllib.request.urlopen(SHOP + '{path}')"));
    // The base is asked for, and only what lies below is forwarded.
    assert_eq!(asks("/orders"), ["error bot/bot.py:4"]);
    assert_eq!(
        asks("/orders/7"),
        ["warning api/main.py:3"],
        "what nobody asks for is said where it is served"
    );
    let elsewhere = told("http://shop.example.org", "urllib.request.urlopen(SHOP + '/orders')");
    assert_eq!(elsewhere, ["warning api/main.py:3"]);
}

#[test]
fn a_prefix_that_the_address_has_already_is_not_asked_for_twice() {
    let asks = |path: &str| {
        let mut found = told(&format!("{OWN}/orders"), &format!("urllib.request.urlopen(SHOP + '{path}')"));
        found.retain(|found| found.contains("bot"));
        found
    };
    assert_eq!(asks("/orders/7"), ["error bot/bot.py:4"]);
    assert!(asks("/7").is_empty());
}

#[test]
fn what_goes_to_a_program_that_is_not_known_is_said_where_it_is_served() {
    let unknown = ("page/Dockerfile", "FROM ruby:3.4\nCOPY . .\nCMD [\"./serve\"]\n");
    let routed = changed(LISTENER, "\"/orders/*\"", "\"/orders\"");
    let asks = |path: &str| {
        let code = format!("urllib.request.urlopen(f'{{SHOP}}{path}')");
        told_by(&routed, OWN, &code, &[("page/orders.ts", ""), unknown])
    };
    assert_eq!(asks("/orders/{event}"), ["warning api/main.py:6"]);
    assert_eq!(asks("/orders"), ["note api/main.py:6"], "nobody asks for it");
}
