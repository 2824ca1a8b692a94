import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from './json-schema.ts';

writeFileSync(fileURLToPath(new URL('../schema.json', import.meta.url)), JSON.stringify(configJsonSchema()));
