import { work } from './work.mjs';

globalThis.work = work;
