//! What controllers of Nest serve, and what answers beside them.

use super::lines;

const NEST: &str = "import { NestFactory } from '@nestjs/core';
    import { VersioningType } from '@nestjs/common';
    import { AppModule } from './app.module';
    async function bootstrap() {
      const app = await NestFactory.create(AppModule);
      app.setGlobalPrefix('api', { exclude: ['health'] });
      SETTINGS
      await app.listen(3000);
    }
    bootstrap();";

#[track_caller]
fn assert_nest(settings: &str, module: &str, expected: &[&str]) {
    let users = "import { Controller, Get, Post, Version } from '@nestjs/common';
        @Controller('users')
        export class Users {
          @Get() list() {}
          @Get(':id/posts') @Version('2') posts() {}
          @Post(['a', '/b']) add() {}
          helper() {}
        }
        @Controller() export class Health { @Get('health') health() {} }
        @Controller('never') export class Never { @Get() never() {} }";
    let module = format!(
        "import {{ Module, forwardRef }} from '@nestjs/common';
        import {{ Users, Health }} from './users';
        {module}"
    );
    let files = [
        ("src/main.ts", NEST.replace("SETTINGS", settings)),
        ("src/app.module.ts", module),
        ("src/users.ts", users.to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_eq!(lines(&files), expected, "{settings}\n{files:?}");
}

#[test]
fn controllers_of_nest_serve_below_the_prefixes_of_the_application() {
    let module = "@Module({ imports: [forwardRef(() => UsersModule)], controllers: [Health] }) export class AppModule {}
        @Module({ controllers: [Users] }) export class UsersModule {}";
    assert_nest(
        "",
        module,
        &[
            "GET /api/users",
            "GET /api/users/{}/posts",
            "POST /api/users/a",
            "POST /api/users/b",
            "GET /health",
        ],
    );
    assert_nest(
        "app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' })",
        module,
        &[
            "GET /api/v1/users",
            "GET /api/v2/users/{}/posts",
            "POST /api/v1/users/a",
            "POST /api/v1/users/b",
            "GET /v1/health",
        ],
    );
    assert_nest(
        "app.setGlobalPrefix(config.get('prefix'))",
        "@Module({ controllers: [Health] }) export class AppModule {}",
        &["? *"],
    );
}

#[test]
fn modules_of_packages_may_answer_beside_the_controllers() {
    let module = |imports: &str| {
        format!(
            "import {{ TypeOrmModule }} from '@nestjs/typeorm';
            import {{ GraphQLModule }} from '@nestjs/graphql';
            import {{ ServeStaticModule }} from '@nestjs/serve-static';
            @Module({{ imports: [{imports}], controllers: [Health] }}) export class AppModule {{}}"
        )
    };
    assert_nest("", &module("TypeOrmModule.forRoot({})"), &["GET /health"]);
    assert_nest("", &module("GraphQLModule.forRoot({})"), &["GET /health", "? /api/graphql*", "? /graphql*"]);
    assert_nest("", &module("ServeStaticModule.forRoot({})"), &["GET /health", "? *"]);
    let files = "app.useStaticAssets('files', { prefix: '/files/' })";
    assert_nest(files, &module(""), &["GET /health", "? /files*"]);
    assert_nest("", &module("unknown"), &["GET /health", "? *"]);
}

#[test]
fn gateways_of_nest_take_sockets() {
    let module = |options: &str| {
        format!(
            "import {{ WebSocketGateway }} from '@nestjs/websockets';
            @WebSocketGateway({options}) export class Live {{}}
            @Module({{ providers: [Live] }}) export class AppModule {{}}"
        )
    };
    assert_nest("", &module("{ namespace: 'live' }"), &["SOCKET /socket.io/*"]);
    assert_nest("", &module("{ path: '/live' }"), &["SOCKET /live/*"]);
    assert_nest("", &module("3001"), &["? *"]);
}

#[test]
fn middleware_and_filters_of_nest_may_answer() {
    let module = |apply: &str| {
        format!(
            "import {{ Injectable }} from '@nestjs/common';
            class Log {{ use(req, res, next) {{ log(req.url); next(); }} }}
            class Ping {{ use(req, res, next) {{ if (req.originalUrl === '/ping') res.send('x'); else next(); }} }}
            @Module({{ controllers: [Health] }})
            export class AppModule {{ configure(consumer) {{ consumer.apply({apply}).forRoutes('*'); }} }}"
        )
    };
    assert_nest("", &module("Log"), &["GET /health"]);
    assert_nest(
        "",
        &module("helmet()").replace("import", "import helmet from 'helmet';\nimport"),
        &["GET /health"],
    );
    assert_nest("", &module("Log, Ping"), &["GET /health", "? *"]);
    assert_nest("", &module("(q, s, n) => q.baseUrl ? s.send('x') : n()"), &["GET /health", "? *"]);
    let filter = |caught: &str, answers: &str| {
        format!(
            "import {{ Catch, NotFoundException }} from '@nestjs/common';
            import {{ APP_FILTER }} from '@nestjs/core';
            class Own extends Error {{}}
            @Catch({caught}) export class Filter {{ catch(exception, host) {{
              const response = host.switchToHttp().getResponse(); {answers} }} }}
            @Module({{ controllers: [Health], providers: [{{ provide: APP_FILTER, useClass: Filter }}] }})
            export class AppModule {{}}"
        )
    };
    for (caught, answers) in [
        ("", "response.status(exception.getStatus()).json({})"),
        ("NotFoundException", "response.status(404).json({})"),
        ("", "const status = isHttp ? exception.getStatus() : 500; response.status(status).json({})"),
        ("", "super.catch(exception, host)"),
        ("Own", "response.status(200).send('x')"),
    ] {
        assert_nest("", &filter(caught, answers), &["GET /health"]);
    }
    for (caught, answers) in [
        ("", "response.status(200).send('x')"),
        ("NotFoundException", "response.sendFile('index.html')"),
        ("", "answer(response)"),
    ] {
        assert_nest("", &filter(caught, answers), &["GET /health", "? *"]);
    }
}

#[test]
fn paths_without_the_prefix_are_known_where_they_are_plain() {
    let with = |exclude: &str| {
        let main = NEST.replace("['health']", exclude).replace("SETTINGS", "");
        let health = "import { Controller, Get, Module } from '@nestjs/common';
            @Controller() class Health { @Get('health') health() {} }
            @Module({ controllers: [Health] }) export class AppModule {}";
        lines(&[("src/main.ts", &main), ("src/app.module.ts", health)])
    };
    assert_eq!(with("['health']"), ["GET /health"]);
    assert_eq!(with("[{ path: '/health', method: 0 }]"), ["GET /health"]);
    assert_eq!(with("['health*']"), ["GET /api/health", "? *"]);
    assert_eq!(with("['health/(.*)']"), ["GET /api/health", "? *"]);
    assert_eq!(with("excluded"), ["GET /api/health", "? *"]);
}

#[test]
fn what_is_asked_of_the_server_below_nest_is_read() {
    let module = "@Module({ controllers: [Health] }) export class AppModule {}";
    assert_nest(
        "app.getHttpAdapter().getInstance().addHook('onRequest', (q, r, d) => { if (q.url === '/p') r.send(); else d() });",
        module,
        &["GET /health", "? *"],
    );
    assert_nest("const config = app.get(ConfigService);", module, &["GET /health"]);
}
