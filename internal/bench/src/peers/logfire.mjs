// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
// @boundaries-ignore the benchmark installs it
import { configure } from '@pydantic/logfire-node';
// @boundaries-ignore the benchmark installs it
import { span } from 'logfire';

export function setUp(url) {
  configure({ token: 'token', serviceName: 'peer', console: false, advanced: { baseUrl: url } });
}

export function observe(mark, answer, read) {
  return span(mark, { callback: () => read(answer()) });
}
