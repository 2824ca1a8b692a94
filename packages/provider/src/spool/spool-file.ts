import { hostname } from 'node:os';
import type { OtelSignal } from '@codex-otel/config';

/** A batch in the spool, as its file's name describes it. */
export interface SpoolFile {
  readonly name: string;
  readonly writtenAtUnixMillis: number;
  /** Key of its collector; see {@link destinationKey}. */
  readonly destination: string;
  readonly signal: OtelSignal;
}

/** The ending of a batch while it is being written, so that a partial file is never taken for a batch. */
const UNFINISHED = '.tmp';

const NAME = /^(\d{14})-[\da-z]+-([\da-f]{16})-(traces|logs|metrics)\.batch$/;
const WRITER = /\.([\w-]+)\.(\d+)\.tmp$/;

/** A new name, which sorts after those written before. */
export function spoolFileName(
  writtenAtUnixMillis: number,
  batchId: string,
  destination: string,
  signal: OtelSignal,
): string {
  const unique = batchId.replaceAll('-', '');
  return `${String(writtenAtUnixMillis).padStart(14, '0')}-${unique}-${destination}-${signal}.batch`;
}

/**
 * The name of a batch while it is being written. It names the writing process, so that others know if that has ended.
 */
export function unfinishedName(name: string): string {
  return `${name}.${hostName()}.${process.pid}${UNFINISHED}`;
}

/** Whether a file is a batch, complete or not. */
export function isSpooled(name: string): boolean {
  return name.endsWith('.batch') || isUnfinished(name);
}

export function isUnfinished(name: string): boolean {
  return name.endsWith(UNFINISHED);
}

/** The id of the process that writes an unfinished batch; `undefined` if it is unknown or on another machine. */
export function writerOf(name: string): number | undefined {
  const found = WRITER.exec(name);
  return found?.[1] === hostName() ? Number(found[2]) : undefined;
}

/** `undefined` if the name is not a batch's. */
export function parseSpoolFileName(name: string): SpoolFile | undefined {
  const found = NAME.exec(name);
  if (found === null) return undefined;
  const [, time, destination, signal] = found as unknown as readonly [string, string, string, OtelSignal];
  return { name, writtenAtUnixMillis: Number(time), destination, signal };
}

/** A short key of a collector: agents with different collectors may share the directory. */
export function destinationKey({ protocol, url }: { readonly protocol: string; readonly url: string }): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(`${protocol} ${url}`).digest('hex').slice(0, 16);
}

/** This machine's name as a part of a file name: process ids are meaningful only on one machine. */
export function hostName(): string {
  return hostname()
    .replaceAll(/[^\w-]/g, '_')
    .slice(0, 64);
}

/** Whether a process of this machine is running, of any user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
