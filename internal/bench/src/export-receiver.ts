// A collector that takes everything and counts it by a mark that each item carries once; a process of its own.
import { createServer } from 'node:http';
import { itemMark } from './export-mark.ts';

const mark = Buffer.from(itemMark);
let items = 0;

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ items }));
    items = 0;
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) items += 1;
    response.writeHead(200, { 'content-type': request.headers['content-type'] }).end();
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.(address.port);
});
process.on('disconnect', () => process.exit());
