//! A project of .NET: its code, with that of the projects that it refers to, and its packages.

use std::collections::BTreeSet;

use policy_text::source::{FileId, RepoPath, Sources, Span};

use crate::family::is_of;
use crate::reading::Reading;

/// The families of packages that serve nothing by themselves.
const PASSIVE: &[&str] = &[
    "AWSSDK",
    "Amazon.",
    "Ardalis.GuardClauses",
    "Ardalis.Result",
    "Ardalis.SmartEnum",
    "Ardalis.Specification",
    "AspNetCore.HealthChecks",
    "Asp.Versioning",
    "AutoMapper",
    "Azure.",
    "BCrypt",
    "Bogus",
    "CsvHelper",
    "Dapper",
    "DotNetEnv",
    "EFCore",
    "ErrorOr",
    "FluentValidation",
    "Google.",
    "Grpc.Net.Client",
    "Grpc.Net.ClientFactory",
    "Humanizer",
    "Konscious",
    "MailKit",
    "Mapster",
    "MassTransit",
    "MediatR",
    "Microsoft.ApplicationInsights",
    "Microsoft.AspNetCore.Authentication",
    "Microsoft.AspNetCore.Authorization",
    "Microsoft.AspNetCore.Cors",
    "Microsoft.AspNetCore.DataProtection",
    "Microsoft.AspNetCore.Diagnostics",
    "Microsoft.AspNetCore.HealthChecks",
    "Microsoft.AspNetCore.Http",
    "Microsoft.AspNetCore.Identity.EntityFrameworkCore",
    "Microsoft.AspNetCore.JsonPatch",
    "Microsoft.AspNetCore.Mvc.NewtonsoftJson",
    "Microsoft.AspNetCore.Mvc.Versioning",
    "Microsoft.AspNetCore.OpenApi",
    "Microsoft.AspNetCore.SignalR",
    "Microsoft.AspNetCore.RateLimiting",
    "Microsoft.CodeAnalysis",
    "Microsoft.Data",
    "Microsoft.EntityFrameworkCore",
    "Microsoft.Extensions",
    "Microsoft.IdentityModel",
    "Microsoft.NET",
    "Microsoft.OpenApi",
    "Microsoft.VisualStudio",
    "MimeKit",
    "MongoDB",
    "MySql",
    "MySqlConnector",
    "NLog",
    "NSubstitute",
    "Newtonsoft",
    "NodaTime",
    "Npgsql",
    "OpenAI",
    "OpenTelemetry",
    "Otp.NET",
    "Polly",
    "Pomelo",
    "Quartz",
    "QuestPDF",
    "RabbitMQ",
    "Refit",
    "Scrutor",
    "SendGrid",
    "Sentry",
    "Serilog",
    "SixLabors",
    "StackExchange",
    "Stripe",
    "StyleCop",
    "Swashbuckle",
    "System.",
    "Twilio",
    "ZXing",
    "coverlet",
    "prometheus-net",
    "xunit",
];

/// Whether a package serves nothing that no call of the program asks it for.
pub(super) fn adds_nothing(package: &str) -> bool {
    PASSIVE.iter().any(|family| is_of(package, family))
}

/// A project.
pub(super) struct Project {
    pub(super) code: BTreeSet<FileId>,
    pub(super) packages: BTreeSet<String>,
    /// The project itself.
    pub(super) at: Span,
    /// Whether a folder of its own holds files that it may serve.
    pub(super) has_files: bool,
}

/// The project at or below a folder that is built as the assembly of that name, where it is the only one.
pub(crate) fn named(assembly: &str, folder: &RepoPath, sources: &Sources<'_>) -> Option<FileId> {
    let projects = sources.files_within(folder).filter(|(_, path)| path.extension() == Some("csproj"));
    let projects: Vec<(FileId, &RepoPath)> = projects.collect();
    let is_called = |path: &RepoPath| path.file_name().strip_suffix(".csproj") == Some(assembly);
    let written = format!("<AssemblyName>{assembly}</AssemblyName>");
    let says = |file: FileId| sources.read(file).is_ok_and(|decoded| decoded.text.contains(&written));
    let mut called =
        projects.iter().filter(|(file, path)| is_called(path) || says(*file)).map(|(file, _)| *file);
    let first = called.next()?;
    called.next().is_none().then_some(first)
}

/// Reads a project and those that it refers to.
pub(super) fn read(project: FileId, sources: &Sources<'_>, reading: &mut Reading<'_>) -> Project {
    let mut found = Project {
        code: BTreeSet::new(),
        packages: BTreeSet::new(),
        at: Span::start_of(project),
        has_files: false,
    };
    let mut pending = vec![project];
    let mut seen = BTreeSet::from([project]);
    while let Some(project) = pending.pop() {
        let Some(text) = reading.text(project) else { continue };
        let folder = sources.folder_of(project);
        for reference in attributes(&text, "<ProjectReference") {
            let path = folder.join(&reference.replace('\\', "/"));
            let Some(other) = path.and_then(|path| sources.find(&path)) else {
                found.packages.insert(reference);
                continue;
            };
            if seen.insert(other) {
                pending.push(other);
            }
        }
        found.packages.extend(attributes(&text, "<PackageReference"));
        let is_code = |path: &RepoPath| {
            path.extension() == Some("cs") && !path.components().any(|part| matches!(part, "bin" | "obj"))
        };
        let files = sources.files_within(&folder).filter(|(_, path)| is_code(path));
        found.code.extend(files.map(|(file, _)| file));
        found.has_files |= folder.join("wwwroot").is_some_and(|folder| sources.is_folder(&folder));
    }
    found
}

/// What elements of that beginning include.
fn attributes(text: &str, element: &str) -> Vec<String> {
    let found = text.split(element).skip(1).filter_map(|rest| {
        let (head, _) = rest.split_once('>')?;
        let (_, value) = head.split_once("Include=\"")?;
        Some(value.split_once('"')?.0.to_owned())
    });
    found.collect()
}
