import { OtelConfigError } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import { headerSource } from '../../src/otlp/header-source.ts';

describe('headerSource', () => {
  it('asks each time', async () => {
    let count = 0;
    const source = headerSource({ headers: async () => ({ token: String(++count) }) });
    expect(await source.ask(1000)).toEqual({ headers: { token: '1' }, stale: false });
    expect(await source.ask(1000)).toEqual({ headers: { token: '2' }, stale: false });
    expect(source.last()).toEqual({ token: '2' });
  });

  it('asks once for exports that wait together', async () => {
    let count = 0;
    const source = headerSource({ headers: async () => ({ token: String(++count) }) });
    await Promise.all([source.ask(1000), source.ask(1000)]);
    expect(count).toBe(1);
  });

  it('keeps the last good answer when asking fails, or the answer is not valid', async () => {
    const answers = [{ token: 'good' }, undefined, { token: 'line\r\nbreak' }, { 'bad name': 'x' }];
    const source = headerSource({
      headers: async () => {
        const answer = answers.shift();
        if (answer === undefined) throw new Error('helper failed');
        return answer as Record<string, string>;
      },
    });
    await source.ask(1000);
    for (let times = 0; times < 3; times += 1) {
      expect(await source.ask(1000)).toEqual({ headers: { token: 'good' }, stale: true });
    }
  });

  it('keeps the last good answer when asking takes too long, and uses the late one once it comes', async () => {
    const answers: ((headers: Record<string, string>) => void)[] = [];
    const source = headerSource({ headers: () => new Promise((resolve) => answers.push(resolve)) });
    const first = source.ask(1000);
    await new Promise((resolve) => setImmediate(resolve));
    answers[0]?.({ token: '1' });
    await first;
    expect(await source.ask(10)).toEqual({ headers: { token: '1' }, stale: true });
    answers[1]?.({ token: '2' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.last()).toEqual({ token: '2' });
  });

  it.each([1, 2])('asks again when call %d is never answered', async (hanging) => {
    let count = 0;
    const headers = () =>
      ++count === hanging ? new Promise<never>(() => {}) : Promise.resolve({ token: String(count) });
    const source = headerSource({ headers }, { questionMillis: 20 });
    const answers = [];
    for (let times = 0; times < 3; times += 1) answers.push(await source.ask(1000).catch(() => undefined));
    expect(count).toBe(3);
    expect(answers.at(-1)).toEqual({ headers: { token: '3' }, stale: false });
    expect(answers[hanging - 1]).toEqual(hanging === 1 ? undefined : { headers: { token: '1' }, stale: true });
  });

  it('does not let a late answer replace a newer one', async () => {
    const answers: ((headers: Record<string, string>) => void)[] = [];
    const source = headerSource(
      { headers: () => new Promise((resolve) => answers.push(resolve)) },
      { questionMillis: 20 },
    );
    await source.ask(1000).catch(() => undefined);
    const second = source.ask(1000);
    answers[1]?.({ token: 'new' });
    await second;
    answers[0]?.({ token: 'old' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.last()).toEqual({ token: 'new' });
  });

  it('uses the last answer for an hour, and no longer', async () => {
    let now = 0;
    let isGone = false;
    const headers = async () => {
      if (isGone) throw new Error('helper failed');
      return { token: 'good' };
    };
    const source = headerSource({ headers }, { now: () => now });
    await source.ask(1000);
    isGone = true;
    now = 3_600_000;
    expect(await source.ask(1000)).toEqual({ headers: { token: 'good' }, stale: true });
    now += 1;
    await expect(source.ask(1000)).rejects.toThrow('asking for them failed (Error)');
    expect(source.last()).toBeUndefined();
  });

  it('rejects if there never was an answer, without a value in the message', async () => {
    const source = headerSource({ headers: async () => ({ token: 'secret\n' }) });
    await expect(source.ask(1000)).rejects.toThrow('the header "token" is not valid');
    const silent = headerSource({ headers: () => new Promise(() => undefined) });
    await expect(silent.ask(10)).rejects.toThrow('no headers within 10 ms');
  });

  it('survives a function that throws, and does not repeat what it says', async () => {
    const source = headerSource({
      headers: () => {
        throw new TypeError('cannot renew sk-secret');
      },
    });
    await expect(source.ask(1000)).rejects.toThrow('asking for them failed (TypeError)');
  });

  it('passes on the error of a configured command', async () => {
    const error = new OtelConfigError({ path: 'otel.headers_helper', message: "the command 'token' exited with 1" });
    await expect(headerSource({ headers: () => Promise.reject(error) }).ask(1000)).rejects.toThrow(/exited with 1/);
  });
});
