import type { FakeClock } from '../outlet/fake-clock.ts';
import { fakeClock } from '../outlet/fake-clock.ts';

/** A clock of the test that also records what each timer waits for, in order. */
export interface RecordingClock extends FakeClock {
  readonly waits: number[];
  /** Lets time pass, and waits until the rounds that begin meanwhile have ended and the next one is scheduled. */
  pass(millis: number): Promise<void>;
}

/** The time at the start. It is not 0, so that a time cannot be mistaken for a duration. */
const START_MILLIS = 1_000_000;

export function recordingClock(): RecordingClock {
  const clock = fakeClock();
  const waits: number[] = [];
  return {
    ...clock,
    now: () => START_MILLIS + clock.now(),
    waits,
    after: (delayMillis, callback, options) => {
      waits.push(delayMillis);
      return clock.after(delayMillis, callback, options);
    },
    pass: async (millis) => {
      await clock.advance(millis);
      for (let tries = 0; clock.timers() === 0; tries += 1) {
        if (tries > 5000) throw new Error('the round does not end');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}
