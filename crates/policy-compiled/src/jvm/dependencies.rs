//! What a program for the virtual machine depends on, and which paths that may add.

use std::collections::BTreeSet;

use policy_text::source::FileId;

use super::facts::{Jvm, joined};
use super::settings::Setting;
use crate::family::is_of;
use crate::listing::{Listing, at_and_below};

/// The families that serve nothing by themselves.
const PASSIVE: &[&str] = &[
    "HikariCP",
    "assertj",
    "aws-",
    "awssdk",
    "bcprov",
    "bucket4j",
    "caffeine",
    "cloudinary",
    "commons-",
    "datasource-",
    "easyexcel",
    "ehcache",
    "elasticsearch",
    "fastjson",
    "firebase-admin",
    "flyway",
    "google-",
    "gson",
    "guava",
    "h2",
    "hibernate",
    "hypersistence",
    "itext",
    "itextpdf",
    "jackson",
    "jakarta",
    "jasypt",
    "java-jwt",
    "javax",
    "jaxb",
    "jedis",
    "jjwt",
    "jsoup",
    "junit",
    "kafka-clients",
    "kotlin",
    "kotlinx",
    "lettuce",
    "liquibase",
    "log4j",
    "logback",
    "logstash",
    "lombok",
    "mapstruct",
    "mariadb",
    "metrics-",
    "micrometer",
    "mockito",
    "modelmapper",
    "mongodb",
    "mssql",
    "mybatis",
    "mysql",
    "netty",
    "nimbus",
    "okhttp",
    "ojdbc",
    "openpdf",
    "opencsv",
    "opentelemetry",
    "p6spy",
    "poi",
    "postgresql",
    "problem-spring",
    "querydsl",
    "r2dbc",
    "razorpay",
    "reactor",
    "redisson",
    "resilience4j",
    "retrofit",
    "s3",
    "sendgrid",
    "sentry",
    "ses",
    "sesv2",
    "slf4j",
    "snakeyaml",
    "sns",
    "spotbugs",
    "spring-aop",
    "spring-aspects",
    "spring-batch",
    "spring-boot-autoconfigure",
    "spring-boot-configuration-processor",
    "spring-boot-dependencies",
    "spring-boot-devtools",
    "spring-boot-docker-compose",
    "spring-boot-flyway",
    "spring-boot-maven-plugin",
    "spring-boot-starter-amqp",
    "spring-boot-starter-aop",
    "spring-boot-starter-aspectj",
    "spring-boot-starter-batch",
    "spring-boot-starter-cache",
    "spring-boot-starter-data-cassandra",
    "spring-boot-starter-data-elasticsearch",
    "spring-boot-starter-data-jdbc",
    "spring-boot-starter-data-jpa",
    "spring-boot-starter-data-mongodb",
    "spring-boot-starter-data-r2dbc",
    "spring-boot-starter-data-redis",
    "spring-boot-starter-flyway",
    "spring-boot-starter-jdbc",
    "spring-boot-starter-json",
    "spring-boot-starter-kafka",
    "spring-boot-starter-log4j2",
    "spring-boot-starter-logging",
    "spring-boot-starter-mail",
    "spring-boot-starter-oauth2-resource-server",
    "spring-boot-starter-parent",
    "spring-boot-starter-quartz",
    "spring-boot-starter-restclient",
    "spring-boot-starter-test",
    "spring-boot-starter-thymeleaf",
    "spring-boot-starter-tomcat",
    "spring-boot-starter-undertow",
    "spring-boot-starter-validation",
    "spring-boot-starter-web",
    "spring-boot-starter-webflux",
    "spring-boot-starter-webmvc",
    "spring-boot-starter-websocket",
    "spring-boot-testcontainers",
    "spring-cloud-aws",
    "spring-cloud-dependencies",
    "spring-cloud-starter-aws",
    "spring-cloud-starter-circuitbreaker",
    "spring-cloud-starter-config",
    "spring-cloud-starter-loadbalancer",
    "spring-cloud-starter-netflix-eureka-client",
    "spring-cloud-starter-openfeign",
    "spring-context",
    "spring-core",
    "spring-data-commons",
    "spring-data-redis",
    "spring-kafka",
    "spring-messaging",
    "spring-retry",
    "spring-security-crypto",
    "spring-security-test",
    "spring-session",
    "spring-test",
    "spring-tx",
    "spring-web",
    "spring-webflux",
    "spring-webmvc",
    "spring-websocket",
    "sqlite",
    "sqs",
    "stripe",
    "swagger-annotations",
    "testcontainers",
    "thymeleaf",
    "tomcat-embed",
    "twilio",
    "unirest",
    "uuid-creator",
    "zxing",
];

