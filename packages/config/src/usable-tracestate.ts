import type { OtelConfigProblem } from './otel-config-error.ts';
import { tomlPath } from './toml-path.ts';
import { isMember, isTracestate } from './tracestate-grammar.ts';

type Fields = Readonly<Record<string, string>>;
type Members = Readonly<Record<string, Fields>>;

/**
 * The members of a checked tracestate that can be sent: members without a field are dropped silently, members that are
 * too long are dropped with a warning, and all are dropped if they are valid alone but not together.
 */
export function usableTracestate(members: Members, warnings: OtelConfigProblem[]): Members {
  const usable: Record<string, Fields> = {};
  for (const [member, fields] of Object.entries(members)) {
    if (Object.keys(fields).length === 0) continue;
    if (isMember(member, fields)) usable[member] = fields;
    else
      warnings.push({
        path: tomlPath(['otel', 'tracestate', member]),
        message: 'left out: the member is too long to be sent',
      });
  }
  if (isTracestate(usable)) return usable;
  warnings.push({ path: 'otel.tracestate', message: 'left out: it has more members than a tracestate may have' });
  return {};
}
