//! The address of Action Cable, which Rails writes into its pages.

use crate::tree::{Files, assert_found};

const CONSUMER: (&str, &str) = (
    "app/javascript/channels/consumer.js",
    "import { createConsumer } from '@rails/actioncable';\nexport default createConsumer();\ndocument.title;",
);

const LAYOUT: (&str, &str) =
    ("app/views/layouts/application.html.erb", "<html><head><%= action_cable_meta_tag %></head></html>");

#[track_caller]
fn assert_configured(production: &str, expected: &[&str]) {
    let text = format!("Rails.application.configure do\n  {production}\nend\n");
    let files: Files<'_> = &[CONSUMER, LAYOUT, ("config/environments/production.rb", &text)];
    assert_found(files, expected);
}

#[test]
fn a_consumer_without_an_address_takes_that_of_production() {
    assert_configured(
        "config.action_cable.url = \"wss://rides.example.org:8080/cable\"",
        &["hardcoded-port config/environments/production.rb:2"],
    );
    assert_configured(
        "config.action_cable.url = 'ws://localhost:3334/cable' # for now",
        &["localhost-url config/environments/production.rb:2"],
    );
    assert_configured("config.action_cable.url = \"wss://rides.example.org/cable\"", &[]);
    assert_configured("config.action_cable.url = \"wss://rides.example.org:#{PORT}/cable\"", &[]);
    assert_configured("config.action_cable.url = ENV.fetch(\"CABLE\", \"ws://localhost:3334/cable\")", &[]);
    assert_configured("# config.action_cable.url = \"wss://rides.example.org:8080/cable\"", &[]);
}

#[test]
fn a_page_has_to_ask_for_it_and_the_consumer_too() {
    let settings = (
        "config/environments/production.rb",
        "config.action_cable.url = \"wss://rides.example.org:8080/cable\"\n",
    );
    assert_found(&[CONSUMER, settings], &[]);
    let own = (
        CONSUMER.0,
        "import { createConsumer } from '@rails/actioncable';\nexport default createConsumer('/cable');\ndocument.title;",
    );
    assert_found(&[own, LAYOUT, settings], &[]);
    let development = ("config/environments/development.rb", settings.1);
    assert_found(&[CONSUMER, LAYOUT, development], &[]);
}
