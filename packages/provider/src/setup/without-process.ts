// Replaces every entry point if a bundler or a runtime sets the condition `browser`, `worker` or `workerd`.

function refuse(): never {
  throw new Error(
    '@codex-otel/provider runs in Node, Bun and Deno, and was loaded for a browser or an edge runtime ' +
      '(export condition browser, worker or workerd); @codex-otel/trace-context and @codex-otel/token-usage run there',
  );
}

// The real names, since a bundler would otherwise report missing exports, and nobody would see this message.
export const createOtelProvider: never = refuse();
export const deferredSinks: never = refuse();
export const thisProgram: never = refuse();
export const OtelShutdownError: never = refuse();
export const isOtelShutdownError: never = refuse();
export const codexNodeSdkConfiguration: never = refuse();
export const checkOtelConnections: never = refuse();
export const runUploader: never = refuse();
