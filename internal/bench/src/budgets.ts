import type { Estimate } from './statistics.ts';

/** What something may cost at most. */
export interface Budget {
  readonly goal: string;
  /** The benchmark that measures it. */
  readonly topic: string;
  readonly atMost: number;
  readonly unit: '×' | 'ms' | 'ns' | '%' | 'MiB';
  /** For a budget that is missed, or met within a few percent in some runs only. */
  readonly missed?: MissedBudget | undefined;
}

/** Why a budget is missed. */
export interface MissedBudget {
  /** What the gate fails above instead of the budget, so that it does not get worse; only for what the gate measures. */
  readonly gateAtMost?: number | undefined;
  /** Sentences. */
  readonly tried: string;
  /** Sentences. */
  readonly whyItStays: string;
}

/** The names of the budgets. */
export type BudgetName =
  | 'startHttp'
  | 'startHttpBundled'
  | 'startHttpBundledMillis'
  | 'startNone'
  | 'startGrpc'
  | 'startPeers'
  | 'startPeersBundled'
  | 'event'
  | 'logger'
  | 'histogram'
  | 'delta'
  | 'longSession'
  | 'longSessionHeap'
  | 'exportLogs'
  | 'exportSpans'
  | 'exportLoop'
  | 'exportLost';

/** All budgets; the page of results, the benchmarks and the gate use these. */
export const budgets: Readonly<Record<BudgetName, Budget>> = {
  startHttp: {
    goal: 'start with OTLP/HTTP, not bundled, compared with a set-up by hand',
    topic: 'startup',
    atMost: 0.33,
    unit: '×',
  },
  startHttpBundled: {
    goal: 'start with OTLP/HTTP, bundled, compared with a set-up by hand',
    topic: 'startup',
    atMost: 0.5,
    unit: '×',
    missed: {
      gateAtMost: 1,
      tried:
        'Three files are read instead of six (×0.97 to about ×0.75), since the parts that load later no longer ' +
        'share modules with the start: transport, serialisers, gRPC, the sending half of the queue, spool, and ' +
        'readers of TOML and TLS files. Host name and system are read at the first export. Of the CPU time, about ' +
        '60 % is reading and compiling 105 KB, 30 % creating the provider, 10 % the first records.',
      whyItStays:
        'Half of the 105 KB does not run before the first record, but it is spread over many small pieces. The ' +
        'largest of them are the API, and the queue with the hand-over (about a tenth), which must be loaded in ' +
        'case the process exits in its first tick, when nothing can be imported. Checking settings and connections ' +
        '(about a sixth) is part of creating the provider, which reports their errors. A compile cache saves a ' +
        'third of the time.',
    },
  },
  startHttpBundledMillis: {
    goal: 'start with OTLP/HTTP, bundled, CPU time',
    topic: 'startup',
    atMost: 8,
    unit: 'ms',
    missed: { tried: 'The same as for the ratio.', whyItStays: 'The same as for the ratio.' },
  },
  startNone: {
    goal: 'start with all exporters none, bundled: time beyond 1.5 times that of the API alone',
    topic: 'startup',
    atMost: 0,
    unit: 'ms',
  },
  startGrpc: {
    goal: 'start with OTLP/gRPC, bundled, compared with our OTLP/HTTP',
    topic: 'startup',
    atMost: 1.3,
    unit: '×',
  },
  startPeers: {
    goal: 'start, as installed, compared with the fastest peer',
    topic: 'peers',
    atMost: 1,
    unit: '×',
  },
  startPeersBundled: {
    goal: 'start, bundled, compared with the fastest peer',
    topic: 'peers',
    atMost: 1,
    unit: '×',
    missed: {
      tried: 'The same as for the start of the provider.',
      whyItStays:
        'The fastest peer is OpenTelemetry set up by hand, which makes one span and nothing else. Less than half of ' +
        'our time is the provider; the rest is loading session-telemetry, which knows all events, and, at the first ' +
        'response, the code that reads the stream. All packages that set up telemetry take longer.',
    },
  },
  event: {
    goal: 'one stream event, own providers, compared with the SDK by hand, young generation of 256 MiB',
    topic: 'session',
    atMost: 0.06,
    unit: '×',
  },
  logger: {
    goal: '`provider.logger`, the slowest of four kinds of record, compared with the SDK, young generation of 256 MiB',
    topic: 'logger',
    atMost: 0.09,
    unit: '×',
  },
  histogram: {
    goal: 'a histogram without tags, compared with the SDK, young generation of 256 MiB',
    topic: 'metrics',
    atMost: 0.08,
    unit: '×',
  },
  delta: {
    goal: 'a delta in an observed turn, in addition to the iteration itself',
    topic: 'turn',
    atMost: 200,
    unit: 'ns',
  },
  longSession: {
    goal: 'an event after 10,000,000 others, compared with one after 100,000',
    topic: 'growth',
    atMost: 1.1,
    unit: '×',
  },
  longSessionHeap: {
    goal: 'heap that 10,000,000 events leave behind',
    topic: 'growth',
    atMost: 5,
    unit: 'MiB',
  },
  exportLogs: {
    goal: 'exporting a log record, CPU time, compared with the SDK',
    topic: 'export',
    atMost: 0.55,
    unit: '×',
    missed: {
      gateAtMost: 0.65,
      tried:
        '×0.745 to about ×0.6. The serialiser adds up the size of a request from placeholders (a quarter of its ' +
        'work), and no Error object is created for a request that does not need one. No gain: batches of 256 (more ' +
        'expensive) or of 1,024 records (the same).',
      whyItStays:
        'Of 3.4 µs, the SDK’s serialiser takes 2.1 to 2.5 (2.8 in the SDK itself), more than half of it for writing ' +
        'strings one character after the other; the HTTP client and the kernel’s copy take 0.6, making the record ' +
        '0.2. The budget allows 3.1 to 3.2 µs, and what is left to save is in code that is not ours.',
    },
  },
  exportSpans: {
    goal: 'exporting a span, CPU time, compared with the SDK',
    topic: 'export',
    atMost: 0.55,
    unit: '×',
    missed: {
      gateAtMost: 0.65,
      tried:
        '×0.715 to about ×0.57. The same as for log records; ids are converted once and not twice, and a span ' +
        'without links, changed status or later attributes makes no objects for them. No gain: cutting ids out of a ' +
        'longer string (0.13 µs less for the span, 0.13 µs more for the serialiser).',
      whyItStays:
        'Of 5.4 µs, the SDK’s serialiser takes 3 to 3.8, of which 0.6 to 0.9 for converting two ids from ' +
        'hexadecimal digits to bytes; recording the span takes 0.6, the HTTP client and the kernel’s copy 0.6.',
    },
  },
  exportLoop: {
    goal: 'event loop, 99th percentile, at 50,000 items a second',
    topic: 'export',
    atMost: 5,
    unit: 'ms',
  },
  exportLost: {
    goal: 'lost at 50,000 items a second, and of a burst of 20,000',
    topic: 'export',
    atMost: 0,
    unit: '%',
  },
};

/** What was measured for some budgets. */
export type Figures = { readonly [name in BudgetName]?: Estimate | undefined };

/** All budgets with their names. */
export const namedBudgets: readonly (readonly [BudgetName, Budget])[] = Object.entries(budgets) as [
  BudgetName, // the keys of a record are its names
  Budget,
][];

/** Whether a figure keeps its budget; `noise`: it is over by less than the measurement varies. */
export type Verdict = 'met' | 'noise' | 'missed';

/** Compares a figure with what it may be at most. */
export function verdictOf({ median, low }: Estimate, atMost: number): Verdict {
  if (median <= atMost) return 'met';
  return low <= atMost ? 'noise' : 'missed';
}

/** Budgets that these figures miss and that have no reason; what a run and a test report. */
export function missedWithoutReason(figures: Figures): readonly BudgetName[] {
  return namedBudgets
    .filter(([name, { atMost, missed }]) => {
      const figure = figures[name];
      const hasReason = missed !== undefined && missed.tried !== '' && missed.whyItStays !== '';
      return figure !== undefined && !hasReason && verdictOf(figure, atMost) === 'missed';
    })
    .map(([name]) => name);
}
