// The host's program: answers `POST /` with a question, in a span of its own. It prints its address.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TokenPrice } from '@codex-otel/token-usage';
import { tokenCostMicroUsd } from '@codex-otel/token-usage';
import { trace } from '@opentelemetry/api';
import { createAgent } from './agent.ts';
import { sdk } from './instrumentation.ts';

/** US dollars for a million tokens. */
const PRICE: TokenPrice = { input: 1.25, cachedInput: 0.125, output: 10 };

const tracer = trace.getTracer('question-service');
const agent = await createAgent(process.env.MODEL_URL ?? '');

const server = http.createServer((request, response) => {
  void tracer.startActiveSpan('answer question', async (span) => {
    try {
      const { text: answer, usage } = await agent(await text(request));
      span.setAttribute('question.cost_micro_usd', tokenCostMicroUsd(usage, PRICE));
      response.end(answer);
    } catch {
      response.writeHead(502).end('the model cannot be reached');
    } finally {
      span.end();
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));

process.once('SIGTERM', () => {
  server.close(() => void sdk.shutdown());
  server.closeIdleConnections();
});
