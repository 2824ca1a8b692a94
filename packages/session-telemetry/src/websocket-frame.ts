import { Buffer } from 'node:buffer';
import { types } from 'node:util';
import { property } from './property.ts';
import type { WebsocketEventOptions } from './turn/turn-session.ts';

/** Options of `recordWebsocketEvent`: one thing that a socket delivered. */
export interface WebsocketEventInput extends WebsocketEventOptions {
  /**
   * What it was; a close counts as a failed event, pings and pongs are not counted. @defaultValue `message`, or what
   * an event object in `data` says
   */
  readonly frame?: 'message' | 'close' | 'ping' | 'pong' | undefined;
  /**
   * What `ws` hands over as its second argument. Without it a Buffer is taken for text, since `ws` delivers text so,
   * and an ArrayBuffer, a Blob or a list of Buffers for binary.
   */
  readonly isBinary?: boolean | undefined;
}

/** What a frame counts as. */
export interface WebsocketOutcome {
  readonly eventKind: string;
  readonly success: boolean;
  /** The parsed message, where there is one. */
  readonly document?: unknown;
}

const unknownFrame: WebsocketOutcome = { eventKind: 'unknown', success: false };
const unreadableFrame: WebsocketOutcome = { eventKind: 'parse_error', success: false };
const failedKind = 'response.failed';
/** Beyond any name that the API sends. */
const maxKindLength = 256;

/** Sorts what a socket delivered; nothing for pings and pongs, which are not counted. */
export function classifyWebsocketFrame(options: WebsocketEventInput): WebsocketOutcome | undefined {
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
  const type = property(document, 'type');
  if (typeof type !== 'string') return { eventKind: 'unknown', success: true, document };
  return { eventKind: type.slice(0, maxKindLength), success: type !== failedKind, document };
}

/** What the event objects of the platform's `WebSocket` call themselves. */
function frameOf(data: unknown): 'message' | 'close' {
  if (typeof data === 'string' || Buffer.isBuffer(data)) return 'message';
  const type = property(data, 'type');
  return type === 'close' || type === 'error' ? 'close' : 'message';
}

function payloadOf(data: unknown): unknown {
  return property(data, 'type') === 'message' ? property(data, 'data') : data;
}

/** The text of a payload; nothing where it is binary. A Blob cannot be read at once, and is never text. */
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
