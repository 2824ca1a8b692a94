// Receives what a peer sends and counts the marks that arrived: GET returns the counts and resets them. A process of
// its own.
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const seen = new Set<string>();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'GET') {
      // The caller starts programs and waits for them without an event loop, so a kept-alive connection would be
      // closed by then.
      response.setHeader('connection', 'close').end(String(seen.size));
      seen.clear();
      return;
    }
    const body = Buffer.concat(chunks);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('latin1');
    for (const [mark] of text.matchAll(/peer-mark-\d+-/g)) seen.add(mark);
    const type = request.headers['content-type'] ?? 'text/plain';
    response.writeHead(200, { 'content-type': type }).end(type.includes('json') ? '{}' : '');
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.(address.port);
});
process.on('disconnect', () => process.exit());
