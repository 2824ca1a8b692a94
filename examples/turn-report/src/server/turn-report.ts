import type { Telemetry } from '../model/telemetry.ts';
import type { StoreLimits } from '../model/telemetry-store.ts';
import type { PageBundle } from '../page-bundle.ts';
import { loadPageBundle } from '../page-bundle.ts';
import { createLiveFeed } from './live-feed.ts';
import { LOOPBACK, listenOnLoopback } from './loopback.ts';
import { startOtlpGrpc } from './otlp-grpc.ts';
import { createOtlpHttpServer } from './otlp-http.ts';
import { createPageServer } from './page-server.ts';

/** Options of {@link startTurnReport}. If a port is taken, the next free one is used; 0 means any free one. */
export interface TurnReportOptions {
  /** @defaultValue 4320 */
  readonly pagePort?: number | undefined;
  /** OTLP over HTTP. @defaultValue 4318 */
  readonly httpPort?: number | undefined;
  /** OTLP over gRPC. @defaultValue 4317 */
  readonly grpcPort?: number | undefined;
  /** Origins of pages that may send OTLP. @defaultValue none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** The page's bundle. @defaultValue the last build */
  readonly bundle?: PageBundle | undefined;
  /** How much is kept. */
  readonly limits?: StoreLimits | undefined;
}

/** A running report. */
export interface TurnReport {
  readonly pageUrl: string;
  readonly httpUrl: string;
  readonly grpcUrl: string;
  /** Adds telemetry that was not received. */
  add(telemetry: Telemetry): void;
  close(): Promise<void>;
}

/** Starts the OTLP receiver and the page, on the loopback interface. */
export async function startTurnReport(options: TurnReportOptions = {}): Promise<TurnReport> {
  const { pagePort = 4320, httpPort = 4318, grpcPort = 4317, allowedOrigins, limits } = options;
  const bundle = options.bundle ?? (await loadPageBundle());
  const feed = createLiveFeed(limits);
  const page = createPageServer({ bundle, feed });
  const http = createOtlpHttpServer({ onTelemetry: feed.onTelemetry, allowedOrigins });
  // One after the other, so that two cannot choose the same free port.
  const grpc = await startOtlpGrpc({ onTelemetry: feed.onTelemetry }, grpcPort);
  const servers = [page, http];
  const close = async () => {
    grpc.close();
    const open = servers.filter(({ listening }) => listening);
    const closed = open.map((server) => new Promise((done) => server.close(done)));
    // Connections of pages never end by themselves.
    for (const server of open) server.closeAllConnections();
    await Promise.all(closed);
  };
  try {
    const urls = {
      httpUrl: `http://${LOOPBACK}:${await listenOnLoopback(http, httpPort)}`,
      pageUrl: `http://${LOOPBACK}:${await listenOnLoopback(page, pagePort)}`,
      grpcUrl: `http://${LOOPBACK}:${grpc.port}`,
    };
    return { ...urls, add: feed.onTelemetry, close };
  } catch (error) {
    await close();
    throw error;
  }
}
