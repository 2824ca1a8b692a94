import path from 'node:path';
import { programs } from '../programs/program.ts';
import { freePorts, startServer } from '../programs/server-process.ts';
import type { GenAiBackEnd, ShownSession } from './back-end.ts';
import { askJson } from './back-end.ts';

/** The experiment that every server has. */
const EXPERIMENT = '0';
/** Their values are JSON. */
const USAGE = 'mlflow.trace.tokenUsage';
const COST = 'mlflow.trace.cost';
const SESSION = 'mlflow.trace.session';

interface TraceInfo {
  readonly trace_id: string;
  readonly trace_metadata: Readonly<Record<string, string>>;
}

interface Trace {
  readonly spans: readonly {
    readonly attributes?: readonly { readonly key: string; readonly value: { readonly string_value?: string } }[];
  }[];
}

/** MLflow's tracking server, with its data in SQLite. */
export const mlflow: GenAiBackEnd = {
  program: programs.mlflow,
  async start(file, folder) {
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const store = `sqlite:///${path.join(folder, 'mlflow.db')}`;
    const args = ['server', '--host=127.0.0.1', `--port=${port}`, '--workers=1', `--backend-store-uri=${store}`];
    const server = await startServer(file, [...args, `--artifacts-destination=${folder}`], `${url}/version`, {
      MLFLOW_DISABLE_TELEMETRY: 'true',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    });
    const api = `${url}/api/3.0/mlflow/traces`;
    return {
      version: await (await fetch(`${url}/version`)).text(),
      endpoint: `${url}/v1/traces`,
      headers: `x-mlflow-experiment-id=${EXPERIMENT}`,
      ask: async (traceIds) => {
        const place = { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: EXPERIMENT } };
        const found = await askJson<{ readonly traces?: readonly TraceInfo[] }>(`${api}/search`, {
          locations: [place],
          max_results: 500,
        });
        const infos = (found.traces ?? []).filter(({ trace_id }) => traceIds.includes(trace_id.replace(/^tr-/, '')));
        return shown(infos, await Promise.all(infos.map((info) => traceOf(api, info))));
      },
      stop: () => server.stop(),
    };
  },
};

async function traceOf(api: string, { trace_id }: TraceInfo): Promise<Trace> {
  const response = await fetch(`${api}/get?${new URLSearchParams({ trace_id })}`);
  const { trace }: { readonly trace: Trace } = JSON.parse(await response.text());
  return trace;
}

function shown(infos: readonly TraceInfo[], traces: readonly Trace[]): ShownSession {
  const all = (name: string, part: string) =>
    infos.flatMap(({ trace_metadata: metadata }) => Number(JSON.parse(metadata[name] ?? '{}')[part] ?? []));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const costs = infos.filter(({ trace_metadata: metadata }) => metadata[COST] !== undefined);
  const types = traces.flatMap(({ spans }) =>
    spans.flatMap(({ attributes = [] }) =>
      attributes.flatMap(({ key, value }) => (key === 'mlflow.spanType' ? (value.string_value ?? []) : [])),
    ),
  );
  return {
    traces: traces.length,
    sessions: new Set(infos.flatMap(({ trace_metadata: metadata }) => metadata[SESSION] ?? [])).size,
    inputTokens: sum(all(USAGE, 'input_tokens')),
    outputTokens: sum(all(USAGE, 'output_tokens')),
    cost: costs.length === 0 ? undefined : sum(all(COST, 'total_cost')),
    kinds: {
      agents: types.filter((type) => type === 'AGENT').length,
      models: types.filter((type) => type === 'CHAT_MODEL').length,
      tools: types.filter((type) => type === 'TOOL').length,
    },
  };
}
