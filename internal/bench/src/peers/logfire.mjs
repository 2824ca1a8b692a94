// biome-ignore-all lint/correctness/noUndeclaredDependencies: installed by the benchmark into a folder of its own.
import { configure } from '@pydantic/logfire-node';
import { span } from 'logfire';

export function setUp(url) {
  configure({ token: 'token', serviceName: 'peer', console: false, advanced: { baseUrl: url } });
}

export function observe(mark, answer, read) {
  return span(mark, { callback: () => read(answer()) });
}
