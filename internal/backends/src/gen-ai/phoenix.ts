import { programs } from '../programs/program.ts';
import { freePorts, startServer } from '../programs/server-process.ts';
import type { GenAiBackEnd, ShownSession } from './back-end.ts';
import { askJson } from './back-end.ts';

interface Answer {
  readonly data: {
    readonly projects: {
      readonly edges: readonly { readonly node: { readonly sessions: { readonly edges: readonly Edge[] } } }[];
    };
  } | null;
  readonly errors?: unknown;
}

interface Edge {
  readonly node: {
    readonly tokenUsage: { readonly prompt: number; readonly completion: number };
    readonly costSummary: { readonly total: { readonly cost: number | null } };
    readonly traces: {
      readonly edges: readonly {
        readonly node: {
          readonly traceId: string;
          readonly spans: { readonly edges: readonly { readonly node: { readonly spanKind: string } }[] };
        };
      }[];
    };
  };
}

/** What its pages ask for too. */
const QUERY = `{ projects(first: 10) { edges { node { sessions(first: 100) { edges { node {
  tokenUsage { prompt completion } costSummary { total { cost } }
  traces(first: 100) { edges { node { traceId spans(first: 1000) { edges { node { spanKind } } } } } }
} } } } } } }`;

/** Arize Phoenix, with its data in SQLite. */
export const phoenix: GenAiBackEnd = {
  program: programs.phoenix,
  async start(file, folder) {
    const [port = 0, grpc = 0] = await freePorts(2);
    const url = `http://127.0.0.1:${port}`;
    const server = await startServer(file, ['serve'], `${url}/arize_phoenix_version`, {
      PHOENIX_WORKING_DIR: folder,
      PHOENIX_HOST: '127.0.0.1',
      PHOENIX_PORT: String(port),
      PHOENIX_GRPC_PORT: String(grpc),
      PHOENIX_TELEMETRY_ENABLED: 'false',
    });
    return {
      version: await (await fetch(`${url}/arize_phoenix_version`)).text(),
      endpoint: `${url}/v1/traces`,
      headers: '',
      ask: async (traceIds) => {
        const { data, errors } = await askJson<Answer>(`${url}/graphql`, { query: QUERY });
        if (data === null) throw new Error(`Phoenix does not answer the query: ${JSON.stringify(errors)}`);
        return shown(
          data.projects.edges.flatMap(({ node }) => node.sessions.edges),
          traceIds,
        );
      },
      stop: () => server.stop(),
    };
  },
};

function shown(edges: readonly Edge[], traceIds: readonly string[]): ShownSession {
  const ofOurs = ({ node }: Edge) => node.traces.edges.filter((trace) => traceIds.includes(trace.node.traceId));
  const sessions = edges.filter((edge) => ofOurs(edge).length > 0);
  const traces = sessions.flatMap(ofOurs);
  const kinds = traces.flatMap(({ node }) => node.spans.edges.map((span) => span.node.spanKind));
  const costs = sessions.flatMap(({ node }) => node.costSummary.total.cost ?? []);
  return {
    traces: traces.length,
    sessions: sessions.length,
    inputTokens: sum(sessions.map(({ node }) => node.tokenUsage.prompt)),
    outputTokens: sum(sessions.map(({ node }) => node.tokenUsage.completion)),
    cost: costs.length === 0 ? undefined : sum(costs),
    kinds: {
      agents: kinds.filter((kind) => kind === 'agent').length,
      models: kinds.filter((kind) => kind === 'llm').length,
      tools: kinds.filter((kind) => kind === 'tool').length,
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
