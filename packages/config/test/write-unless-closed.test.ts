import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { writeUnlessClosed } from '../src/write-unless-closed.ts';

/** An output that is closed if there is an error. */
function output(error: Error | null) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      if (error === null) written.push(String(chunk));
      done(error);
    },
    autoDestroy: false,
  });
  return { stream, written };
}

describe('writeUnlessClosed', () => {
  it('writes, and reports that it has', async () => {
    const { stream, written } = output(null);
    const error = await new Promise((resolve) => writeUnlessClosed(stream, 'a line', resolve));
    expect([error, written, stream.listenerCount('error')]).toEqual([undefined, ['a line'], 0]);
    writeUnlessClosed(stream, 'another');
    expect(written).toHaveLength(2);
  });

  it('does not let the error of a closed output reach the process, and then stops listening', async () => {
    const { stream } = output(new Error('EPIPE'));
    const errors = await Promise.all(
      [1, 2, 3].map((line) => new Promise((resolve) => writeUnlessClosed(stream, `${line}`, resolve))),
    );
    expect(errors.map(String)).toEqual(Array.from({ length: 3 }, () => 'Error: EPIPE'));
    // One listener for all writes, as long as the stream may emit the error again.
    expect(stream.listenerCount('error')).toBe(1);
    writeUnlessClosed(stream, 'without a callback');
    while (stream.listenerCount('error') > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});
