import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { mustRun } from '@codex-otel/packages';

/** A registry that runs. */
export interface Registry {
  readonly url: string;
  /** An `.npmrc` that publishes to it and installs from it. */
  readonly npmrc: string;
  close(): Promise<void>;
}

/** Starts a registry without our packages; it gets all others from the machine's own registry. */
export async function startRegistry(folder: string): Promise<Registry> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const upstream = (await mustRun('npm', ['config', 'get', 'registry'], { cwd: folder })).trim().split('\n').at(-1);
  const config = path.join(folder, 'config.yaml');
  await writeFile(
    config,
    `storage: ${path.join(folder, 'storage')}
uplinks:
  upstream: { url: '${upstream}', maxage: 60m }
packages:
  '@codex-otel/*': { access: $all, publish: $all }
  '**': { access: $all, proxy: upstream }
log: { type: stdout, level: warn }
`,
  );
  const npmrc = path.join(folder, '.npmrc');
  await writeFile(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=rehearsal\n`);
  const bin = fileURLToPath(new URL('../node_modules/verdaccio/bin/verdaccio', import.meta.url));
  const server = spawn(process.execPath, [bin, '--config', config, '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await answering(url, server);
  return {
    url,
    npmrc,
    async close() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  const said: string[] = [];
  for (const stream of [server.stdout, server.stderr]) {
    if (stream !== null) createInterface(stream).on('line', (line) => said.push(line));
  }
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt++) {
    const response = await fetch(`${url}-/ping`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the registry did not start:\n${said.join('\n')}`);
}
