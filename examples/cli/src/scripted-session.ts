import { readFile } from 'node:fs/promises';

/** The user's answer to whether a command may run. */
export type Approval = 'approved' | 'denied';

/** What happens with a command that the model wants to run. */
export interface ScriptedCommand {
  readonly approval: Approval;
  /** How long the user thinks about it. */
  readonly thinksMillis?: number;
  /** How long it takes at least. */
  readonly runsMillis?: number;
}

/** What the model server does with one request: replays a recording, or fails. */
export type ModelAnswer = { readonly stream: string } | { readonly status: number; readonly retryAfterMillis: number };

/** One thing that the user does. */
export type ScriptedTurn =
  | {
      readonly kind: 'prompt';
      readonly prompt: string;
      /** By command line; a command that is not named here is denied. */
      readonly commands?: Readonly<Record<string, ScriptedCommand>>;
      readonly model: readonly ModelAnswer[];
    }
  | { readonly kind: 'compact'; readonly model: readonly ModelAnswer[] };

/** A script of a session: what the user does, and how the model answers each request. */
export interface ScriptedSession {
  readonly model: string;
  readonly reasoningEffort: string;
  readonly turns: readonly ScriptedTurn[];
}

const root = new URL('../', import.meta.url);

/** The session that this example ships. */
export async function readSession(): Promise<ScriptedSession> {
  return JSON.parse(await readFile(new URL('session.json', root), 'utf8'));
}

/** The events of a recording that this example ships, each as its line of JSON. */
export async function readRecording(name: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`streams/${name}.jsonl`, root), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

/** What a turn is called in a report. */
export function turnTitle(turn: ScriptedTurn): string {
  return turn.kind === 'prompt' ? turn.prompt : '/compact';
}
