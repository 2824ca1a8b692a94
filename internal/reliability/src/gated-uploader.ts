// The uploader of an experiment's agent: it waits for its gate, so that the collector has certainly recovered.
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { runUploader } from '@codex-otel/provider/uploader';

const WAIT_MILLIS = 60_000;
const [gate = ''] = process.argv.slice(2);
for (let waited = 0; !existsSync(gate) && waited < WAIT_MILLIS; waited += 20) await setTimeout(20);
await runUploader();
process.exit(0);
