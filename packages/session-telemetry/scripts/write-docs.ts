import { writeFileSync } from 'node:fs';
import { eventsDocument } from './event-tables.ts';

writeFileSync(new URL('../../../docs/events.md', import.meta.url), eventsDocument());
