import { readFileSync, writeFileSync } from 'node:fs';
import { eventsDocument } from './event-tables.ts';
import { genAiDocument } from './gen-ai-tables.ts';
import { spansDocument } from './span-tables.ts';

const docs = new URL('../../../docs/', import.meta.url);
writeFileSync(new URL('events.md', docs), eventsDocument());
writeFileSync(new URL('spans.md', docs), spansDocument());
const genAi = new URL('gen-ai.md', docs);
writeFileSync(genAi, genAiDocument(readFileSync(genAi, 'utf8')));
