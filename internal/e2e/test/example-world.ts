import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelServer } from '@codex-otel/example-cli';
import { MODEL_API_KEY, startModelServer } from '@codex-otel/example-cli';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { outputOf, patience } from '@codex-otel/testing';
import { afterAll, beforeAll } from '@jest/globals';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** Where the examples of the documents run. */
export interface ExampleWorld {
  /** The collector that gets their telemetry. */
  readonly collector: OtlpCollector;
  /** The folder of their `config.toml`. */
  readonly codexHome: string;
  /**
   * Runs an example unchanged, apart from the address it sends to and the time that its shutdown has: on the packages'
   * sources there is no uploader that would send the rest.
   */
  output(code: string): Promise<string>;
  /** The lines that an example prints according to its comments. */
  announced(code: string): readonly string[];
}

/** Starts a collector and a model for the examples of a suite. The examples read these settings. */
export function exampleWorld(toml: string): ExampleWorld {
  let collector: OtlpCollector;
  let modelServer: ModelServer;
  let codexHome: string;
  const atCollector = (text: string) => text.replaceAll('http://localhost:4318', collector.httpUrl);

  beforeAll(async () => {
    collector = await startOtlpCollector({ grpc: false });
    modelServer = await startModelServer({ answers: [{ stream: '1-plain-answer' }], paceMillis: 0 });
    codexHome = await mkdtemp(path.join(tmpdir(), 'codex-home-'));
    await writeFile(path.join(codexHome, 'config.toml'), atCollector(toml));
  });
  afterAll(async () => {
    await modelServer.close();
    await collector.close();
    await rm(codexHome, { recursive: true });
  });

  return {
    get collector() {
      return collector;
    },
    get codexHome() {
      return codexHome;
    },
    output: (code) =>
      outputOf(patiently(atCollector(code)), folder, {
        CODEX_HOME: codexHome,
        OPENAI_BASE_URL: modelServer.url,
        OPENAI_API_KEY: MODEL_API_KEY,
      }),
    announced: (code) => [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, text = '']) => atCollector(text)),
  };
}

function patiently(code: string): string {
  return code.replace(/\bshutdown\((?:\{ timeoutMillis: \d+ \})?\)/g, `shutdown(${JSON.stringify(patience)})`);
}
