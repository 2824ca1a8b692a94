/** What tells runtimes and operating systems apart; a test passes one of its own. */
export interface Platform {
  readonly os: NodeJS.Platform;
  readonly runtime: 'node' | 'bun' | 'deno';
  /** Whether the program is one file that holds its runtime: a single executable application, `bun build --compile`, `deno compile`. */
  readonly isSingleFile: boolean;
  /** A thread of `worker_threads`. */
  readonly isWorkerThread: boolean;
}

/** What differs between platforms, each with what is done instead. */
export interface PlatformDifferences {
  /** Signals that end a process, and that a program hears. Windows has `SIGBREAK`, and ends on `SIGTERM` without asking. */
  readonly endSignals: readonly NodeJS.Signals[];
  /** Whether an open file may lose its name. Where that is refused, the payload keeps it until the uploader has started. */
  readonly mayKeepPayloadName: boolean;
  /** Whether owners and modes of files say who may read them. Without them, the folder's access list is all there is. */
  readonly hasFileModes: boolean;
  /** Whether `exit` follows an uncaught exception. Without it, the process is at its end when nobody handles the exception. */
  readonly exitsAfterException: boolean;
}

/** What this process runs on. */
export function thisPlatform(): Platform {
  const { versions } = process;
  const runtime = versions.bun !== undefined ? 'bun' : versions.deno !== undefined ? 'deno' : 'node';
  return {
    os: process.platform,
    runtime,
    isSingleFile: isSingleFile(runtime),
    // What a thread may not do is marked so, on each runtime; asking `node:worker_threads` costs every start its load.
    isWorkerThread: Reflect.get(process.chdir, 'disabled') === true,
  };
}

/** What is different on a platform. */
export function differencesOf({ os, runtime }: Pick<Platform, 'os' | 'runtime'>): PlatformDifferences {
  const isWindows = os === 'win32';
  return {
    endSignals: isWindows ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGTERM', 'SIGINT', 'SIGHUP'],
    mayKeepPayloadName: isWindows,
    hasFileModes: !isWindows,
    exitsAfterException: runtime !== 'deno',
  };
}

/** What a platform cannot do at the end of a process, as sentences that say how to avoid it. */
export function limitsOf({ os, isWorkerThread }: Pick<Platform, 'os' | 'isWorkerThread'>): readonly string[] {
  const limits: string[] = [];
  if (os === 'win32') {
    limits.push(
      'on Windows a process is not told when another one ends it, and what it has queued is lost; end it through its own shutdown()',
    );
  }
  if (isWorkerThread) {
    limits.push(
      "a worker thread is not told of terminate() and of the main thread's exit, and what it has queued is lost; await its shutdown() before",
    );
  }
  return limits;
}

function isSingleFile(runtime: Platform['runtime']): boolean {
  switch (runtime) {
    case 'bun':
      // Where the files inside of an executable seem to be.
      return /^(\/\$bunfs\/|[a-z]:[\\/]~BUN[\\/])/i.test(process.argv[1] ?? '');
    case 'deno':
      return denoBuild()?.standalone === true;
    case 'node':
      // Absent in hosts that embed Node.
      return process.getBuiltinModule('node:sea')?.isSea() ?? false;
  }
}

function denoBuild(): { readonly standalone?: unknown } | undefined {
  const deno: unknown = Reflect.get(globalThis, 'Deno');
  const build: unknown = typeof deno === 'object' && deno !== null ? Reflect.get(deno, 'build') : undefined;
  return typeof build === 'object' && build !== null ? build : undefined;
}
