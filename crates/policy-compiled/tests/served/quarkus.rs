//! What programs of Quarkus serve.

use super::of_jvm;

const BUILD: (&str, &str) = ("pom.xml", "<dependency><artifactId>quarkus-rest</artifactId></dependency>");

/// The lines for a program with these files, without those for the paths that Quarkus keeps for itself.
fn lines(files: &[(&str, &str)]) -> Vec<String> {
    let all: Vec<(&str, &str)> = [BUILD].into_iter().chain(files.iter().copied()).collect();
    of_jvm(&all)
        .into_iter()
        .filter(|line| !line.contains("`quarkus`") && !line.starts_with("REDIRECT"))
        .collect()
}

const ORDERS: (&str, &str) = (
    "src/main/java/shop/Orders.java",
    "package shop; @Path(\"orders\") public class Orders {\n@GET public List<Order> all() { return null; }\n\
     @GET @Path(\"/{id: [0-9]+}\") public Order one(@PathParam(\"id\") int id) { return null; }\n\
     @Path(\"{rest: .*}\") @POST public void add() {}\n@Path(\"items\") public Items items() { return null; } }",
);

#[test]
fn resources_are_served_below_the_path_of_the_application() {
    let application = (
        "src/main/java/shop/App.java",
        "package shop; @ApplicationPath(\"/api\") class App extends Application {}",
    );
    let sub = "it gives a resource whose paths are not followed";
    let expected = [
        "GET,HEAD /api/orders".to_owned(),
        "GET,HEAD /api/orders/{}".to_owned(),
        "POST /api/orders/*".to_owned(),
        format!("? /api/orders/items: {sub}"),
        format!("? /api/orders/items/*: {sub}"),
    ];
    assert_eq!(lines(&[ORDERS, application]), expected);
    let root = (
        "src/main/resources/application.properties",
        "quarkus.http.root-path=/r\n%dev.quarkus.http.root-path=/d\n",
    );
    assert_eq!(lines(&[ORDERS, root])[0], "GET,HEAD /r/orders");
}

#[test]
fn paths_and_parents_that_are_elsewhere_are_unknown() {
    let elsewhere = ("src/main/java/A.java", "@Path(B.PATH) class A { @GET void a() {} }");
    assert_eq!(lines(&[elsewhere]), ["? *: its path is not written as text"]);
    let child = ("src/main/java/A.java", "@Path(\"a\") class A extends Generated { @GET void a() {} }");
    let why = "`A` may inherit handlers from `Generated`, which is not in the repository";
    assert_eq!(lines(&[child]), ["GET,HEAD /a".to_owned(), format!("? /a*: {why}")]);
}

#[test]
fn sockets_lie_below_the_root_and_not_below_the_application() {
    let socket = (
        "src/main/java/S.java",
        "@ServerEndpoint(\"/live/{id}\") class S {} @ApplicationPath(\"api\") class A {}",
    );
    assert_eq!(lines(&[socket]), ["SOCKET /live/{}"]);
    let with = |name: &str| {
        let build = format!(
            "<dependency><artifactId>quarkus-rest</artifactId></dependency><dependency><artifactId>{name}</artifactId></dependency>"
        );
        let lines = of_jvm(&[("pom.xml", &build), socket]);
        lines.iter().any(|line| line.starts_with("? *: "))
    };
    assert!(!with("quarkus-websockets") && !with("quarkus-websockets-next"));
    assert!(with("quarkus-web-bundler") && with("quarkus-mongodb-rest-data-panache"));
}
