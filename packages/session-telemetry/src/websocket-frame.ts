import { Buffer } from 'node:buffer';
import { types } from 'node:util';
import { boundedKind, FAILED_KIND } from './event-kind.ts';
import { property, textProperty } from './property.ts';

/** Options of `recordWebsocketEvent`: one thing that a socket delivered. */
export interface WebsocketEventOptions {
  /** The payload as `ws` or the platform's `WebSocket` delivered it: text, bytes, or an event object. */
  readonly data?: unknown;
  /** The parsed payload, if there is one already; `data` is not parsed then. */
  readonly event?: unknown;
  /** The transport's error, if one came in place of a frame. */
  readonly error?: unknown;
  /** Milliseconds that the caller waited for it. */
  readonly durationMillis: number;
  /**
   * What kind of frame it was. A close counts as a failed event; pings and pongs are not counted. @defaultValue
   * `message`, or `close` if `data` is a close or error event object
   */
  readonly frame?: 'message' | 'close' | 'ping' | 'pong' | undefined;
  /**
   * Whether the payload is binary: the second argument that `ws` passes to its listeners. @defaultValue a Buffer counts as
   * text, since `ws` delivers text as a Buffer; an ArrayBuffer, a Blob and a list of Buffers count as binary
   */
  readonly isBinary?: boolean | undefined;
}

/** How a frame is counted. */
export interface WebsocketOutcome {
  readonly eventKind: string;
  readonly success: boolean;
  /** The parsed message, if it could be parsed. */
  readonly document?: unknown;
}

const unknownFrame: WebsocketOutcome = { eventKind: 'unknown', success: false };
const unreadableFrame: WebsocketOutcome = { eventKind: 'parse_error', success: false };

/** Decides how a frame is counted; `undefined` for pings and pongs, which are not. */
export function classifyWebsocketFrame(options: WebsocketEventOptions): WebsocketOutcome | undefined {
  const frame = options.frame ?? frameOf(options.data);
  if (frame === 'ping' || frame === 'pong') return undefined;
  if (frame === 'close') return unknownFrame;
  if (options.error !== undefined && options.error !== null) return unknownFrame;
  if (options.event !== undefined) return ofDocument(options.event);
  const text = textOf(payloadOf(options.data), options.isBinary);
  if (text === undefined) return unknownFrame;
  try {
    return ofDocument(JSON.parse(text));
  } catch {
    return unreadableFrame;
  }
}

function ofDocument(document: unknown): WebsocketOutcome {
  const type = textProperty(document, 'type');
  if (type === undefined) return { eventKind: 'unknown', success: true, document };
  return { eventKind: boundedKind(type), success: type !== FAILED_KIND, document };
}

/** The platform's `WebSocket` delivers event objects, which say what they are. */
function frameOf(data: unknown): 'message' | 'close' {
  if (typeof data === 'string' || Buffer.isBuffer(data)) return 'message';
  const type = property(data, 'type');
  return type === 'close' || type === 'error' ? 'close' : 'message';
}

function payloadOf(data: unknown): unknown {
  return property(data, 'type') === 'message' ? property(data, 'data') : data;
}

/** The text of a payload; `undefined` if it is binary. A Blob cannot be read synchronously, so it counts as binary. */
function textOf(payload: unknown, isBinary: boolean | undefined): string | undefined {
  if (isBinary === true) return undefined;
  if (typeof payload === 'string') return payload;
  const bytes = bytesOf(payload, isBinary === false);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function bytesOf(payload: unknown, isText: boolean): Uint8Array | undefined {
  if (types.isUint8Array(payload)) return payload;
  if (!isText) return undefined;
  if (types.isAnyArrayBuffer(payload)) return new Uint8Array(payload);
  if (Array.isArray(payload) && payload.every(types.isUint8Array)) return Buffer.concat(payload);
  return undefined;
}
