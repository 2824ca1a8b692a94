import os from 'node:os';
import path from 'node:path';
import { effectiveSettings } from './effective-settings.ts';
import { envText } from './env.ts';
import type { ParseOtelConfigOptions } from './otel-config.ts';
import { namedOtelConfig } from './otel-config.ts';
import { OtelConfigError } from './otel-config-error.ts';
import type { OtelSettings } from './otel-settings.ts';
import { readFailure } from './read-failure.ts';

/** Larger files are refused, whatever is in them. The limits of our own tables are lower. */
const MAX_FILE_BYTES = 4_194_304;

/** Options of {@link loadOtelSettings}. */
export interface LoadOtelSettingsOptions extends Omit<ParseOtelConfigOptions, 'codexHome'> {
  /** The folder that contains `config.toml`. @defaultValue `$CODEX_HOME`, else `~/.codex` */
  readonly codexHome?: string | undefined;
}

/**
 * Reads `config.toml` and turns its `[otel]` table into settings. Without a file, only what the environment turns on is
 * on, and no parser is loaded.
 *
 * @throws {@link OtelConfigError} (as a rejection) when there is a file that cannot be read or used.
 */
export async function loadOtelSettings(options: LoadOtelSettingsOptions): Promise<OtelSettings> {
  const { env = process.env, managed, overrides = [] } = options;
  if (options.codexHome !== undefined && typeof options.codexHome !== 'string') {
    throw new OtelConfigError({ path: 'otel', message: 'the configuration folder is not a path' });
  }
  const codexHome = path.resolve(options.codexHome ?? envText(env, 'CODEX_HOME') ?? path.join(os.homedir(), '.codex'));
  const file = path.join(codexHome, 'config.toml');
  const text = await readConfigFile(file);
  const parseOptions: ParseOtelConfigOptions = { ...options, codexHome };
  if (managed === undefined && overrides.length === 0 && !mayConcernUs(text))
    return effectiveSettings({}, parseOptions);
  return namedOtelConfig(text, `'${file}'`, parseOptions);
}

/**
 * Whether a file can have an `otel` table, or a misspelled one to warn about. Looks for the name, and for escapes that
 * could spell it.
 */
function mayConcernUs(text: string): boolean {
  return /otel|telemetry|exporter|log_user_prompt|\\[ux]/i.test(text);
}

async function readConfigFile(file: string): Promise<string> {
  const { readFile, stat } = await import('node:fs/promises');
  try {
    const status = await stat(file);
    if (!status.isFile()) throw new OtelConfigError({ path: 'otel', message: `'${file}' is not a file` });
    if (status.size > MAX_FILE_BYTES) {
      const message = `'${file}' is larger than ${MAX_FILE_BYTES} bytes; remove what is not needed in it`;
      throw new OtelConfigError({ path: 'otel', message });
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof OtelConfigError) throw error;
    const reason = readFailure(error);
    if (reason === 'no such file') return '';
    throw new OtelConfigError({ path: 'otel', message: `cannot read '${file}': ${reason}` }, { cause: error });
  }
}
