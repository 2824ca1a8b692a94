// A process that reports on standard output what its exit hook saw; argv: how it ends, what else listens.
import { writeSync } from 'node:fs';
import vm from 'node:vm';
import { buildSync } from 'esbuild';
import { onExit } from 'signal-exit';
import { onProcessEnd } from '../../src/handover/exit-hooks.ts';

const [, , ending, listener] = process.argv;
onProcessEnd(() => writeSync(1, 'handed over\n'));
onProcessEnd(() => writeSync(1, 'handed over too\n'));
if (listener === 'host-exits') process.on('SIGTERM', () => process.exit(7));
if (listener === 'host-stays') process.on('SIGTERM', () => setTimeout(() => process.exit(8), 50));
if (listener === 'signal-exit')
  onExit((_code, signal) => {
    writeSync(1, `signal-exit saw ${signal}\n`);
  });
if (listener === 'other-realms') {
  // As a plug-in host or a test runner loads a bundle: with its own global object, in the same process.
  const entryPoints = [new URL('../../src/handover/exit-hooks.ts', import.meta.url).pathname];
  const conditions = ['@codex-otel/source'];
  const form = { bundle: true, format: 'cjs', platform: 'node', write: false } as const;
  const { outputFiles } = buildSync({ entryPoints, conditions, ...form });
  for (const name of ['a', 'b']) {
    const module: { exports: { onProcessEnd?: typeof onProcessEnd } } = { exports: {} };
    vm.runInNewContext(outputFiles[0]?.text ?? '', { module, process });
    module.exports.onProcessEnd?.(() => writeSync(1, `handed over by realm ${name}\n`));
  }
}
const alive = setInterval(() => {}, 1000);
switch (ending) {
  case 'exit':
    process.exit(3);
    break;
  case 'throw':
    throw new Error('uncaught');
  case 'drain':
    clearInterval(alive);
    break;
  default:
    writeSync(1, 'ready\n');
}
