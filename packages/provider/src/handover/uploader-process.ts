import { differencesOf, thisPlatform } from '@codex-otel/config';
import { isSingleFile } from '../setup/single-file.ts';
import { uploaderEnvironment } from './uploader-environment.ts';

/** How many uploaders of this process may run at once, since many sessions with a provider each may end in a row. */
const MAX_UPLOADERS = 8;
const runningKey = Symbol.for('@codex-otel/provider.uploaders.v1');

/**
 * How the uploader is started: by this runtime, from the file beside the built package.
 * `undefined` if there is no such file, as in a bundle or a single-file executable.
 */
export function defaultUploaderCommand(): readonly string[] | undefined {
  if (isSingleFile()) return undefined;
  try {
    const own = process.getBuiltinModule('node:url').fileURLToPath(import.meta.url);
    if (!runsFrom(own)) return undefined;
    const { dirname, join } = process.getBuiltinModule('node:path');
    // Not `new URL(…, import.meta.url)`: bundlers take that for an asset, and would copy the file without what it
    // imports.
    const entry = join(dirname(own), 'uploader-main.mjs');
    return process.getBuiltinModule('node:fs').existsSync(entry) ? [process.execPath, entry] : undefined;
  } catch {
    // A bundle to CommonJS has no URL of its own.
    return undefined;
  }
}

/** Whether this code is where its URL says: webpack and ncc replace the URL with the path at build time. */
function runsFrom(file: string): boolean {
  if (!differencesOf(thisPlatform()).namesRunningFile) return true;
  const { getCallSites } = process.getBuiltinModule('node:util');
  const [{ scriptName } = { scriptName: '' }] = getCallSites(1, { sourceMap: false });
  const { fileURLToPath } = process.getBuiltinModule('node:url');
  return (scriptName.startsWith('file:') ? fileURLToPath(scriptName) : scriptName) === file;
}

/**
 * Starts a detached uploader on a payload, which it finds at its descriptor 0. Synchronous.
 *
 * @throws Error when it cannot be started, or {@link MAX_UPLOADERS} are running. At an exit that limit does not apply.
 */
export function startUploader(
  payloadDescriptor: number,
  [program, ...args]: readonly string[],
  { isExit }: { readonly isExit: boolean },
): void {
  const running = runningUploaders();
  if (program === undefined) throw new Error('the uploader command is empty');
  if (!isExit && running.count >= MAX_UPLOADERS) throw new Error(`${MAX_UPLOADERS} uploaders are running already`);
  // Loaded here, so that processes that need no uploader do not pay for it.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(program, args, {
    detached: true,
    stdio: [payloadDescriptor, 'ignore', 'ignore'],
    // A directory that is always there, so that the uploader keeps none of the agent's in use.
    cwd: process.getBuiltinModule('node:path').parse(process.execPath).root,
    env: uploaderEnvironment(process.env),
    windowsHide: true,
  });
  // The same error follows as an event; here it must not become an uncaught exception.
  child.on('error', () => {});
  if (child.pid === undefined) throw new Error(`'${program}' could not be started`);
  running.count += 1;
  child.on('exit', () => {
    running.count -= 1;
  });
  child.unref();
}

function runningUploaders(): { count: number } {
  const shared = globalThis as { [runningKey]?: { count: number } };
  shared[runningKey] ??= { count: 0 };
  return shared[runningKey];
}
