//! From the files of an image to what its configuration means: includes put in, settings handed down, variables replaced.

mod address;
mod expressions;
mod included;
mod listen;
mod location;
mod scope;
mod server;
mod steps;

use crate::files::Files;
use crate::model::{Configuration, Upstream};
use crate::parse::Directive;

use expressions::Expressions;
use scope::Scope;

/// What nginx makes of `files`.
pub fn resolve(files: &Files) -> Configuration {
    let mut configuration = Configuration::default();
    let (main, problems) = included::expanded(files);
    let mut expressions = Expressions::default();
    configuration.gaps.extend(problems.iter().map(|problem| problem.at));
    for directive in &main {
        match directive.name.text.as_str() {
            "http" => http(directive.body(), &mut configuration, &mut expressions),
            "stream" => stream(directive.body(), &mut configuration),
            _ if scope::is_gap(directive) => configuration.gaps.push(directive.at),
            _ => {}
        }
    }
    configuration
}

fn http(block: &[Directive], configuration: &mut Configuration, expressions: &mut Expressions) {
    let scope = Scope::default().within(block);
    for directive in block {
        match directive.name.text.as_str() {
            "server" if directive.block.is_some() => {
                configuration.servers.push(server::server(directive, &scope, expressions));
            }
            "upstream" => configuration.upstreams.push(upstream(directive, &scope)),
            _ if scope::is_gap(directive) => configuration.gaps.push(directive.at),
            _ => {}
        }
    }
}

fn stream(block: &[Directive], configuration: &mut Configuration) {
    let scope = Scope::default().within(block);
    for directive in block {
        match directive.name.text.as_str() {
            "server" if directive.block.is_some() => {
                configuration.streams.push(server::stream(directive, &scope));
            }
            "upstream" => configuration.upstreams.push(upstream(directive, &scope)),
            _ if scope::is_gap(directive) => configuration.gaps.push(directive.at),
            _ => {}
        }
    }
}

fn upstream(directive: &Directive, scope: &Scope) -> Upstream {
    let own = scope.within(directive.body());
    let servers = directive.body().iter().filter(|inner| inner.is("server"));
    Upstream {
        at: directive.at,
        name: directive.argument(0).map(|name| name.text.clone()).unwrap_or_default(),
        servers: servers.filter_map(|server| address::upstream_server(server, &own)).collect(),
        resolver: own.resolver,
    }
}

#[cfg(test)]
mod tests;
