//! Things that are copied, or looked through, for each of many others.

use crate::tree::Hostile;
use crate::work::{FASTAPI, lines, rule, shop};

pub(crate) const TREES: &[Hostile] = &[
    Hostile::new("findings on one line", |tree| {
        let services = lines(tree.count(500, 40_000), |at| format!("s{at}: {{image: \"a/b:latest\"}},"));
        tree.file("compose.prod.yaml", format!("services: {{{services}}}\n"));
    }),
    Hostile::new("lines and variables that all jobs have", |tree| {
        let n = tree.count(100, 6_000);
        let exported = lines(n, |at| format!("    - export A{at}=x{at}\n"));
        let jobs = lines(n, |at| format!("j{at}:\n  script: [docker push a:$A{at}]\n"));
        tree.file(".gitlab-ci.yml", format!("default:\n  before_script:\n{exported}{jobs}"));
        let (shared, rows) =
            (lines(n, |at| format!("    - A{at}=x\n")), lines(n, |at| format!("    - B={at}\n")));
        let pushed = lines(n, |at| format!("  - docker push a:$A{at}$B\n"));
        tree.file(".travis.yml", format!("env:\n  global:\n{shared}  matrix:\n{rows}script:\n{pushed}"));
        let known = lines(n, |at| format!("  E{at}: x{at}\n"));
        let steps = lines(n, |at| {
            format!(
                "      - env: {{A: \"${{{{env.E{at}}}}}\"}}\n        run: |\n          X=$A\n          docker push a:$X\n          echo \"T=$X\" >> $GITHUB_ENV\n"
            )
        });
        tree.file(
            ".github/workflows/ci.yml",
            format!("on: push\nenv:\n{known}jobs:\n  j:\n    runs-on: x\n    steps:\n{steps}"),
        );
    }),
    Hostile::new("instructions that lengthen a path, and many copies", |tree| {
        let n = tree.count(400, 30_000);
        let deeper = lines(n, |at| format!("WORKDIR d{at}\n"));
        tree.file(
            "deep/Dockerfile",
            format!("FROM node:20\n{deeper}COPY x ./\nRUN cat x\n{}", "USER a\n".repeat(n)),
        );
        let copied = lines(n, |at| format!("COPY . ./d{at}/\nRUN git log d{at}\n"));
        tree.file("wide/Dockerfile", format!("FROM node:20\n{copied}"));
        tree.folder("wide/.git");
        let long = "  b && \\\n# c\n\\\n".repeat(n);
        tree.file("long/Dockerfile", format!("FROM node:20\nRUN a \\\n{long}d\n"));
    }),
    Hostile::new("task definitions that a script registers", |tree| {
        let n = tree.count(60, 8_000);
        for at in 0..n {
            tree.file(
                format!("ecs/taskdef-{at}.json"),
                format!("{{\"family\":\"a{at}\",\"containerDefinitions\":[{{\"name\":\"c\",\"image\":\"a/b:latest\"}}]}}"),
            );
        }
        tree.file("d.sh", lines(n, |at| format!("aws ecs register-task-definition --cli-input-json file://ecs/taskdef-{at}.json\naws ecs update-service --service s{at} --task-definition a{at}\n")));
    }),
    Hostile::new("paths of a class before paths of its methods", |tree| {
        shop(tree, "");
        let n = tree.count(200, 20_000);
        let (of_class, of_method) =
            (lines(n, |at| format!("\"/a{at}\",")), lines(n, |at| format!("\"/b{at}\",")));
        tree.file("api/pom.xml", "<project><dependencies><dependency><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>\n");
        tree.file(
            "api/Dockerfile",
            "FROM eclipse-temurin:21\nCOPY . /srv\nCMD [\"java\", \"-jar\", \"/srv/app.jar\"]\n",
        );
        tree.file("api/src/main/java/a/App.java", "package a;\n@SpringBootApplication public class App { public static void main(String[] a) { SpringApplication.run(App.class, a); } }\n");
        tree.file("api/src/main/java/a/C.java", format!("package a;\n@RestController @RequestMapping({{{of_class}}}) class C {{\n@GetMapping({{{of_method}}}) String f() {{ return \"\"; }}\n}}\n"));
        tree.file("page/orders.ts", "export const orders = () => fetch(\"/a1/b1\");\n");
    }),
    Hostile::new("methods of Go that are all called so", |tree| {
        shop(tree, &rule(0, &["/a*".to_owned()]));
        let n = tree.count(12, 60);
        let types = lines(n, |at| {
            let calls = lines(n, |_| "s.next.Create(c); ".to_owned());
            format!(
                "type S{at} struct {{ next Store }}\nfunc (s *S{at}) Create(c *gin.Context) {{ r := gin.New(); _ = r; {calls}}}\n"
            )
        });
        tree.file("api/go.mod", "module a\nrequire github.com/gin-gonic/gin v1.9.0\n");
        tree.file("api/Dockerfile", "FROM golang:1.22 AS b\nWORKDIR /s\nCOPY . .\nRUN go build -o /a .\nFROM scratch\nCOPY --from=b /a /a\nENTRYPOINT [\"/a\"]\n");
        tree.file("api/main.go", format!("package main\nimport \"github.com/gin-gonic/gin\"\ntype Store interface {{ Create(c *gin.Context) }}\n{types}func audit(s Store) gin.HandlerFunc {{ return func(c *gin.Context) {{ if c.Request.URL.Path != \"/\" {{ s.Create(c) }}; c.Next() }} }}\nfunc main() {{ r := gin.New(); r.Use(audit(&S0{{}})); r.GET(\"/a1\", func(c *gin.Context) {{}}); r.Run(\":80\") }}\n"));
        tree.file("page/orders.ts", "export const orders = () => fetch(\"/a1\");\n");
    }),
    Hostile::new("values of Terraform that are copied", |tree| {
        let n = tree.count(60, 8_000);
        let of_all = |name: &str, locals: String, used: usize| {
            let used = lines(used, |at| format!("local.l{at},"));
            tree.file(format!("{name}/main.tf"), format!("terraform {{\n  backend \"s3\" {{}}\n}}\nlocals {{\n{locals}}}\nresource \"aws_cloudwatch_log_group\" \"b\" {{\n  name = jsonencode([{used}])\n}}\n"));
        };
        of_all(
            "splats",
            format!(
                "r = [for x in range(1000) : {{ a = {{ b = x }} }}]\n{}",
                lines(n, |at| format!("l{at} = local.r[*].a[*].b\n"))
            ),
            n,
        );
        of_all(
            "sets",
            format!(
                "r = toset([for x in range(1000) : \"a${{x}}\"])\n{}",
                lines(n, |at| format!(
                    "l{at} = setunion(local.r, setintersection(local.r, local.r), setsubtract(local.r, [\"x{at}\"]))\n"
                ))
            ),
            n,
        );
        of_all(
            "chunks",
            format!(
                "r = range(1000)\n{}",
                lines(n, |at| format!(
                    "l{at} = chunklist(local.r, 1)\nm{at} = matchkeys(local.r, local.r, local.r)\n"
                ))
            ),
            n,
        );
        of_all(
            "ring",
            lines(n, |at| {
                format!("l{at} = \"${{local.l{}}}${{local.l{}}}\"\n", (at + 1) % n, (at * 7 + 3) % n)
            }),
            1,
        );
        of_all(
            "patterns",
            lines(n, |at| {
                format!(
                    "l{at} = can(regex(\"(a{{1,500}}){{1,50}}x{at}\", \"aaaa\"))\nm{at} = regexall(\"(\\\\pL{{1,100}}){{1,9}}{at}\", \"aaaa\")\n"
                )
            }),
            n,
        );
        tree.file("templates/t.tpl", "%{for x in a}%{for y in b}${x}${y}%{endfor}%{endfor}\n");
        tree.file("templates/main.tf", lines(n, |at| format!("resource \"aws_cloudwatch_log_group\" \"g{at}\" {{\n  name = templatefile(\"t.tpl\", {{ a = range(1000), b = range(1000) }})\n}}\n")));
        tree.file("services/main.tf", lines(n, |at| format!("resource \"aws_ecs_service\" \"z{at}\" {{\n  name = aws_ecs_service.z{}.name\n  cluster = aws_ecs_service.z{}.cluster\n  depends_on = [aws_ecs_service.z{}]\n}}\n", (at + 1) % n, (at * 3 + 1) % n, (at + 1) % n)));
    }),
    Hostile::new("variables that all services of a compose file have", |tree| {
        let n = tree.count(200, 8_000);
        let variables = lines(n, |at| format!("  - K{at}=http://s{at}:80\n"));
        let services = lines(n, |at| {
            format!("  s{at}:\n    image: b:{at}\n    environment: *a0\n    ports: [\"{at}:80\"]\n")
        });
        tree.file("compose.yaml", format!("x0: &a0\n{variables}services:\n{services}"));
    }),
    Hostile::new("services that start one nginx", |tree| {
        let n = tree.count(60, 2_500);
        let locations = lines(300, |at| format!("location /l{at} {{ proxy_pass http://s{at}:80; }}\n"));
        tree.file("page/nginx.conf", format!("server {{ listen 80;\n{locations}}}\n"));
        tree.file(
            "page/Dockerfile",
            "FROM nginx:1.27-alpine\nCOPY nginx.conf /etc/nginx/conf.d/default.conf\n",
        );
        let services = lines(n, |at| {
            format!("  s{at}:\n    build: page\n    environment: {{A: b{at}}}\n    ports: [\"{at}:80\"]\n")
        });
        tree.file("compose.yaml", format!("services:\n{services}"));
    }),
    Hostile::new("rules that lead to one program", |tree| {
        let n = tree.count(100, 8_000);
        shop(tree, &lines(n, |at| rule(at, &[format!("/a{at}/*")])));
        let handlers = lines(n, |at| format!("@app.get(\"/a{at}/x\")\ndef f{at}(): pass\n"));
        tree.file("api/main.py", format!("{FASTAPI}{handlers}"));
        tree.file("page/orders.ts", lines(n, |at| format!("fetch(\"/a{at}/x\");\n")));
    }),
];
