import { run } from './provider-program.mjs';

await run({ kind: 'otlp-http', endpoint: 'http://127.0.0.1:4318', protocol: 'binary' });
