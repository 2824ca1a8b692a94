import type { ModelEvent, ModelItem, ModelUsage } from './model-stream.ts';
import { modelStream } from './model-stream.ts';

/** What the model answers to one request. */
export type ModelAnswer =
  | { readonly kind: 'stream'; readonly events: readonly ModelEvent[] }
  | { readonly kind: 'refused'; readonly status: number };

/** What one turn of the session is about; both programs play it. */
export interface Scene {
  readonly name: string;
  /** What the user does. */
  readonly act: 'prompt' | 'compact' | 'review' | 'shell';
  /** One for each request that Codex sends to the model; ours needs only `ourRequests` of them, if that is set. */
  readonly answers: readonly ModelAnswer[];
  readonly ourRequests?: number;
  /** The user's answer to a request for approval; without it no approval is requested. */
  readonly approval?: 'decline';
  readonly interruptAfterMillis?: number;
}

/** Shell calls of the model go to this tool. */
export const SHELL_TOOL = 'exec_command';

const message = (...parts: readonly string[]): ModelItem => ({ kind: 'message', parts });
const call = (name: string, args: object): ModelItem => ({ kind: 'call', name, arguments: args });
const shell = (cmd: string) => call(SHELL_TOOL, { cmd });
const answer = (name: string, items: readonly ModelItem[], usage: ModelUsage): ModelAnswer => ({
  kind: 'stream',
  events: modelStream(name, items, { kind: 'completed', usage }),
});
const refused = (status: number): ModelAnswer => ({ kind: 'refused', status });
const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);

const thinking: ModelItem = { kind: 'reasoning', parts: ['**Greet', ' briefly**'] };
const plainItems = [thinking, message('Good', ' day', '.')];
const done = (name: string) =>
  answer(`${name}_done`, [message('That', ' was', ' it', '.')], { input: 900, cached: 800, output: 11 });
const cut: ModelAnswer = { kind: 'stream', events: modelStream('cut', plainItems, { kind: 'cut' }) };
const incomplete: ModelAnswer = {
  kind: 'stream',
  events: modelStream('incomplete', [message('To be', ' continued')], {
    kind: 'incomplete',
    usage: { input: 700, output: 99, reasoning: 50 },
  }),
};
const failed = (name: string, code: string, usage?: ModelUsage): ModelAnswer => ({
  kind: 'stream',
  events: modelStream(name, [], { kind: 'failed', code, message: `The ${name} failed.`, ...(usage && { usage }) }),
});

const plain: Scene = {
  name: 'plain',
  act: 'prompt',
  answers: [answer('plain', plainItems, { input: 5000, cached: 4096, cacheWrite: 12, output: 60, reasoning: 40 })],
};
const tool: Scene = {
  name: 'tool',
  act: 'prompt',
  answers: [
    answer('tool', [thinking, shell('echo one; echo two')], { input: 6000, cached: 1024, output: 35, reasoning: 10 }),
    answer('tool_fails', [shell('echo wrong >&2; exit 3')], { input: 6100, cached: 6000, output: 20 }),
    done('tool'),
  ],
};
const failedScenes: readonly Scene[] = [
  { name: 'failed', act: 'prompt', answers: [failed('prompt', 'invalid_prompt')] },
  { name: 'quota', act: 'prompt', answers: [failed('quota', 'insufficient_quota', { input: 10, output: 1 })] },
  { name: 'incomplete', act: 'prompt', answers: times(4, incomplete), ourRequests: 1 },
];
const once: ModelUsage = { input: 400, output: 10 };

/** Over HTTP, in one process. */
export const HTTP_SCENES: readonly Scene[] = [
  plain,
  tool,
  {
    name: 'retry',
    act: 'prompt',
    answers: [refused(503), answer('retry', [message('Second', ' try')], { input: 3000, output: 9 })],
  },
  ...failedScenes,
  {
    name: 'compact',
    act: 'compact',
    answers: [answer('compact', [message('A', ' summary')], { input: 800, output: 20 })],
  },
  {
    name: 'review',
    act: 'review',
    answers: [
      answer(
        'review',
        [
          message(
            JSON.stringify({
              findings: [],
              overall_correctness: 'patch is correct',
              overall_explanation: 'ok',
              overall_confidence_score: 1,
            }),
          ),
        ],
        { input: 900, output: 30 },
      ),
    ],
  },
  { name: 'shell', act: 'shell', answers: [] },
  {
    name: 'interrupted',
    act: 'prompt',
    interruptAfterMillis: 300,
    answers: [
      answer('long', [message(...Array.from({ length: 400 }, (_, index) => `w${index} `))], {
        input: 500,
        output: 400,
      }),
    ],
  },
  {
    name: 'denied',
    act: 'prompt',
    approval: 'decline',
    answers: [
      answer(
        'denied',
        [call(SHELL_TOOL, { cmd: 'touch denied', sandbox_permissions: 'require_escalated', justification: 'please' })],
        once,
      ),
      done('denied'),
    ],
  },
  {
    name: 'unknown-tool',
    act: 'prompt',
    answers: [answer('unknown', [call('no_such_tool', { a: 1 })], once), done('unknown')],
  },
  {
    name: 'bad-arguments',
    act: 'prompt',
    answers: [answer('bad', [call(SHELL_TOOL, { nothing: true })], once), done('bad')],
  },
  {
    name: 'final',
    act: 'prompt',
    answers: [answer('final', [{ kind: 'message', parts: ['All', ' done'], isFinal: true }], once)],
  },
  { name: 'cut', act: 'prompt', answers: times(3, cut), ourRequests: 2 },
  { name: 'unauthorized', act: 'prompt', answers: [refused(401)] },
  { name: 'too-many', act: 'prompt', answers: times(4, refused(429)), ourRequests: 1 },
];

/** Over a WebSocket, in one process. */
export const WEBSOCKET_SCENES: readonly Scene[] = [plain, tool, ...failedScenes];

/** The answer of a WebSocket server to a warm-up request. */
export const WARM_UP: readonly ModelEvent[] = modelStream('warm', [], {
  kind: 'completed',
  usage: { input: 3000, output: 0 },
});

/** The shortest session. */
export const PLAIN_SCENES: readonly Scene[] = [plain];
