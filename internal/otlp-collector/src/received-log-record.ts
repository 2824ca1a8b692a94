import type { Attributed, OtlpValue, PlainValue, RawAnyValue, RawAttributed } from './otlp-value.ts';
import { attributed, otlpValue, plainValue } from './otlp-value.ts';
import type { Origin, RawScopeGroup } from './received-resource.ts';
import { hexId, scopeGroups } from './received-resource.ts';

/** One log record as it arrived. */
export interface ReceivedLogRecord extends Attributed, Origin {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: PlainValue;
  readonly typedBody: OtlpValue;
  readonly eventName: string;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly flags: number;
}

interface RawLogRecord extends RawAttributed {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body?: RawAnyValue | null;
  readonly eventName: string;
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly flags: number;
}

/** An `ExportLogsServiceRequest` as the protobuf library gives it. */
export interface RawLogs {
  readonly resourceLogs: readonly {
    readonly resource?: RawAttributed | null;
    readonly schemaUrl: string;
    readonly scopeLogs: readonly (RawScopeGroup & { readonly logRecords: readonly RawLogRecord[] })[];
  }[];
}

/** The log records of one request, in order. */
export function receivedLogRecords(raw: RawLogs, requestIndex: number): readonly ReceivedLogRecord[] {
  const resourceGroups = raw.resourceLogs.map((group) => ({ ...group, groups: group.scopeLogs }));
  return [...scopeGroups(resourceGroups, requestIndex)].flatMap(([origin, { logRecords }]) =>
    logRecords.map((record) => receivedLogRecord(record, origin)),
  );
}

function receivedLogRecord(raw: RawLogRecord, origin: Origin): ReceivedLogRecord {
  const typedBody = otlpValue(raw.body);
  return {
    ...attributed(raw),
    ...origin,
    timeUnixNano: BigInt(raw.timeUnixNano),
    observedTimeUnixNano: BigInt(raw.observedTimeUnixNano),
    severityNumber: raw.severityNumber,
    severityText: raw.severityText,
    body: plainValue(typedBody),
    typedBody,
    eventName: raw.eventName,
    traceId: hexId(raw.traceId),
    spanId: hexId(raw.spanId),
    flags: raw.flags,
  };
}
