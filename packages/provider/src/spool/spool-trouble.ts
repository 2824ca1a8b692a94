import { errorReason } from '@codex-otel/metrics/otlp';
import { diag } from '@opentelemetry/api';

/** A trouble with the spool that lasts is said once, and once when it is over. */
export class SpoolTrouble {
  readonly #what: string;
  #said = '';

  /** @param what - what cannot be done, for people */
  constructor(what: string) {
    this.#what = what;
  }

  met(error: unknown): void {
    const trouble = troubleOf(error);
    if (trouble !== this.#said) diag.error(`codex-otel: ${this.#what}: ${trouble}`);
    this.#said = trouble;
  }

  over(news: string): void {
    if (this.#said !== '') diag.info(`codex-otel: ${news}`);
    this.#said = '';
  }
}

/** Without the file's name, which differs each time that the same thing goes wrong. */
function troubleOf(error: unknown): string {
  const { code, syscall } = error as Partial<NodeJS.ErrnoException>;
  if (typeof code !== 'string' || typeof syscall !== 'string') return errorReason(error);
  return `${reasons[code] ?? code} (${code})`;
}

const reasons: Readonly<Partial<Record<string, string>>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  ENOTDIR: 'a file stands where a directory belongs',
  EEXIST: 'a file stands where a directory belongs',
  EMFILE: 'too many files are open',
  EIO: 'the device failed',
};
