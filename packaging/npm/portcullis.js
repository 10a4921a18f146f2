#!/usr/bin/env node
// Runs the program, which comes in the package of this platform.
"use strict";

const { spawnSync } = require("node:child_process");
const { constants } = require("node:os");

const platform = `${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "portcullis.exe" : "portcullis";

let program;
try {
  program = require.resolve(`portcullis-cli-${platform}/${file}`);
} catch {
  console.error(
    `portcullis-cli: the package portcullis-cli-${platform} is missing. Either npm installed no optional dependencies ` +
      `(--omit=optional, or a lock file from another system), or there is no program for this platform.`,
  );
  process.exit(2);
}

const { error, signal, status } = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`portcullis-cli: ${program} does not start: ${error.message}`);
  process.exit(2);
}
process.exit(signal ? 128 + constants.signals[signal] : status);
