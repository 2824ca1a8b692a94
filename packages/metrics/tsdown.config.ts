// @boundaries-ignore configuration lives once, at the root
import shared from '../../tsdown.config.ts';

// Node's built-ins are there: errors and the operating system's name come from them.
//
// OpenTelemetry's serialisers and resources are devDependencies and so become part of the build: as packages they
// bring the semantic conventions, 10 MB of which 3 KB are used, and some hundred files to load. Their licence is
// published in THIRD-PARTY-NOTICES.md.
//
// The transport is an entry of its own, which loads at the first export: a start reads nothing of it. What the entry
// itself needs is one file, and not one for each module that a later import shares with it.
export default {
  ...shared,
  entry: ['src/index.ts', 'src/otlp.ts'],
  deps: { onlyBundle: false },
  platform: 'node',
  shims: true,
  outputOptions: {
    ...shared.outputOptions,
    codeSplitting: {
      groups: [
        {
          name: 'transport',
          test: /src\/otlp\/(grpc-package|socket-keeper|header-source|sender|usable-items)\.ts$/,
        },
      ],
    },
  },
};
