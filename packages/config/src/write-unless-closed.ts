import type { Writable } from 'node:stream';

const ignore = () => {};

/**
 * Writes to an output that may be closed by now: whoever read it can be gone, and an error that nobody listens to would
 * end the process.
 *
 * @internal
 * @param done - called once, with the error if it could not be written
 */
export function writeUnlessClosed(output: Writable, text: string, done?: (error: Error | undefined) => void): void {
  output.write(text, (error) => {
    // The stream says it once more, as an event, in one of the next ticks; the host's own errors stay the host's.
    if (error && !output.listeners('error').includes(ignore)) {
      output.on('error', ignore);
      setImmediate(() => output.off('error', ignore));
    }
    done?.(error ?? undefined);
  });
}
