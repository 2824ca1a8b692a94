import Long from 'long';
import definitions from 'otlp-definitions/build/src/generated/root.js';
import protobuf from 'protobufjs/minimal.js';
import type { Signal } from './signal.ts';

// The protobuf library finds its 64-bit integers automatically, but not in jest's module loader. Without them it
// silently rounds times.
protobuf.util.Long = Long;
protobuf.configure();

/** A decoded export request; only this module looks inside. */
export interface ExportRequest {
  readonly signal: Signal;
  readonly message: object;
}

/** What a collector reports as rejected. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** What the generated code offers for each message type. */
interface MessageType {
  decode(bytes: Uint8Array): object;
  encode(message: object): { finish(): Uint8Array };
  fromObject(plain: object): object;
  toObject(message: object, options: object): object;
}

interface SignalDefinition {
  readonly request: MessageType;
  readonly response: MessageType;
  /** Name of the count in the answer's partial success. */
  readonly rejectedField: string;
  /** Full name of the method over gRPC. */
  readonly grpcPath: string;
}

const byService = (folder: string, name: string): Omit<SignalDefinition, 'rejectedField'> => ({
  request: messageType('opentelemetry', 'proto', 'collector', folder, 'v1', `Export${name}ServiceRequest`),
  response: messageType('opentelemetry', 'proto', 'collector', folder, 'v1', `Export${name}ServiceResponse`),
  grpcPath: `/opentelemetry.proto.collector.${folder}.v1.${name}Service/Export`,
});

const SIGNAL_DEFINITIONS: Readonly<Record<Signal, SignalDefinition>> = {
  traces: { ...byService('trace', 'Trace'), rejectedField: 'rejectedSpans' },
  logs: { ...byService('logs', 'Logs'), rejectedField: 'rejectedLogRecords' },
  metrics: { ...byService('metrics', 'Metrics'), rejectedField: 'rejectedDataPoints' },
};

/** In JSON, OTLP writes these as hexadecimal where protobuf's own mapping has base64. */
const HEX_FIELDS: ReadonlySet<string> = new Set(['traceId', 'spanId', 'parentSpanId']);

export function grpcPath(signal: Signal): string {
  return SIGNAL_DEFINITIONS[signal].grpcPath;
}

/** Reads a protobuf body. @throws the error of the protobuf library if the body is not valid protobuf. */
export function decodeRequest(signal: Signal, body: Uint8Array): ExportRequest {
  return { signal, message: SIGNAL_DEFINITIONS[signal].request.decode(body) };
}

/** Reads a JSON body. @throws if the text is not JSON, an id is not hexadecimal, or a value has the wrong type. */
export function parseRequest(signal: Signal, body: string): ExportRequest {
  const parsed: unknown = JSON.parse(body, (key, value: unknown) =>
    HEX_FIELDS.has(key) && value !== '' ? bytesOfHex(key, value) : value,
  );
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('the body is not a JSON object');
  return { signal, message: SIGNAL_DEFINITIONS[signal].request.fromObject(parsed) };
}

/** The request as plain objects: with every field, 64-bit integers as decimal strings, bytes as bytes. */
export function plainRequest(request: ExportRequest): object {
  return SIGNAL_DEFINITIONS[request.signal].request.toObject(request.message, {
    longs: String,
    defaults: true,
    arrays: true,
    oneofs: true,
  });
}

export function encodeResponse(signal: Signal, partialSuccess?: PartialSuccess): Uint8Array {
  const { response } = SIGNAL_DEFINITIONS[signal];
  return response.encode(response.fromObject(plainResponse(signal, partialSuccess))).finish();
}

export function stringifyResponse(signal: Signal, partialSuccess?: PartialSuccess): string {
  return JSON.stringify(plainResponse(signal, partialSuccess));
}

function plainResponse(signal: Signal, partialSuccess: PartialSuccess | undefined): object {
  if (partialSuccess === undefined) return {};
  const { rejectedField } = SIGNAL_DEFINITIONS[signal];
  return {
    partialSuccess: { [rejectedField]: String(partialSuccess.rejected), errorMessage: partialSuccess.message },
  };
}

function bytesOfHex(key: string, value: unknown): Uint8Array {
  const digits = key === 'traceId' ? 32 : 16;
  if (typeof value !== 'string' || value.length !== digits || !/^[0-9a-f]*$/i.test(value)) {
    throw new TypeError(`${key} is not ${digits} hexadecimal digits`);
  }
  return Buffer.from(value, 'hex');
}

function messageType(...path: readonly string[]): MessageType {
  let found: unknown = definitions;
  for (const name of path) found = Reflect.get(Object(found), name);
  if (!isMessageType(found)) throw new Error(`the OTLP definitions lack ${path.join('.')}`);
  return found;
}

function isMessageType(value: unknown): value is MessageType {
  return typeof value === 'function' && 'decode' in value && 'fromObject' in value && 'toObject' in value;
}
