// `npm start`: serves the page until it is stopped.
import { createW3cTraceContext } from '@codex-otel/trace-context';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { bundlePage } from './page-bundle.ts';
import { createPageServer } from './page-server.ts';

const { script } = await bundlePage();
const tracer = new TracerProvider().getTracer('example-browser');
const server = createPageServer({ script, tracer, ...createW3cTraceContext() });
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`open http://127.0.0.1:${address?.port}/`);
});
