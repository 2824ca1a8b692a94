import type { Difference } from './differences.ts';

/** The reason for a difference. */
export type DecisionKind =
  /** Codex has nothing like it. */
  | 'addition'
  /** Codex has it, and we differ on purpose. */
  | 'deliberate'
  /** It belongs to the program that uses the packages. */
  | 'host';

/** What was decided about differences of one kind. */
export interface Decision {
  readonly kind: DecisionKind;
  /** Matches the ids of differences. */
  readonly matches: RegExp;
  /** Restricts the decision to differences that only Codex has, or that only we have. */
  readonly only?: 'in Codex' | 'in ours';
  readonly why: string;
}

/** What Codex records besides turns: beginnings of names, without `codex.`. */
const HOST_METRICS: readonly string[] = [
  'app_server',
  'auth',
  'cloud_config_bundle',
  'db',
  'feature',
  'guardian',
  'mcp',
  'plugins',
  'responses\\.reasoning_replay',
  'rollout',
  'shell_snapshot',
  'skills',
  'sqlite',
  'startup_prewarm',
  'thread',
  'tool\\.unified_exec',
  'tools\\.registered',
  'turn\\.(?:memory|network_proxy|unified_exec)',
  'websocket\\.continuation',
];

/** The first match counts. A difference without a match has not been reviewed yet. */
export const DECISIONS: readonly Decision[] = [
  // The profile of a turn.
  {
    kind: 'addition',
    matches: /^(?:metric codex\.turn\.critical_path\.|span event codex\.turn_profile .*critical_path_\w+_ms$)/,
    only: 'in ours',
    why: 'where the time of a turn went; Codex does not measure it',
  },
  {
    kind: 'deliberate',
    matches: /^span event codex\.turn_profile value critical_path_status$/,
    why: 'measured here; Codex does not measure it',
  },
  {
    kind: 'host',
    matches: /^span event codex\.tool_(?:call_received|result_ready) value tool_name$/,
    why: 'only the agent knows about a call that cannot be dispatched',
  },
  {
    kind: 'host',
    matches: /^span codex\.(?:compaction|turn_input)$/,
    only: 'in Codex',
    why: "spans of the agent's own work",
  },

  // Resources.
  {
    kind: 'addition',
    matches: /^resource of \w+ attribute telemetry\.sdk/,
    only: 'in ours',
    why: 'which SDK encodes it',
  },

  // Log records.
  {
    kind: 'deliberate',
    matches: /^log .* time$/,
    why: 'the time of the event; in Codex it is 0 and only the observed time is set',
  },
  {
    kind: 'deliberate',
    matches: /^log .* trace id$/,
    why: 'every record names its span; in Codex, records of a stream do not',
  },
  {
    kind: 'deliberate',
    matches: /^log .* event name field$/,
    why: "the event's name; Codex sends a place in its source code instead",
  },
  { kind: 'host', matches: /^log \(without a name\)/, why: "the program's own log" },
  {
    kind: 'deliberate',
    matches: /^(?:log|span event) codex\.sse_event\/(?:failed|not completed)\b.* value error\.message$/,
    why: "the server's own error message",
  },
  {
    kind: 'addition',
    matches: /^log codex\.sse_event\/usage attribute response\.id$/,
    only: 'in ours',
    why: 'the response that the usage belongs to, so that no response is counted twice',
  },
  {
    kind: 'host',
    matches: /^(?:log|span event) codex\.api_request value (?:attempt|error\.message|http\.response\.status_code)$/,
    why: 'how often the agent retries, and how it describes a failure',
  },
  {
    kind: 'host',
    matches: /^log codex\.sse_event\/usage value \w+_token_count$/,
    why: 'Codex sends a request of its own to warm a socket up',
  },
  {
    kind: 'host',
    matches: /^(?:log|span event) codex\.auth_recovery$/,
    only: 'in Codex',
    why: 'recorded by agents that renew credentials',
  },

  // Span events.
  {
    kind: 'deliberate',
    matches: /^span event .* attribute error\.type$/,
    only: 'in ours',
    why: 'the kind of an error; its message is content and goes to log records only',
  },
  {
    kind: 'deliberate',
    matches: /^span event .* (?:attribute|value) error\.message$/,
    only: 'in Codex',
    why: 'the message of an error is content; `traceErrorMessages` sends it',
  },
  {
    kind: 'deliberate',
    matches: /^span event codex\.(?:sse_event\/\S+|sse_event\/not completed|turn_ttft)/,
    only: 'in ours',
    why: 'recorded on the span that it belongs to; in Codex no span is active there',
  },
  {
    kind: 'deliberate',
    matches:
      /attribute (?:code\.(?:file\.path|module\.name|line\.number)|code\.\w+|thread\.(?:id|name)|target|busy_ns|idle_ns)$/,
    only: 'in Codex',
    why: 'places in the source code and threads do not help the users of an agent',
  },

  // Spans.
  {
    kind: 'addition',
    matches:
      /^span handle_responses(?:\/usage)? attribute (?:codex\.response\.event|gen_ai\.|error\.type|codex\.usage)/,
    only: 'in ours',
    why: 'what the span is about, for readers that only have traces',
  },
  {
    kind: 'addition',
    matches: /^span receiving_stream attribute (?:codex\.stream\.|error\.type)/,
    only: 'in ours',
    why: 'deltas are counted here and have no spans of their own',
  },
  {
    kind: 'addition',
    matches: /^span session_task\.\w+ attribute (?:codex\.turn\.outcome|error\.type)$/,
    only: 'in ours',
    why: 'how the turn ended',
  },
  {
    kind: 'addition',
    matches: /^span handle_tool_call attribute /,
    only: 'in ours',
    why: 'the call that the span belongs to; in Codex the span has the name of the tool',
  },
  {
    kind: 'deliberate',
    matches: /^span session_task\.(?:compact|review|user_shell) (?:attribute|value) codex\.turn\.token_usage\./,
    only: 'in Codex',
    why: '`recordingTurnTokenUsage(task)` opts a task in; by default only regular turns have it',
  },
  {
    kind: 'deliberate',
    matches: /^span session_task\.turn value codex\.turn\.token_usage\./,
    why: 'usage of failed and incomplete responses counts; if none was reported, the attribute is absent, not 0',
  },
  {
    kind: 'deliberate',
    matches: /^span handle_responses\/usage value /,
    why: 'failed and incomplete responses and compactions have usage too',
  },
  {
    kind: 'deliberate',
    matches: /^span receiving(?: |$)/,
    only: 'in Codex',
    why: 'the wait is a number on `handle_responses`',
  },
  {
    kind: 'deliberate',
    matches: /^span session_task\.\w+ attribute thread\.id$/,
    why: "the id of the conversation; in Codex the operating system's thread has the same key",
  },
  {
    kind: 'addition',
    matches: /^span handle_tool_call value tool_name$/,
    only: 'in ours',
    why: 'the call that the span belongs to; in Codex the span has the name of the tool',
  },
  {
    kind: 'host',
    matches: /^span session_task\.\w+ (?:attribute|value) (?:codex\.op|session_init\.\w+|otel\.name|app_server\.\w+)$/,
    only: 'in Codex',
    why: "the agent's own attributes; `startTurn` takes them as `attributes`",
  },
  {
    kind: 'host',
    matches:
      /^span (?:session_task\.run|handle_output_item_done|handle_response_stream_error|handle_tool_call_with_source|codex\.(?:exec|process\.spawn))$/,
    only: 'in Codex',
    why: "spans of the agent's own work",
  },
  {
    kind: 'host',
    matches: /^span (?!event |codex\.|session_task\.|handle_|receiving)[^ ]+(?: |$)/,
    why: "spans of the agent's own work",
  },

  // Metrics.
  {
    kind: 'deliberate',
    matches: /^metric codex\.turn\.token_usage boundaries$/,
    why: "the boundaries of the GenAI conventions; Codex's end at 10,000 tokens",
  },
  {
    kind: 'host',
    matches:
      /^metric codex\.tool\.call(?:\.duration_ms)? (?:attribute|value) (?:command_category|shell_snapshot_mode|sandbox|sandbox_policy)$/,
    why: "the agent's own tags; `toolResult` takes them",
  },
  {
    kind: 'host',
    matches: new RegExp(`^metric codex\\.(?:${HOST_METRICS.join('|')})[a-z_.]*$`),
    only: 'in Codex',
    why: 'recorded by agents that have these features; `@codex-otel/metrics` has names for those that others may need',
  },

  // Settings.
  { kind: 'addition', matches: /^with the exporter 'console'/, why: 'prints what would be sent' },
  { kind: 'addition', matches: /^with keys in a statsig table/, why: 'the key of your own Statsig project' },
  {
    kind: 'deliberate',
    matches: /^with an endpoint without a path/,
    why: "completed with the signal's path, as in OpenTelemetry",
  },
  {
    kind: 'deliberate',
    matches: /^with an endpoint that is not a URL/,
    why: 'refused; Codex runs without telemetry instead. The agent of this comparison does not catch the error',
  },
  { kind: 'addition', matches: /^with a variable in a header/, why: 'secrets need not be in the file' },
  {
    kind: 'deliberate',
    matches: /^with a number in span_attributes/,
    why: 'left out with a warning; Codex refuses to start',
  },
  { kind: 'deliberate', matches: /^with OTEL_SDK_DISABLED/, why: "OpenTelemetry's own switch is respected" },
  {
    kind: 'deliberate',
    matches: /^with OTEL_EXPORTER_OTLP_COMPRESSION/,
    why: 'compressed; Codex cannot build its exporter',
  },

  {
    kind: 'deliberate',
    matches: /^with a tracestate/,
    why: 'sent in the headers of every request, as in Codex, but not added to exported spans',
  },

  // Exit.
  {
    kind: 'deliberate',
    matches: /^its exit is delayed/,
    why: 'at most for the time-out of `shutdown`, here 2 s; the rest is handed to another process',
  },
  { kind: 'deliberate', matches: /^the turn arrives/, why: 'another process keeps trying for 30 s' },
];

/** A difference and the decision about it; without a decision, nobody has reviewed it. */
export interface DecidedDifference extends Difference {
  readonly decision: Decision | undefined;
}

/** Decides each difference. */
export function decide(
  differences: readonly Difference[],
  decisions: readonly Decision[] = DECISIONS,
): readonly DecidedDifference[] {
  return differences.map((difference) => {
    const where = difference.ours === undefined ? 'in Codex' : difference.codex === undefined ? 'in ours' : undefined;
    const decision = decisions.find(
      ({ matches, only }) => matches.test(difference.id) && (only === undefined || only === where),
    );
    return { ...difference, decision };
  });
}
