import type { PlatformDifferences } from '@codex-otel/config';
import { differencesOf, thisPlatform } from '@codex-otel/config';
import { monotonicMillis } from '../values/monotonic.ts';
import { onFatalException } from './fatal-exception.ts';
import { exitMillis } from './hand-over.ts';
import { endOpenTurns } from './open-turns.ts';
import { sharePayloads } from './payload-file.ts';
import { onUnload } from './unload.ts';

const hooksKey = Symbol.for('@codex-otel/provider.exit-hooks.v1');
/** Marks our listeners, also those of another realm with its own global object, such as a `vm` context. */
const ownListenerKey = Symbol.for('@codex-otel/provider.signal-listener.v1');

/** One set of listeners for the process, shared by the ESM and CommonJS copies of this package. */
interface ExitHooks {
  readonly callbacks: Set<() => void>;
  readonly onExit: (code: number) => void;
  readonly onSignal: (signal: NodeJS.Signals) => void;
  readonly onUncaught: (error: unknown) => void;
  readonly onListener: (event: string | symbol, listener: object) => void;
  readonly signals: readonly NodeJS.Signals[];
  /** Functions that remove the listeners for ends without an `exit` event. */
  readonly untoldExits: readonly (() => void)[];
}

/**
 * Calls back, synchronously, when the process ends: by `process.exit()`, an uncaught exception, an empty event loop or
 * a signal that ends it. How the host handles a signal, and the exit code or signal that the process ends with, do not
 * change. Open turns are ended first.
 *
 * @returns a function that removes the callback.
 */
export function onProcessEnd(
  callback: () => void,
  differences: PlatformDifferences = differencesOf(thisPlatform()),
): () => void {
  const { callbacks } = installedHooks(differences);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size === 0) removeHooks();
  };
}

function installedHooks({ endSignals: signals, canSendSignals, tellsEachExit }: PlatformDifferences): ExitHooks {
  const shared = globalThis as { [hooksKey]?: ExitHooks | undefined };
  if (shared[hooksKey] !== undefined) return shared[hooksKey];
  const callbacks = new Set<() => void>();
  let uncaught: { readonly error: unknown } | undefined;
  const callAll = (error?: typeof uncaught) => {
    endOpenTurns(error === undefined ? { status: 'aborted' } : { status: 'failed', ...error });
    // Providers that end together share the time and the uploader.
    sharePayloads(monotonicMillis() + exitMillis(), () => {
      for (const callback of callbacks) callback();
    });
  };
  const hooks: ExitHooks = {
    callbacks,
    // A process that ends with 0 has survived its error.
    onExit: (code) => callAll(code === 0 ? undefined : uncaught),
    // Does not change how the error is handled.
    onUncaught: (error) => {
      uncaught = { error };
    },
    onListener: (event, listener) => {
      if (event === 'exit' && !isOwn(listener)) process.nextTick(stayLast);
    },
    signals,
    untoldExits: tellsEachExit ? [] : [onFatalException((error) => callAll({ error })), onUnload(() => callAll())],
    onSignal: (signal) => {
      uncaught = undefined;
      // Another listener decides whether the process ends. If it does, `exit` follows.
      if (hostListeners(signal) > 0) return;
      callAll();
      removeHooks();
      // With our listener gone, the signal does what it would have done.
      process.kill(process.pid, canSendSignals ? signal : 'SIGTERM');
    },
  };
  for (const own of [hooks.onSignal, hooks.onExit]) Object.defineProperty(own, ownListenerKey, { value: true });
  // Runs after the host's own exit work: a turn that the host ends itself is not ended here, and what it records is
  // sent.
  const stayLast = () => {
    if (shared[hooksKey] !== hooks) return;
    process.off('exit', hooks.onExit);
    process.on('exit', hooks.onExit);
  };
  process.on('exit', hooks.onExit);
  process.on('newListener', hooks.onListener);
  process.on('uncaughtExceptionMonitor', hooks.onUncaught);
  // In a worker, which has no signals, these are never called.
  for (const signal of signals) process.on(signal, hooks.onSignal);
  shared[hooksKey] = hooks;
  return hooks;
}

function removeHooks(): void {
  const shared = globalThis as { [hooksKey]?: ExitHooks | undefined };
  const hooks = shared[hooksKey];
  if (hooks === undefined) return;
  process.off('exit', hooks.onExit);
  process.off('newListener', hooks.onListener);
  process.off('uncaughtExceptionMonitor', hooks.onUncaught);
  for (const signal of hooks.signals) process.off(signal, hooks.onSignal);
  for (const forget of hooks.untoldExits) forget();
  delete shared[hooksKey];
}

/**
 * The number of listeners that may decide whether the process ends: neither ours, from any realm, nor those of
 * `signal-exit`.
 */
function hostListeners(signal: NodeJS.Signals): number {
  const foreign = process.listeners(signal).filter((listener) => !isOwn(listener));
  return foreign.length - signalExitListeners();
}

/** Whether a listener is ours, from any realm. */
function isOwn(listener: object): boolean {
  return Reflect.get(listener, ownListenerKey) === true;
}

/**
 * The package `signal-exit`, which most terminal programs contain, listens to signals only to end the process as the
 * signal would. If there are other listeners, it leaves that to them. If we waited for it too, no signal would end the
 * process, so its listeners do not count as the host's.
 */
function signalExitListeners(): number {
  const places: readonly unknown[] = [
    Reflect.get(globalThis, Symbol.for('signal-exit emitter')),
    Reflect.get(process, '__signal_exit_emitter__'),
  ];
  return places.reduce<number>((sum, emitter) => {
    const count = typeof emitter === 'object' && emitter !== null ? Reflect.get(emitter, 'count') : undefined;
    return sum + (typeof count === 'number' ? count : 0);
  }, 0);
}
