import type { Writable } from 'node:stream';

const ignore = () => {};

/**
 * Writes to an output that may be closed: its reader can be gone, and an unhandled error would end the process.
 *
 * @internal
 * @param done - called once, with the error if it could not be written
 */
export function writeUnlessClosed(output: Writable, text: string, done?: (error: Error | undefined) => void): void {
  output.write(text, (error) => {
    // The stream emits the error again, as an event, in one of the next ticks; errors of the host's own writes stay the
    // host's.
    if (error && !output.listeners('error').includes(ignore)) {
      output.on('error', ignore);
      setImmediate(() => output.off('error', ignore));
    }
    done?.(error ?? undefined);
  });
}
