import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { executableIn, foldersOnPath, isExecutable } from '@codex-otel/testing/executable';
import type { ModelServer } from './model-server.ts';
import type { Scene } from './scenes.ts';
import type { SessionHome } from './session-home.ts';

const TURN_MILLIS = 60_000;
/** Longer than the program's batches and its metric interval below, so that all of it has left. */
const REST_MILLIS = 3_000;
const METRIC_INTERVAL_MILLIS = 1_000;

/** How to get the program. */
export const HOW_TO_GET_CODEX =
  'set CODEX_BIN to the codex program; `npm install @openai/codex@0.171.0` in a folder of its own gives node_modules/.bin/codex';

/** The Codex program of this machine: `CODEX_BIN`, or what is on the path. */
export function findCodex(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (!env.CODEX_BIN) return executableIn(foldersOnPath(env), ['codex']);
  return isExecutable(env.CODEX_BIN) ? env.CODEX_BIN : undefined;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start to the end. */
  readonly millis: number;
}

/** Runs a program to its end. */
export async function runProgram(
  command: string,
  args: readonly string[],
  { workFolder, env }: Pick<SessionHome, 'workFolder' | 'env'>,
): Promise<ProgramEnd> {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: workFolder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { exitCode, stdout, stderr, millis: performance.now() - startedAt };
}

type Message = Readonly<Record<string, unknown>>;

/** Plays scenes in one `codex app-server`: turns that fail reach its exporter only there. */
export async function playWithCodex(
  codex: string,
  home: SessionHome,
  model: ModelServer,
  scenes: readonly Scene[],
): Promise<void> {
  const env = { ...home.env, OTEL_METRIC_EXPORT_INTERVAL: String(METRIC_INTERVAL_MILLIS) };
  const child = spawn(codex, ['app-server'], { cwd: home.workFolder, env, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const listeners = new Set<(message: Message) => void>();
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  let decision = 'decline';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message: Message = JSON.parse(line);
    // A request of the program: it asks for approval.
    if (message.id !== undefined && message.method !== undefined) send({ id: message.id, result: { decision } });
    for (const listener of listeners) listener(message);
  });
  const seen = (test: (message: Message) => boolean) =>
    new Promise<Message>((resolve, reject) => {
      const listener = (message: Message) => {
        if (!test(message)) return;
        clearTimeout(timer);
        listeners.delete(listener);
        resolve(message);
      };
      const timer = setTimeout(() => reject(new Error('codex app-server did not answer')), TURN_MILLIS);
      listeners.add(listener);
    });
  let lastId = 0;
  const call = async (method: string, params: object): Promise<unknown> => {
    lastId += 1;
    const id = lastId;
    const answer = seen((message) => message.id === id && message.method === undefined);
    send({ id, method, params });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`codex refused ${method}: ${JSON.stringify(error)}`);
    return result;
  };

  try {
    await call('initialize', {
      clientInfo: { name: 'conformance', title: 'Conformance', version: '1.0.0' },
      capabilities: {},
    });
    send({ method: 'initialized' });
    const threadId = idOf(await call('thread/start', { cwd: home.workFolder }), 'thread');
    for (const scene of scenes) {
      model.expect(scene.answers);
      decision = scene.approval ?? 'decline';
      const over = seen(({ method }) => method === 'turn/completed');
      const turn = await startScene(scene, threadId, call);
      if (scene.interruptAfterMillis !== undefined) {
        await pause(scene.interruptAfterMillis);
        await call('turn/interrupt', { threadId, turnId: idOf(turn, 'turn') });
      }
      await over;
    }
    await pause(REST_MILLIS);
  } finally {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGTERM'), 5_000);
    await ended;
    clearTimeout(timer);
  }
}

function startScene(
  scene: Scene,
  threadId: string,
  call: (method: string, params: object) => Promise<unknown>,
): Promise<unknown> {
  switch (scene.act) {
    case 'compact':
      return call('thread/compact/start', { threadId });
    case 'review':
      return call('review/start', { threadId, target: { type: 'custom', instructions: 'look' }, delivery: 'inline' });
    case 'shell':
      return call('thread/shellCommand', { threadId, command: 'echo shell' });
    case 'prompt': {
      const asks = { approvalPolicy: 'on-request', sandboxPolicy: { type: 'readOnly' } };
      return call('turn/start', {
        threadId,
        input: [{ type: 'text', text: scene.name }],
        ...(scene.approval !== undefined && asks),
      });
    }
  }
}

function idOf(result: unknown, key: string): string {
  const part: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, key) : undefined;
  const id: unknown = typeof part === 'object' && part !== null ? Reflect.get(part, 'id') : undefined;
  if (typeof id !== 'string') throw new Error(`codex gave no id of the ${key}`);
  return id;
}
