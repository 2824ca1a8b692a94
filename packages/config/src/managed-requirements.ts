import path from 'node:path';
import type { ConfigTable, OtelTable } from './config-table.ts';
import type { OtelConfigProblem } from './otel-config-error.ts';
import { EXPORTER_KEYS } from './signal.ts';
import { tomlPath } from './toml-path.ts';
import { isTracestate } from './tracestate-grammar.ts';

type Fields = Readonly<Record<string, string>>;
type Members = Readonly<Record<string, Fields>>;

/** The result of managed requirements and user settings. */
export interface MergedConfig {
  readonly config: ConfigTable;
  readonly warnings: readonly OtelConfigProblem[];
}

/**
 * Puts managed requirements over user settings: scalars and whole exporters replace the user's, maps are merged
 * by key, and a user's tracestate field stays only if the whole tracestate stays valid. All conflicts give one warning.
 */
export function mergeManaged(user: ConfigTable, managed: ConfigTable): MergedConfig {
  const warnings: OtelConfigProblem[] = [];
  const required = managed.otel ?? {};
  const own = user.otel ?? {};
  const conflicts = Object.keys(required).filter((key) => {
    const [mine, theirs]: readonly unknown[] = [Reflect.get(own, key), Reflect.get(required, key)];
    // An exporter counts as one value, whatever its keys.
    return isExporterKey(key)
      ? mine !== undefined && JSON.stringify(mine) !== JSON.stringify(theirs)
      : conflict(mine, theirs);
  });
  if (conflicts.length > 0) {
    const message = `managed requirements replace ${conflicts.map((key) => tomlPath([key])).join(', ')}`;
    warnings.push({ path: 'otel', message });
  }
  if (conflict(user.analytics, managed.analytics)) {
    warnings.push({ path: 'analytics', message: 'managed requirements replace enabled' });
  }
  const otel: OtelTable = {
    ...own,
    ...required,
    span_attributes: { ...own.span_attributes, ...required.span_attributes },
    resource_attributes: { ...own.resource_attributes, ...required.resource_attributes },
    tool_result: { ...own.tool_result, ...required.tool_result },
    // The presence of the table switches the spool on.
    spool: own.spool === undefined && required.spool === undefined ? undefined : { ...own.spool, ...required.spool },
    tracestate: mergedTracestate(own.tracestate ?? {}, required.tracestate ?? {}, warnings),
  };
  return { config: { otel, analytics: { ...user.analytics, ...managed.analytics } }, warnings };
}

/** Problems of the requirements as a whole; problems of single values are found earlier. */
export function requirementProblems(config: ConfigTable): OtelConfigProblem[] {
  return [...tracestateProblems(config), ...helperProblems(config)];
}

/** A user must not be able to replace a required program. */
function helperProblems({ otel }: ConfigTable): OtelConfigProblem[] {
  const program = otel?.headers_helper;
  if (program === undefined || path.isAbsolute(program)) return [];
  return [{ path: 'otel.headers_helper', message: 'found a relative path, expected an absolute one' }];
}

function tracestateProblems({ otel }: ConfigTable): OtelConfigProblem[] {
  const tracestate = Object.fromEntries(
    Object.entries(otel?.tracestate ?? {}).filter(([, fields]) => Object.keys(fields).length > 0),
  );
  return isTracestate(tracestate)
    ? []
    : [{ path: 'otel.tracestate', message: 'its members cannot be sent together, or one is too long' }];
}

function isExporterKey(key: string): boolean {
  return Object.values<string>(EXPORTER_KEYS).includes(key);
}

/** Whether a required value replaces another; tables conflict if one of their keys does. */
function conflict(own: unknown, required: unknown): boolean {
  if (own === undefined || required === undefined) return false;
  if (typeof own === 'object' && own !== null && typeof required === 'object' && required !== null) {
    return Object.keys(required).some((key) => conflict(Reflect.get(own, key), Reflect.get(required, key)));
  }
  return own !== required;
}

function mergedTracestate(own: Members, required: Members, warnings: OtelConfigProblem[]): Members {
  // Without requirements the user's fields cannot make anything invalid.
  if (Object.keys(required).length === 0) return own;
  let merged = required;
  for (const [member, fields] of Object.entries(own)) {
    for (const [field, value] of Object.entries(fields)) {
      const there = merged[member] ?? {};
      if (Object.hasOwn(there, field)) continue;
      const candidate = { ...merged, [member]: { ...there, [field]: value } };
      if (isTracestate(candidate)) merged = candidate;
      else
        warnings.push({
          path: tomlPath(['otel', 'tracestate', member, field]),
          message: 'left out: with it the tracestate is not valid',
        });
    }
  }
  return merged;
}
