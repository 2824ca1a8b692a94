// @boundaries-ignore configuration lives once, at the root
import shared from '../../tsdown.config.ts';

/** What the parts that load later share with each other, with the start of an exporter, and with what the entry offers besides. */
const base =
  /src\/(setup\/(sdk-disabled|single-file)|deferred\/deferred-target|records\/(encode-batch|frames)|outlet\/(batch-id|circuit|clock)|traces\/(span-ids|span-input|start-active)|values\/(item-size|monotonic|refused))\.ts$/;
/** What the entry offers besides `createOtelProvider`, for who uses it. */
const besides = /src\/(deferred\/deferred-sinks|setup\/this-program)\.ts$/;

// Entries for the subpaths; and Node alone, since no browser sends telemetry through a provider.
//
// A file costs a start more than what stands in it. Left alone, each module that a later import shares with the start
// becomes a file of its own, here and in a program's own bundle; so there are two: the base, and what an exporter needs.
// The entry's own file shares nothing with them: a bundler keeps an import of a file as soon as another part needs the file.
export default {
  ...shared,
  entry: {
    index: 'src/index.ts',
    'without-process': 'src/setup/without-process.ts',
    'node-sdk': 'src/node-sdk.ts',
    uploader: 'src/uploader.ts',
    'uploader-main': 'src/handover/uploader-main.ts',
    check: 'src/check.ts',
    'check-main': 'src/check/check-main.ts',
  },
  // What the subpath for NodeSDK needs of the SDK, as in metrics.
  deps: { onlyBundle: false },
  platform: 'node',
  shims: true,
  outputOptions: {
    ...shared.outputOptions,
    codeSplitting: {
      groups: [
        { name: 'base', test: base, priority: 3 },
        { name: 'besides', test: besides, priority: 2 },
        { name: 'assembly', test: /src\/provider-assembly\.ts$/, priority: 1 },
      ],
    },
  },
};
