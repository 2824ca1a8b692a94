import { createOtelProvider } from '@codex-otel/provider';
import { runUploader } from '@codex-otel/provider/uploader';

addEventListener('fetch', (event) => event.respondWith(new Response([createOtelProvider, runUploader].join())));
