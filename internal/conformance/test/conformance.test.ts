import { describeIfPresent } from '@codex-otel/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decide } from '../src/classification.ts';
import { findCodex, HOW_TO_GET_CODEX } from '../src/codex-program.ts';
import { combined, compare } from '../src/differences.ts';
import type { Facts } from '../src/facts.ts';
import { playSession } from '../src/programs.ts';
import { HTTP_SCENES, WEBSOCKET_SCENES } from '../src/scenes.ts';

const SESSION_MILLIS = 300_000;

/** What Codex 0.171 sends and we adopted. */
const ADOPTED: readonly (readonly [transport: 'http' | 'websocket', id: string, value: string | RegExp])[] = [
  ['http', 'resource of metrics attribute os', /./],
  ['http', 'log codex.api_request attribute attempt', 'int'],
  ['http', 'log codex.api_request attribute http.response.status_code', 'int'],
  ['http', 'log codex.api_request value attempt', /^0/],
  ['http', 'span event codex.api_request attribute attempt', 'string'],
  ['http', 'span event codex.api_request attribute http.response.status_code', 'string'],
  ['http', 'span event codex.tool_result attribute tool_result_seq', 'string'],
  ['http', 'log codex.tool_result attribute tool_result_seq', 'int'],
  ['http', 'log codex.tool_result value tool_name', 'exec_command | no_such_tool'],
  ['http', 'log codex.tool_result value success', 'false | true'],
  ['http', 'metric codex.tool.call value success', 'false | true'],
  [
    'http',
    'log codex.sse_event/not completed value error.message',
    /Incomplete response returned, reason: max_output_tokens/,
  ],
  [
    'http',
    'log codex.sse_event/not completed value error.message',
    /stream disconnected before completion: stream closed before response\.completed/,
  ],
  [
    'http',
    'log codex.conversation_starts order',
    /^event\.name config\.legacy_multi_agent_disabled_sources provider_name /,
  ],
  ['http', 'log codex.agent_response attribute root.turn.id', 'string'],
  [
    'http',
    'metric codex.turn.token_usage value token_type',
    'cache_write_input | cached_input | input | output | reasoning_output | total',
  ],
  ['http', 'metric codex.conversation.turn.count', 'sent'],
  ['http', 'metric codex.task.compact', 'sent'],
  ['http', 'metric codex.task.review', 'sent'],
  ['http', 'metric codex.task.user_shell', 'sent'],
  ['http', 'metric codex.approval.requested', 'sent'],
  ['http', 'span handle_responses attribute codex.response.receive_wait_ms', /double/],
  [
    'websocket',
    'log codex.websocket_connect order',
    /auth\.env_refresh_token_url_override_present auth\.connection_reused auth\.reauth /,
  ],
  ['websocket', 'metric codex.websocket.connect', 'sent'],
  ['websocket', 'metric codex.websocket.connect.duration_ms', 'sent'],
  ['websocket', 'log codex.sse_event/not completed', 'sent'],
];

describe('a session of ours', () => {
  let facts: Readonly<Record<'http' | 'websocket', Facts>>;
  beforeAll(async () => {
    const http = await playSession(undefined, 'http', HTTP_SCENES);
    facts = { http, websocket: await playSession(undefined, 'websocket', WEBSOCKET_SCENES) };
  }, SESSION_MILLIS);

  it.each(ADOPTED)('over %s: %s is %s', (transport, id, value) => {
    const found = facts[transport].get(id)?.value;
    expect(found).toEqual(typeof value === 'string' ? value : expect.stringMatching(value));
  });

  it.each([
    ['websocket', 'log codex.sse_event/failed'],
    ['websocket', 'metric codex.sse_event'],
    ['http', 'log codex.agent_communication'],
  ] as const)('over %s is without %s', (transport, id) => {
    expect(facts[transport].has(id)).toBe(false);
  });
});

describe('findCodex', () => {
  it('finds nothing if it is not installed, and says how to get it', () => {
    expect(findCodex({ PATH: '/nowhere' })).toBeUndefined();
    expect(findCodex({ CODEX_BIN: '/nowhere/codex', PATH: process.env.PATH })).toBeUndefined();
    expect(HOW_TO_GET_CODEX).toContain('npm install @openai/codex@');
  });
});

const codex = findCodex();
describeIfPresent('the codex program and ours', codex !== undefined, () => {
  it(
    'differ only as decided',
    async () => {
      const overHttp = compare(
        await playSession(codex, 'http', HTTP_SCENES),
        await playSession(undefined, 'http', HTTP_SCENES),
      );
      const overSocket = compare(
        await playSession(codex, 'websocket', WEBSOCKET_SCENES),
        await playSession(undefined, 'websocket', WEBSOCKET_SCENES),
      );
      const { differences } = combined([overHttp, overSocket]);
      expect(decide(differences).filter(({ decision }) => decision === undefined)).toEqual([]);
    },
    SESSION_MILLIS,
  );
});
