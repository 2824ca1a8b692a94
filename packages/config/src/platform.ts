/** The differences between operating systems and runtimes. Tests pass their own. */
export interface Platform {
  /** As `process.platform` names it. */
  readonly os: NodeJS.Platform;
  /** What runs the program. */
  readonly runtime: 'node' | 'bun' | 'deno';
}

/**
 * Everything that this project does differently on one platform or another. `docs/runtimes.md` has the same as a table.
 */
export interface PlatformDifferences {
  /**
   * Signals that end a process and that a program can handle. Windows has `SIGBREAK`; there, `SIGTERM` ends a process
   * at once.
   */
  readonly endSignals: readonly NodeJS.Signals[];
  /** Whether a process can send itself each of those signals. On Windows, a signal to a process can only end it. */
  readonly canSendSignals: boolean;
  /** Whether a process can lead a group that is ended as one. Windows ends what a process started by `taskkill`. */
  readonly hasProcessGroups: boolean;
  /**
   * Whether the system may refuse to remove the name of an open file. The payload then keeps its name until the
   * uploader has started.
   */
  readonly mayKeepPayloadName: boolean;
  /** Whether owners and modes of files decide who may read them. Otherwise only the folder's access list does. */
  readonly hasFileModes: boolean;
  /** Whether `exit` comes before each end but a signal's. On Deno, it does not with an uncaught exception and `Deno.exit()`. */
  readonly tellsEachExit: boolean;
  /** Whether a call site names the file that runs. Deno names the sources of its source map. */
  readonly namesRunningFile: boolean;
}

/** What this process runs on. */
export function thisPlatform(): Platform {
  const { versions, platform } = process;
  return { os: platform, runtime: versions.bun !== undefined ? 'bun' : versions.deno !== undefined ? 'deno' : 'node' };
}

/** What is different on a platform. */
export function differencesOf({ os, runtime }: Platform): PlatformDifferences {
  const isWindows = os === 'win32';
  return {
    endSignals: isWindows ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGTERM', 'SIGINT', 'SIGHUP'],
    canSendSignals: !isWindows,
    hasProcessGroups: !isWindows,
    mayKeepPayloadName: isWindows,
    hasFileModes: !isWindows,
    tellsEachExit: runtime !== 'deno',
    namesRunningFile: runtime !== 'deno',
  };
}
