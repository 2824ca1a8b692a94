import { run } from './provider-program.mjs';

await run({ kind: 'otlp-grpc', endpoint: 'http://127.0.0.1:4317' }, { grpc: () => import('@grpc/grpc-js') });
