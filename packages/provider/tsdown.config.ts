// @boundaries-ignore configuration lives once, at the root
import shared from '../../tsdown.config.ts';

/** What a start without telemetry has, and what the parts that load later share with those that load at the start. */
const base =
  /src\/(pipeline\/otel-shutdown-error|platform|setup\/sdk-disabled|deferred\/deferred-sinks|records\/(encode-batch|frames)|outlet\/(batch-id|circuit|clock))\.ts$/;

// Entries for the subpaths; and Node alone, since no browser sends telemetry through a provider.
//
// A file costs a start more than what stands in it. Left alone, each module that a later import shares with the start
// becomes a file of its own, here and in a program's own bundle; so there are two: the base, and what an exporter needs.
export default {
  ...shared,
  entry: [
    'src/index.ts',
    'src/node-sdk.ts',
    'src/uploader.ts',
    'src/uploader-main.ts',
    'src/check.ts',
    'src/check-main.ts',
  ],
  // What the subpath for NodeSDK needs of the SDK, as in metrics.
  deps: { onlyBundle: false },
  platform: 'node',
  shims: true,
  outputOptions: {
    ...shared.outputOptions,
    codeSplitting: {
      groups: [
        { name: 'base', test: base, priority: 2 },
        { name: 'assembly', test: /src\/provider-assembly\.ts$/, priority: 1 },
      ],
    },
  },
};
