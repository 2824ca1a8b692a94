// A process that reports on standard output what its exit hook saw; argv: how it ends, what else listens.
import { writeSync } from 'node:fs';
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