/// The groups of which nothing serves paths: clients of clouds and of other services, tracing, and documents. What is for
/// servers among the work of the same people has a group of its own.
const PASSIVE_GROUPS: [&str; 7] = [
    "com.amazonaws",
    "com.azure",
    "com.openhtmltopdf",
    "io.github.openfeign",
    "io.zipkin.brave",
    "io.zipkin.reporter2",
    "software.amazon.awssdk",
];

/// What asks a program of Spring for its health.
const ACTUATOR: &str = "spring-boot-starter-actuator";

/// The families that may add paths at and below these, or where a setting says.
const SERVING: &[(&str, &[&str], Option<&str>)] = &[
    (ACTUATOR, &["/actuator", "/livez", "/readyz"], Some("management.endpoints.web.base-path")),
    ("spring-boot-starter-oauth2-client", &["/login", "/logout", "/oauth2"], None),
    ("spring-boot-starter-security", &["/login", "/logout"], None),
    ("spring-security", &["/login", "/logout"], None),
    (
        "springdoc-openapi",
        &["/swagger-ui", "/swagger-ui.html", "/v3", "/webjars"],
        Some("springdoc.api-docs.path"),
    ),
    ("quarkus", &["/q"], Some("quarkus.http.non-application-root-path")),
];

/// Of Quarkus, what may add any path.
const ANYTHING: [&str; 16] = [
    "quarkus-funqy-http",
    "quarkus-grpc",
    "quarkus-hibernate-orm-rest-data-panache",
    "quarkus-hibernate-reactive-rest-data-panache",
    "quarkus-mongodb-rest-data-panache",
    "quarkus-oidc",
    "quarkus-quinoa",
    "quarkus-qute-web",
    "quarkus-reactive-routes",
    "quarkus-renarde",
    "quarkus-roq",
    "quarkus-smallrye-graphql",
    "quarkus-spring",
    "quarkus-undertow",
    "quarkus-vertx-web",
    "quarkus-web",
];

/// What begins with a configuration of Gradle that reaches the program.
const CONFIGURATIONS: [&str; 9] = [
    "implementation",
    "api",
    "compile",
    "runtime",
    "runtimeOnly",
    "compileOnlyApi",
    "developmentOnly",
    "compileOnly",
    "providedRuntime",
];

/// Lists what the dependencies of a program may add: below `prefix`, which stands before all that it serves, or beside it, where
/// they have a port of their own. `None` where the prefix is not known.
pub(super) fn list(jvm: &Jvm, prefix: Option<&str>, listing: &mut Listing) {
    let Jvm { dependencies: names, settings, at, .. } = jvm;
    for name in names {
        let is_one = |family: &&str| is_of(name, family);
        let is_known = PASSIVE.iter().any(is_one) || SERVING.iter().any(|(family, ..)| is_of(name, family));
        if !is_known || ANYTHING.iter().any(is_one) {
            listing.anything(*at, &format!("`{name}` may serve paths of its own"));
        }
    }
    if jvm.uses(ACTUATOR) {
        additional_paths(jvm, prefix, listing);
    }
    for (family, paths, setting) in SERVING {
        if !names.iter().any(|name| is_of(name, family)) {
            continue;
        }
        let why = format!("`{family}` may serve paths of its own");
        let set = setting.map_or(Setting::Unset, |key| settings.get(key));
        let (Some(prefix), false) = (prefix, set == Setting::Unknown) else {
            listing.anything(*at, &why);
            continue;
        };
        let set = match &set {
            Setting::Known(path) => Some(path.as_str()),
            Setting::Unset | Setting::Unknown => None,
        };
        for path in paths.iter().copied().chain(set) {
            let below = [path.to_owned(), joined(prefix, path)];
            for path in below.iter().flat_map(|path| at_and_below(path)).flatten() {
                listing.may_serve(path, *at, &why);
            }
        }
    }
}

