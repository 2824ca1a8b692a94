// @boundaries-ignore configuration lives once, at the root
import base from '../../tsdown.config.ts';

// Node's built-ins are there: this package reads files and runs commands. The TOML parser and the schema library
// are devDependencies and so become part of the build: as files of their own, loading them takes longer than
// everything else together. Their licences are published in THIRD-PARTY-NOTICES.md.
//
// Everything that a start loads is one file. Left alone, each module that a later import shares with it becomes a
// file of its own, here and in a program's own bundle.
export default {
  ...base,
  platform: 'node',
  deps: { onlyBundle: false },
  outputOptions: {
    ...base.outputOptions,
    codeSplitting: {
      groups: [
        { name: 'config', test: /src\/(config-file|otlp-connection|settings-check|targets|span-attributes)\.ts$/ },
      ],
    },
  },
};
