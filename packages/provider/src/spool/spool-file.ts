import { hostname } from 'node:os';
import type { OtelSignal } from '@codex-otel/config';

/** The name of a batch in the spool says all that is needed to choose it without reading it. */
export interface SpoolFile {
  readonly name: string;
  readonly writtenAtUnixMillis: number;
  /** Of the collector that it was meant for; see {@link destinationKey}. */
  readonly destination: string;
  readonly signal: OtelSignal;
}

/** While a batch is being written it has this ending; what a crash leaves behind is never taken for a batch. */
const UNFINISHED = '.tmp';

const NAME = /^(\d{14})-[\da-z]+-([\da-f]{16})-(traces|logs|metrics)\.batch$/;
const WRITER = /\.([\w-]+)\.(\d+)\.tmp$/;

/** A new name, which sorts behind those written before it. */
export function spoolFileName(
  writtenAtUnixMillis: number,
  batchId: string,
  destination: string,
  signal: OtelSignal,
): string {
  const unique = batchId.replaceAll('-', '');
  return `${String(writtenAtUnixMillis).padStart(14, '0')}-${unique}-${destination}-${signal}.batch`;
}

/** The name of a batch that this process is writing: it says who, so that others know when nobody is. */
export function unfinishedName(name: string): string {
  return `${name}.${hostName()}.${process.pid}${UNFINISHED}`;
}

/** Whether a file is part of a spool: a batch, whole or not. */
export function isSpooled(name: string): boolean {
  return name.endsWith('.batch') || isUnfinished(name);
}

export function isUnfinished(name: string): boolean {
  return name.endsWith(UNFINISHED);
}

/** The process that writes an unfinished batch; `undefined` where that is not known or on another machine. */
export function writerOf(name: string): number | undefined {
  const [, host, pid] = WRITER.exec(name) ?? [];
  return host === hostName() ? Number(pid) : undefined;
}

/** `undefined` for a name that is none of ours. */
export function parseSpoolFileName(name: string): SpoolFile | undefined {
  const [, time, destination, signal] = NAME.exec(name) ?? [];
  if (time === undefined || destination === undefined || signal === undefined) return undefined;
  return { name, writtenAtUnixMillis: Number(time), destination, signal: signal as OtelSignal };
}

/** A short name for where a batch shall go: agents with other collectors may share the directory. */
export function destinationKey({ protocol, url }: { readonly protocol: string; readonly url: string }): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(`${protocol} ${url}`).digest('hex').slice(0, 16);
}

/** This machine, as a part of a file's name: a process id says something only there. */
export function hostName(): string {
  return hostname()
    .replaceAll(/[^\w-]/g, '_')
    .slice(0, 64);
}

/** Whether a process of this machine is running, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
