import { stripTypeScriptTypes } from 'node:module';

/** Transform that erases types with Node's own stripper, so tests run the sources as Node would. */
export default {
  process: (source, file) => ({ code: file.endsWith('.ts') ? stripTypeScriptTypes(source) : source }),
};
