import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../../shared/recordings', import.meta.url));

/** One event of a recorded Responses API stream. */
export interface RecordedEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Whether the recordings are beside the checkout; they are read in place, never copied. */
export const recordingsPresent: boolean = existsSync(folder);

/** Names of the recorded streams, without ending; none where the recordings are absent. */
export function recordedStreams(): readonly string[] {
  const ending = '.jsonl';
  if (!recordingsPresent) return [];
  return readdirSync(path.join(folder, 'responses'))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

/** The events of one recorded stream, in order. */
export function recordedEvents(stream: string): readonly RecordedEvent[] {
  return readFileSync(path.join(folder, 'responses', `${stream}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}

/** A file of captured Codex telemetry, parsed. */
export function recordedCodexTelemetry(file: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, 'codex', file), 'utf8'));
}
