// @boundaries-ignore configuration lives once, at the root
import base, { loadedApart } from '../../tsdown.config.ts';

// Node's built-ins are there: this package reads files and runs commands. The TOML parser and the schema library
// are devDependencies and so become part of the build: as files of their own, loading them takes longer than
// everything else together. Their licences are published in THIRD-PARTY-NOTICES.md.
//
// A start loads one file. It shares no module with the part that reads a file or TLS material.
export default {
  ...base,
  platform: 'node',
  plugins: [loadedApart(/src\/(config-validation|tls-material)\.ts$/)],
  deps: { onlyBundle: false },
};
