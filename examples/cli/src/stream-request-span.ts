import type { SpanDefinition } from '@codex-otel/token-usage';

export const streamRequestAttributes = {
  attempt: { type: 'int', about: 'from 1' },
  'http.response.status_code': { type: 'int', absent: 'no answer' },
} as const;

/** The only span that the demo makes itself. */
export const streamRequestSpan: SpanDefinition = {
  name: 'stream_request',
  about: 'The demo’s own: one attempt at a request to the model.',
  parent: 'the turn',
  attributes: [streamRequestAttributes],
};