/// Lists the paths that groups of health have beside those of the actuator: `server:/healthz`.
fn additional_paths(jvm: &Jvm, prefix: Option<&str>, listing: &mut Listing) {
    let why = "the health of a group may be asked there";
    for setting in jvm.settings.alike("managementendpointhealthgroup", "additionalpath") {
        let (Setting::Known(written), Some(prefix)) = (setting, prefix) else {
            listing.anything(jvm.at, why);
            continue;
        };
        let path = written.split_once(':').map_or(written.as_str(), |(_, path)| path);
        for path in
            [path.to_owned(), joined(prefix, path)].iter().flat_map(|path| at_and_below(path)).flatten()
        {
            listing.may_serve(path, jvm.at, why);
        }
    }
}

/// What build files name, without the modules of the repository, what is for tests, and what serves nothing by its group:
/// names without their groups, such as `spring-boot-starter-web`.
pub(super) fn of(build_files: &[(FileId, String)], modules: &BTreeSet<String>) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for (_, text) in build_files {
        if text.contains("<dependency>") {
            names.extend(of_maven(text));
        } else {
            names.extend(text.lines().filter_map(of_gradle));
        }
    }
    &names - modules
}

fn of_maven(text: &str) -> Vec<String> {
    let mut managed = text.split("<dependencyManagement>");
    let first = managed.next().unwrap_or_default().to_owned();
    let rest = managed.filter_map(|part| part.split_once("</dependencyManagement>")).map(|(_, rest)| rest);
    let text = rest.fold(first, |text, rest| text + rest);
    let blocks = text.split("<dependency>").skip(1).filter_map(|block| block.split_once("</dependency>"));
    let names =
        blocks.filter(|(block, _)| !block.contains("<scope>test</scope>")).filter_map(|(block, _)| {
            let said = |open: &str, close: &str| Some(block.split_once(open)?.1.split_once(close)?.0.trim());
            let is_passive =
                said("<groupId>", "</groupId>").is_some_and(|group| PASSIVE_GROUPS.contains(&group));
            said("<artifactId>", "</artifactId>").filter(|_| !is_passive).map(ToOwned::to_owned)
        });
    names.collect()
}

/// `implementation 'a.b:name:1.0'`, `implementation(libs.spring.boot.starter.web)`
fn of_gradle(line: &str) -> Option<String> {
    let line = line.trim();
    let end = line.find(|c: char| !c.is_alphanumeric())?;
    let (configuration, rest) = line.split_at_checked(end)?;
    if !CONFIGURATIONS.contains(&configuration) {
        return None;
    }
    let rest = rest.trim_start_matches([' ', '(']);
    if let Some(alias) = rest.strip_prefix("libs.") {
        let end = alias.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '_').unwrap_or(alias.len());
        return Some(alias.get(..end)?.replace(['.', '_'], "-"));
    }
    let quoted = rest.split(['\'', '"']).nth(1)?;
    // `project(":shared")` names a module, and `platform(…)` versions.
    if rest.starts_with("project") || rest.starts_with("platform") || rest.starts_with("enforcedPlatform") {
        return None;
    }
    if rest.starts_with("kotlin") {
        return Some("kotlin".to_owned());
    }
    let (group, rest) = quoted.split_once(':')?;
    let name = rest.split(':').next().filter(|_| !PASSIVE_GROUPS.contains(&group));
    name.map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let found = of(&[(FileId(0), text.to_owned())], &BTreeSet::from(["shared".to_owned()]));
        found.into_iter().collect()
    }

    #[test]
    fn build_files_name_what_reaches_the_program() {
        let gradle = "dependencies {\n implementation 'org.a:web:1.0'\n testImplementation 'org.a:test'\n\
                      \x20 implementation(libs.spring.boot.starter.web)\n implementation project(':shared')\n\
                      \x20 implementation platform('org.a:bom:1')\n runtimeOnly(\"org.b:db\")\n\
                      \x20 implementation 'software.amazon.awssdk:bedrockruntime:2.0'\n}";
        assert_eq!(names(gradle), ["db", "spring-boot-starter-web", "web"]);
        let maven = "<dependencyManagement><dependency><artifactId>bom</artifactId></dependency></dependencyManagement>\
                     <dependency><groupId>g</groupId><artifactId>web</artifactId></dependency>\
                     <dependency><artifactId>shared</artifactId></dependency>\
                     <dependency><groupId>io.github.openfeign</groupId><artifactId>feign-okhttp</artifactId></dependency>\
                     <dependency><groupId>com.amazonaws.serverless</groupId><artifactId>container</artifactId></dependency>\
                     <dependency><artifactId>t</artifactId><scope>test</scope></dependency>";
        assert_eq!(names(maven), ["container", "web"]);
    }
}
