// Starts `portcullis lsp`, which does all the work.

import { commands, type ExtensionContext, window, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

async function start(): Promise<void> {
  const command = workspace.getConfiguration("portcullis").get("path", "portcullis");
  client = new LanguageClient(
    "portcullis",
    { command, args: ["lsp"] },
    // A fault can begin in any file.
    { documentSelector: [{ scheme: "file" }] },
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const install = "https://github.com/portcullis-dev/portcullis#install";
    void window.showErrorMessage(`\`${command} lsp\` does not start: ${error}. [Install portcullis](${install}), or set \`portcullis.path\`.`);
  }
}

export async function activate(context: ExtensionContext): Promise<void> {
  const restart = async () => {
    await deactivate();
    await start();
  };
  context.subscriptions.push(
    commands.registerCommand("portcullis.restart", restart),
    workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("portcullis.path") && restart()),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}
