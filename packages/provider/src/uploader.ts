import { readFileSync } from 'node:fs';
import type { OtelSignal, OtlpConnection } from '@codex-otel/config';
import { headersFromHelper } from '@codex-otel/config';
import type { GrpcLoader, SignalItems } from '@codex-otel/metrics/otlp';
import type { HandOverConnection } from './handover/hand-over-payload.ts';
import { readHandOverPayload } from './handover/hand-over-payload.ts';
import { createOutlet } from './outlet/batching-outlet.ts';
import type { HeldBatch } from './outlet/outlet.ts';
import { outletLimits } from './outlet/outlet-limits.ts';
import { itemMeasures } from './values/item-size.ts';

/** How long the uploader retries. */
const UPLOAD_MILLIS = 30_000;
const CONCURRENT_EXPORTS = 4;

/** Options for {@link runUploader}. */
export interface UploaderOptions {
  /**
   * Loads gRPC in a bundled program: `() => import('@grpc/grpc-js')`.
   * @defaultValue the package `@grpc/grpc-js` that Node finds beside this one
   */
  readonly grpc?: GrpcLoader | undefined;
}

/**
 * Sends what another process handed over at its exit. Resolves when everything is delivered or finally refused, or
 * after 30 s. The payload is read from descriptor 0.
 *
 * A program that is its own uploader (see `uploaderCommand`) calls this, and then lets the process end.
 *
 * @throws Error (as a rejection) if descriptor 0 has no payload.
 */
export async function runUploader({ grpc }: UploaderOptions = {}): Promise<void> {
  const sections = readHandOverPayload(readFileSync(0));
  await Promise.all(sections.map(({ signal, connection, batches }) => upload(signal, connection, batches, grpc)));
}

async function upload<S extends OtelSignal>(
  signal: S,
  connection: HandOverConnection,
  batches: readonly HeldBatch<SignalItems[S]>[],
  grpc: GrpcLoader | undefined,
): Promise<void> {
  const outlet = createOutlet<SignalItems[S]>({
    signal,
    openSender: async () => {
      const { openSender } = await import('@codex-otel/metrics/otlp');
      const { countOf } = itemMeasures[signal];
      return openSender(signal, otlpConnection(connection), { countOf, grpc });
    },
    ...itemMeasures[signal],
    limits: { ...outletLimits(signal, connection.timeoutMillis), maxConcurrentExports: CONCURRENT_EXPORTS },
  });
  for (const batch of batches) outlet.restore(batch);
  await outlet.shutdown({ timeoutMillis: UPLOAD_MILLIS });
}

function otlpConnection({ headers, ...connection }: HandOverConnection): OtlpConnection {
  switch (headers.kind) {
    case 'known':
      return { ...connection, headers: async () => headers.values };
    case 'command':
      return { ...connection, headers: headersFromHelper(headers.helper, { env: headers.env }) };
  }
}
