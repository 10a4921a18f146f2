//! The endpoints that a program of ASP.NET maps by calls.

use crate::flow::{Effect, Framework, Joins, Noted, Row, Slash, row};
use crate::listing::{Listing, at_and_below};
use crate::template::Style;

/// Paths that stand before all others. No program has more than one.
const MOST_BASES: usize = 8;

/// The table of the framework.
pub(super) static ASP_NET: Framework = Framework {
    name: "ASP.NET",
    style: Style::AspNet,
    joins: Joins::BySlash,
    slash: Slash::Free,
    ignores_case: true,
    rows: ROWS,
    registers: &["Map", "Use"],
    uses_handlers: false,
    is_open: true,
};

const ROWS: &[Row] = &[
    row(&["MapGet"], Effect::Handles(&["GET"])),
    row(&["MapPost"], Effect::Handles(&["POST"])),
    row(&["MapPut"], Effect::Handles(&["PUT"])),
    row(&["MapDelete"], Effect::Handles(&["DELETE"])),
    row(&["MapPatch"], Effect::Handles(&["PATCH"])),
    row(&["MapMethods"], Effect::HandlesListed { path: 0, methods: 1 }),
    row(&["MapHub"], Effect::Sockets),
    row(&["MapHealthChecks", "UseHealthChecks", "MapMetrics", "UseMetricServer"], Effect::Page),
    row(&["MapGroup", "Map"], Effect::Groups),
    row(&["UseEndpoints", "UseWhen"], Effect::Same),
    row(&["Use", "UseStatusCodePages"], Effect::Uses),
    row(&["Run", "RunAsync"], Effect::RestOrLaunches),
    row(
        &[
            "Build",
            "UseAntiforgery",
            "UseAuthentication",
            "UseAuthorization",
            "UseCookiePolicy",
            "UseCors",
            "UseDeveloperExceptionPage",
            "UseExceptionHandler",
            "UseForwardedHeaders",
            "UseHsts",
            "UseHttpLogging",
            "UseHttpMetrics",
            "UseHttpsRedirection",
            "UseMiddleware",
            "UseMigrationsEndPoint",
            "UseOutputCache",
            "UseRateLimiter",
            "UseRequestLocalization",
            "UseRequestTimeouts",
            "UseResponseCaching",
            "UseResponseCompression",
            "UseRouting",
            "UseSerilogRequestLogging",
            "UseSession",
            "UseStatusCodePagesWithReExecute",
            "UseW3CLogging",
            "UseWebSockets",
        ],
        Effect::Nothing,
    ),
];

/// What a method says that maps what lies elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elsewhere {
    Controllers,
    /// Controllers by their names, whose paths are not followed.
    Conventions,
    Files,
    /// Documentation below that path.
    Documentation(&'static str),
    /// A path that may stand before all others.
    Base,
}

const ELSEWHERE: &[(&str, Elsewhere)] = &[
    ("MapControllers", Elsewhere::Controllers),
    ("MapControllerRoute", Elsewhere::Conventions),
    ("MapDefaultControllerRoute", Elsewhere::Conventions),
    ("UseMvc", Elsewhere::Conventions),
    ("UseMvcWithDefaultRoute", Elsewhere::Conventions),
    ("UseDefaultFiles", Elsewhere::Files),
    ("UseFileServer", Elsewhere::Files),
    ("UseStaticFiles", Elsewhere::Files),
    ("MapStaticAssets", Elsewhere::Files),
    ("MapOpenApi", Elsewhere::Documentation("/openapi")),
    ("UseSwagger", Elsewhere::Documentation("/swagger")),
    ("UseSwaggerUI", Elsewhere::Documentation("/swagger")),
    ("UsePathBase", Elsewhere::Base),
];

/// What a method maps that lies elsewhere.
pub(super) fn elsewhere(name: &str) -> Option<Elsewhere> {
    ELSEWHERE.iter().find(|(own, _)| *own == name).map(|(_, what)| *what)
}

/// The paths that may stand before all others: none, and those of the program. What else was noted is listed.
pub(super) fn bases(noted: &[Noted], has_files: bool, listing: &mut Listing) -> Vec<Option<String>> {
    let mut bases = vec![Some(String::new())];
    for one in noted {
        match elsewhere(&one.name) {
            Some(Elsewhere::Conventions) => listing.anything(one.at, "controllers are mapped by their names"),
            // A folder other than the usual one is named.
            Some(Elsewhere::Files) if has_files || one.arguments > 0 => {
                listing.anything(one.at, "it has a folder of files");
            }
            Some(Elsewhere::Documentation(path)) => {
                for path in at_and_below(path).into_iter().flatten() {
                    listing.may_serve(path, one.at, "documentation is served there");
                }
            }
            Some(Elsewhere::Base) if one.doubt.is_some() || bases.len() > MOST_BASES => {
                listing.anything(one.at, "a path may stand before others");
            }
            Some(Elsewhere::Base) if !bases.contains(&one.text) => bases.push(one.text.clone()),
            _ => {}
        }
    }
    bases
}

/// Whether a type is one that endpoints are mapped with.
pub(super) fn is_router(kind: &str) -> bool {
    matches!(
        kind,
        "WebApplication" | "IEndpointRouteBuilder" | "IApplicationBuilder" | "RouteGroupBuilder" | "IHost"
    )
}
