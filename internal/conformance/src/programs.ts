import { fileURLToPath } from 'node:url';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { ProgramEnd } from './codex-program.ts';
import { playWithCodex, runProgram } from './codex-program.ts';
import type { Facts } from './facts.ts';
import { factsOf } from './facts.ts';
import type { ModelServer } from './model-server.ts';
import { startModelServer } from './model-server.ts';
import type { AgentTask } from './our-agent.ts';
import type { ModelAnswer, Scene } from './scenes.ts';
import { PLAIN_SCENES } from './scenes.ts';
import type { SessionHome } from './session-home.ts';
import { createSessionHome, otelTable } from './session-home.ts';

/** The transport to the model. */
export type Transport = AgentTask['transport'];

const AGENT = fileURLToPath(new URL('./our-agent.ts', import.meta.url));
/** Until what was sent last has been read. */
const AFTERWARDS_MILLIS = 300;

/** What one program sends of a session with many turns. */
export async function playSession(
  codex: string | undefined,
  transport: Transport,
  scenes: readonly Scene[],
): Promise<Facts> {
  const { collector, model, home, close } = await stage((url) => otelTable(url), {
    websocket: transport === 'websocket',
  });
  try {
    if (codex !== undefined) await playWithCodex(codex, home, model, scenes);
    else await playAlone({ mode: 'app-server', transport, scenes }, home, model);
    return factsOf(collector);
  } finally {
    await close();
  }
}

/** One short run of a program, to its end. */
export interface ShortRun {
  readonly end: ProgramEnd;
  readonly collector: OtlpCollector;
  /** From the model's last byte to the end of the program; absent where the model was not asked. */
  readonly heldMillis: number | undefined;
}

/** Runs one program for one prompt, and passes on the result before everything is removed. */
export async function runShortly<T>(
  codex: string | undefined,
  otel: (collectorUrl: string, home: Pick<SessionHome, 'codexHome'>) => string,
  read: (run: ShortRun) => T | Promise<T>,
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly prepare?: (collector: OtlpCollector) => Promise<void>;
  } = {},
): Promise<T> {
  const { collector, model, home, close } = await stage(otel, { websocket: false });
  try {
    await options.prepare?.(collector);
    model.expect(PLAIN_SCENES.flatMap(({ answers }) => answers));
    const surroundings = { ...home, env: { ...home.env, ...options.env } };
    const [program, args] =
      codex === undefined
        ? ourCommand({ mode: 'exec', transport: 'http', scenes: PLAIN_SCENES })
        : ([codex, ['exec', '--skip-git-repo-check', '--json', 'plain']] as const);
    const end = await runProgram(program, args, surroundings);
    const lastByteAt = model.lastByteAt();
    const heldMillis = lastByteAt === undefined ? undefined : performance.now() - lastByteAt;
    await pause(AFTERWARDS_MILLIS);
    return await read({ end, collector, heldMillis });
  } finally {
    await close();
  }
}

/** Our agent plays all scenes of a session; one answer for each request that it makes. */
async function playAlone(task: AgentTask, home: SessionHome, model: ModelServer): Promise<void> {
  const answers: readonly ModelAnswer[] = task.scenes.flatMap((scene) => scene.answers.slice(0, scene.ourRequests));
  model.expect(answers);
  const [program, args] = ourCommand(task);
  const { exitCode, stderr } = await runProgram(program, args, home);
  if (exitCode !== 0) throw new Error(`our agent ended with exit code ${exitCode}: ${stderr}`);
  await pause(AFTERWARDS_MILLIS);
}

function ourCommand(task: AgentTask): readonly [program: string, args: readonly string[]] {
  return [process.execPath, ['--experimental-strip-types', '--no-warnings', AGENT, JSON.stringify(task)]];
}

async function stage(
  otel: (url: string, home: Pick<SessionHome, 'codexHome'>) => string,
  { websocket }: { readonly websocket: boolean },
) {
  const collector = await startOtlpCollector({ grpc: false });
  const model = await startModelServer();
  const home = createSessionHome(model.url, (codexHome) => otel(collector.httpUrl, { codexHome }), { websocket });
  const close = async () => {
    model.close();
    await collector.close();
    home.remove();
  };
  return { collector, model, home, close };
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
