//! What a module imports and exports by declarations.

use swc_common::Span;
use swc_ecma_ast as ast;

use super::convert::{Converter, range};
use super::expression::export_name;
use super::syntax::{Export, ExprKind, Imported};

impl Converter<'_> {
    pub(super) fn module_declaration(&mut self, declaration: &ast::ModuleDecl) {
        match declaration {
            ast::ModuleDecl::Import(import) if !import.type_only => self.import_declaration(import),
            ast::ModuleDecl::ExportDecl(export) => {
                self.declaration(&export.decl);
                self.export_declared(&export.decl);
            }
            ast::ModuleDecl::ExportNamed(export) => self.export_named(export),
            ast::ModuleDecl::ExportDefaultDecl(export) => self.export_default(&export.decl),
            ast::ModuleDecl::ExportDefaultExpr(export) => {
                let value = self.expression(&export.expr);
                self.module.exports.insert("default".into(), Export::Local(value));
            }
            ast::ModuleDecl::ExportAll(export) if !export.type_only => {
                let request = self.request(&export.src);
                self.module.stars.push(request);
            }
            ast::ModuleDecl::TsImportEquals(import) => {
                if let ast::TsModuleRef::TsExternalModuleRef(reference) = &import.module_ref {
                    let request = self.request(&reference.expr);
                    let value = self.add(ExprKind::Required(request), range(import.span));
                    self.hoisted(&import.id, value);
                }
            }
            ast::ModuleDecl::TsExportAssignment(export) => {
                let value = self.expression(&export.expr);
                self.module.whole_export = Some(value);
            }
            ast::ModuleDecl::Import(_)
            | ast::ModuleDecl::ExportAll(_)
            | ast::ModuleDecl::TsNamespaceExport(_) => {}
        }
    }

    fn import_declaration(&mut self, import: &ast::ImportDecl) {
        let request = self.request(&import.src);
        for specifier in &import.specifiers {
            match specifier {
                ast::ImportSpecifier::Named(named) if named.is_type_only => {}
                ast::ImportSpecifier::Named(named) => {
                    let imported = match &named.imported {
                        Some(name) => Self::import_kind(name),
                        None => Imported::Name((&*named.local.sym).into()),
                    };
                    self.import(&named.local, request, imported);
                }
                ast::ImportSpecifier::Default(default) => {
                    self.import(&default.local, request, Imported::Name("default".into()));
                }
                ast::ImportSpecifier::Namespace(all) => {
                    self.import(&all.local, request, Imported::Namespace);
                }
            }
        }
    }

    fn export_default(&mut self, declaration: &ast::DefaultDecl) {
        let (value, name) = match declaration {
            ast::DefaultDecl::Class(class) => {
                let id = self.class(&class.class);
                (self.add(ExprKind::Class(id), range(class.class.span)), &class.ident)
            }
            ast::DefaultDecl::Fn(function) => {
                let id = self.function(&function.function, None);
                (self.add(ExprKind::Function(id), range(function.function.span)), &function.ident)
            }
            ast::DefaultDecl::TsInterfaceDecl(_) => return,
        };
        if let Some(name) = name {
            self.hoisted(name, value);
        }
        self.module.exports.insert("default".into(), Export::Local(value));
    }

    fn export_declared(&mut self, declaration: &ast::Decl) {
        match declaration {
            ast::Decl::Var(declaration) => {
                for declarator in &declaration.decls {
                    self.export_pattern(&declarator.name);
                }
            }
            ast::Decl::Fn(function) => self.export_local(&function.ident.sym, function.ident.span),
            ast::Decl::Class(class) => self.export_local(&class.ident.sym, class.ident.span),
            ast::Decl::TsEnum(declaration) => self.export_local(&declaration.id.sym, declaration.id.span),
            _ => {}
        }
    }

    fn export_pattern(&mut self, pattern: &ast::Pat) {
        match pattern {
            ast::Pat::Ident(name) => self.export_local(&name.id.sym, name.id.span),
            ast::Pat::Object(object) => {
                for property in &object.props {
                    match property {
                        ast::ObjectPatProp::Assign(pair) => {
                            self.export_local(&pair.key.id.sym, pair.key.id.span);
                        }
                        ast::ObjectPatProp::KeyValue(pair) => {
                            if let ast::Pat::Ident(name) = &*pair.value {
                                self.export_local(&name.id.sym, name.id.span);
                            }
                        }
                        ast::ObjectPatProp::Rest(_) => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn export_local(&mut self, name: &str, span: Span) {
        let value = self.settled_name(name, span);
        self.module.exports.insert(name.into(), Export::Local(value));
    }

    fn export_named(&mut self, export: &ast::NamedExport) {
        if export.type_only {
            return;
        }
        let request = export.src.as_ref().map(|source| self.request(source));
        for specifier in &export.specifiers {
            let (exported, target) = match (specifier, request) {
                (ast::ExportSpecifier::Named(named), _) if named.is_type_only => continue,
                (ast::ExportSpecifier::Named(named), Some(request)) => {
                    let exported = named.exported.as_ref().unwrap_or(&named.orig);
                    (export_name(exported), Export::From(request, Self::import_kind(&named.orig)))
                }
                (ast::ExportSpecifier::Named(named), None) => {
                    let exported = named.exported.as_ref().unwrap_or(&named.orig);
                    let local = export_name(&named.orig);
                    (export_name(exported), Export::Local(self.settled_name(&local, named.span)))
                }
                (ast::ExportSpecifier::Namespace(all), Some(request)) => {
                    (export_name(&all.name), Export::From(request, Imported::Namespace))
                }
                (ast::ExportSpecifier::Default(default), Some(request)) => {
                    let name = (&*default.exported.sym).into();
                    (name, Export::From(request, Imported::Name("default".into())))
                }
                _ => continue,
            };
            self.module.exports.insert(exported, target);
        }
    }
}
