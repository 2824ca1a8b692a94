import { parentPort } from 'node:worker_threads';
import type { W3cTraceContext } from '@codex-otel/trace-context';
import { currentSpanTraceId, withParentFromW3cTraceContext } from '@codex-otel/trace-context';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
parentPort?.on('message', ({ trace }: { readonly trace: W3cTraceContext }) => {
  withParentFromW3cTraceContext(trace, (parented) => parentPort?.postMessage([parented, currentSpanTraceId()]));
});
