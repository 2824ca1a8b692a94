import { readFileSync, writeFileSync } from 'node:fs';
import { withEventTables } from './event-tables.ts';

const file = new URL('../README.md', import.meta.url);
writeFileSync(file, withEventTables(readFileSync(file, 'utf8')));
