import type { OtlpConnection } from '@codex-otel/config';
import { endpointName } from '@codex-otel/config';

/** A failed export. */
export interface ExportTrouble {
  readonly connection: Pick<OtlpConnection, 'protocol' | 'url'>;
  /** What the connection or the server says, in one line. */
  readonly reason: string;
  /** Status of an answer over HTTP, which a call over gRPC may get too. */
  readonly status?: number | undefined;
  /** `Location` of an answer over HTTP. */
  readonly location?: string | undefined;
}

/** What web servers answer to a call over gRPC that they do not know. */
const NO_GRPC_HERE = new Set([400, 404, 405, 415, 426, 464, 501, 505]);

/** The first line of an error body as text: of plain text, or of a web page without its markup. */
export function firstLine(body: string, isMarkup: boolean): string {
  const text = isMarkup ? textOfMarkup(body) : body;
  return (
    text
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .find((line) => line !== '') ?? ''
  );
}

/** The reason, with a hint at what probably has to be changed, if one is known. */
export function withHint(trouble: ExportTrouble): string {
  const hint = hintOf(trouble);
  return hint === undefined ? trouble.reason : `${trouble.reason} (${hint})`;
}

function hintOf({ connection: { protocol, url }, reason, status, location }: ExportTrouble): string | undefined {
  const isTls = url.startsWith('https:');
  if (/temporality/i.test(reason)) {
    return 'it needs another temporality: set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative, or temporality in the settings';
  }
  if (isTls && /wrong version number|packet length too long|EPROTO|unknown protocol/i.test(reason)) {
    return 'does the server speak TLS? Without it the endpoint begins with http://';
  }
  if (!isTls && /HTTP request (was sent )?to (an )?HTTPS (server|port)|alert|\\x15\\x03/i.test(reason)) {
    return 'the server speaks TLS: the endpoint must begin with https://';
  }
  if (status === 407) return 'the proxy asks for a user and a password: put them into its URL';
  if (status !== undefined && status >= 300 && status < 400) {
    const target = location === undefined ? "the redirect's target" : shownTarget(location, url);
    return `redirects are not followed: set the endpoint to ${target}`;
  }
  if (protocol === 'grpc') {
    const isForeign =
      status === undefined ? /Protocol error|content-type|frame|RST_STREAM/i.test(reason) : NO_GRPC_HERE.has(status);
    return isForeign ? 'is this a gRPC port? Collectors listen for gRPC on 4317 and for HTTP on 4318' : undefined;
  }
  if (/Parse Error|HPE_/i.test(reason)) {
    return 'is this an OTLP/HTTP port without TLS? Collectors listen for HTTP on 4318 and for gRPC on 4317';
  }
  if (status === 404 || status === 405) {
    return `is ${new URL(url).pathname} the right path? An endpoint with a path is used as it is`;
  }
  return undefined;
}

function shownTarget(location: string, base: string): string {
  return endpointName(URL.parse(location, base)?.href ?? '');
}

function textOfMarkup(body: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1]?.trim();
  if (title) return title;
  return body.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '').replace(/<[^>]*>/g, '');
}
