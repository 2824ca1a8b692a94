// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
// @boundaries-ignore the benchmark installs it
import * as Sentry from '@sentry/node';

export function setUp(url) {
  Sentry.init({ dsn: url.replace('http://', 'http://key@').concat('/1'), tracesSampleRate: 1 });
}

export function observe(mark, answer, read) {
  return Sentry.startSpan({ name: mark, op: 'gen_ai.chat' }, () => read(answer()));
}
