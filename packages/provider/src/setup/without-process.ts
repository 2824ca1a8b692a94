// Stands in the place of every entry point where a bundler or a runtime sets `browser`, `worker` or `workerd`.

function refuse(): never {
  throw new Error(
    '@codex-otel/provider runs in Node, Bun and Deno, and was loaded for a browser or an edge runtime ' +
      '(export condition browser, worker or workerd); @codex-otel/trace-context and @codex-otel/token-usage run there',
  );
}

// Named as what they stand for, or a bundler would complain of their absence before anybody reads the sentence.
export const createOtelProvider: never = refuse();
export const deferredSinks: never = refuse();
export const thisProgram: never = refuse();
export const OtelShutdownError: never = refuse();
export const isOtelShutdownError: never = refuse();
export const codexNodeSdkConfiguration: never = refuse();
export const checkOtelConnections: never = refuse();
export const runUploader: never = refuse();
