import { errorReason } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';

/** The same failure is reported again after this. */
const SAY_AGAIN_MILLIS = 600_000;

/** Reports a failure of the spool once, however often it happens, and once when it is over. */
export class SpoolTrouble {
  readonly #what: string;
  readonly #saidAt = new Map<string, number>();
  #isSaid = false;

  /** @param what - what cannot be done, as the start of a message */
  constructor(what: string) {
    this.#what = what;
  }

  met(error: unknown): void {
    const trouble = troubleOf(error);
    const now = performance.now();
    if (now - (this.#saidAt.get(trouble) ?? Number.NEGATIVE_INFINITY) < SAY_AGAIN_MILLIS) return;
    if (this.#saidAt.size >= 20) this.#saidAt.clear();
    this.#saidAt.set(trouble, now);
    this.#isSaid = true;
    diag.error(`codex-otel/provider: ${this.#what}: ${trouble}`);
  }

  over(news: string): void {
    if (this.#isSaid) diag.info(`codex-otel/provider: ${news}`);
    this.#isSaid = false;
  }
}

/** Counts findings of one kind, so that many files give one line. */
export class SpoolTally {
  #count = 0;
  #first = '';

  add(count: number, what = ''): void {
    if (this.#count === 0) this.#first = what;
    this.#count += count;
  }

  /** @param line - makes the message from the count and the first finding */
  say(line: (count: number, first: string) => string): void {
    if (this.#count > 0) diag.warn(`codex-otel/provider: ${line(this.#count, this.#first)}`);
    this.#count = 0;
  }
}

/** The reason without the file's name, which differs each time. */
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
