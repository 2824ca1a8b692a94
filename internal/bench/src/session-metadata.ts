import type { SessionMetadata } from '@codex-otel/session-telemetry';

/** A session as the benchmarks of turns start it: what an agent must say of itself, and no more. */
export const sessionMetadata: SessionMetadata = {
  conversationId: '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
  model: 'gpt-5.1-codex',
  slug: 'gpt-5.1-codex-high',
  originator: 'codex_cli_rs',
  terminalType: 'xterm-256color',
  sessionSource: 'cli',
  appVersion: '0.154.0',
};
