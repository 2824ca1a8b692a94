import type { GenAiResult } from './gen-ai-trial.ts';

/** A back end and what it showed; nothing if it was skipped. */
export interface GenAiBackEndResults {
  readonly title: string;
  readonly results: readonly GenAiResult[] | undefined;
}

/** What each back end shows of one session of the demo, by mode. */
export function genAiTable(backEnds: readonly GenAiBackEndResults[]): string {
  const rows = backEnds.flatMap(({ title, results = [] }) =>
    results.map(({ mode, version, shown, wrong }) => {
      const { inputTokens, outputTokens, cost, sessions, traces, kinds } = shown;
      const cells = [
        `${title} ${version}`,
        mode === 'off' ? 'not set' : `\`"${mode}"\``,
        `${inputTokens} + ${outputTokens}`,
        cost === undefined ? 'none' : `$${cost.toFixed(4)}`,
        `${kinds.agents}, ${kinds.models}, ${kinds.tools}`,
        `${traces} in ${sessions}`,
        wrong.join('; '),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  const [truth] = backEnds.flatMap(({ results = [] }) => results.map((result) => result.truth));
  const skipped = backEnds.filter(({ results }) => results === undefined).map(({ title }) => title);
  return [
    ...(truth === undefined
      ? []
      : [
          `The session itself counts ${truth.inputTokens} input and ${truth.outputTokens} output tokens in ${truth.traces} turns, with ${truth.kinds.models} model responses and ${truth.kinds.tools} tool calls that ran.`,
          '',
        ]),
    '| back end | `gen_ai` | tokens, in + out | cost | spans of agents, models, tools | traces in sessions | wrong |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    ...(skipped.length === 0 ? [] : ['', `Not run, since a program was missing: ${skipped.join(', ')}.`]),
  ].join('\n');
}
