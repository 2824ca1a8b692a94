import { work } from './work.mjs';

addEventListener('fetch', (event) => {
  event.respondWith(Response.json(work(event.request.headers.get('traceparent'))));
});
