import type { Program } from '../programs/program.ts';

/** A back end that knows the GenAI conventions and nothing about Codex. */
export interface GenAiBackEnd {
  readonly program: Program;
  /** Starts it with its data in `folder`. */
  start(file: string, folder: string): Promise<RunningGenAiBackEnd>;
}

/** A running back end. */
export interface RunningGenAiBackEnd {
  /** The version that it reports. */
  readonly version: string;
  /** Where traces go. */
  readonly endpoint: string;
  /** The headers that it requires, in the form of OTLP's environment variable. */
  readonly headers: string;
  /** What its API returns about a session with these traces. */
  ask(traceIds: readonly string[]): Promise<ShownSession>;
  stop(): Promise<void>;
}

/** What a back end shows of the traces of one session. */
export interface ShownSession {
  /** How many of the traces have arrived. */
  readonly traces: number;
  /** Into how many sessions it groups them. */
  readonly sessions: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In US dollars, by its own list of prices; `undefined` where it has none. */
  readonly cost: number | undefined;
  /** How many spans are of which kind. */
  readonly kinds: { readonly agents: number; readonly models: number; readonly tools: number };
}

/** A JSON answer. @throws with the status and the text if the answer is not JSON. */
export async function askJson<Answer>(url: string, body: object): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
