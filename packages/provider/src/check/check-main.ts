#!/usr/bin/env node
// A program: `npx -p @codex-otel/provider codex-otel check`.
import { checkCommand } from './check-command.ts';

checkCommand(process.argv.slice(2), {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.exitCode = 1;
    console.error(error);
  },
);
