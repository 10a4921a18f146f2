// Loads the extension as it is packed, with a stand-in for the editor, and sees it start a server, speak to it and stop it.

import assert from "node:assert";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

// A server that answers what it must, and writes down how it was started and what it was asked.
const SERVER = `#!/usr/bin/env node
const { appendFileSync } = require("node:fs");
const note = (line) => appendFileSync(process.env.NOTES, line + "\\n");
note("arguments " + process.argv.slice(2).join(" "));
let text = "";
process.stdin.on("data", (chunk) => {
  text += chunk;
  for (let match; (match = /^Content-Length: (\\d+)\\r\\n\\r\\n/.exec(text)); ) {
    const end = match[0].length + Number(match[1]);
    if (text.length < end) return;
    const message = JSON.parse(text.slice(match[0].length, end));
    text = text.slice(end);
    note(message.method);
    if (message.id !== undefined) {
      const result = message.method === "initialize" ? { capabilities: {} } : null;
      const body = JSON.stringify({ jsonrpc: "2.0", id: message.id, result });
      process.stdout.write("Content-Length: " + body.length + "\\r\\n\\r\\n" + body);
    }
    if (message.method === "exit") process.exit(0);
  }
});
`;

// What the extension needs of the editor and the test does not look at: every member can be called, constructed and asked.
function anything() {
  const members = new Map();
  const itself = new Proxy(class {}, {
    get: (target, name) => {
      if (name === "prototype") return target.prototype;
      if (name === "then" || name === Symbol.iterator) return undefined;
      if (name === Symbol.toPrimitive) return () => "";
      if (!members.has(name)) members.set(name, anything());
      return members.get(name);
    },
    set: (_, name, value) => Boolean(members.set(name, value)),
    apply: () => anything(),
    construct: (target, values, made) => (made === itself ? anything() : Reflect.construct(target, values, made)),
  });
  return itself;
}

function editor(program, errors) {
  const vscode = anything();
  vscode.version = "1.91.0";
  vscode.env = { appName: "stand-in", language: "en" };
  vscode.workspace.workspaceFolders = undefined;
  vscode.workspace.textDocuments = [];
  vscode.workspace.notebookDocuments = [];
  vscode.window.visibleTextEditors = [];
  vscode.workspace.getConfiguration = () => ({ get: (name, otherwise) => (name === "path" ? program : otherwise) });
  vscode.window.showErrorMessage = (message) => errors.push(message);
  vscode.window.withProgress = () => Promise.resolve();
  return vscode;
}

async function extension(vscode) {
  const load = Module._load;
  Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
  const path = join(import.meta.dirname, "out/extension.js");
  const require = createRequire(path);
  delete require.cache[path];
  return require(path);
}

test("the server is started with `lsp`, asked and stopped", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-"));
  const [program, notes] = [join(folder, "server"), join(folder, "notes")];
  writeFileSync(program, SERVER);
  chmodSync(program, 0o755);
  process.env.NOTES = notes;
  const errors = [];
  const { activate, deactivate } = await extension(editor(program, errors));
  await activate({ subscriptions: [] });
  await deactivate();
  assert.deepEqual(errors, []);
  const written = readFileSync(notes, "utf8");
  assert.match(written, /^arguments lsp( --stdio)?\ninitialize\ninitialized\n/);
  assert.match(written, /\nshutdown\n/);
});

test("a program that does not start is said to", async () => {
  const errors = [];
  const { activate } = await extension(editor("/nowhere/portcullis", errors));
  await activate({ subscriptions: [] });
  assert.ok(errors.some((error) => error.startsWith("`/nowhere/portcullis lsp` does not start: ")), String(errors));
});

test("the server itself starts and stops", { skip: !process.env.PORTCULLIS && "PORTCULLIS names no program" }, async () => {
  const errors = [];
  const { activate, deactivate } = await extension(editor(process.env.PORTCULLIS, errors));
  await activate({ subscriptions: [] });
  await deactivate();
  assert.deepEqual(errors, []);
});
