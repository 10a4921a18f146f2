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
