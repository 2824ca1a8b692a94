// @boundaries-ignore configuration lives once, at the root
import shared, { loadedApart } from '../../tsdown.config.ts';

/** The modules that the start of an exporter has in common with the other exports of the entry. */
const base =
  /src\/(setup\/(sdk-disabled|single-file)|deferred\/deferred-target|traces\/(span-ids|span-input|start-active)|values\/(item-size|monotonic|refused))\.ts$/;
/** The exports of the entry other than `createOtelProvider`, for programs that use them. */
const besides = /src\/(deferred\/deferred-sinks|setup\/this-program)\.ts$/;

// Entries for the subpaths; and Node alone, since no browser sends telemetry through a provider.
//
// Opening a file costs a start more than the code in it. So the start of an exporter is one file, and the parts that
// load later have their own copies of the modules in it that they need. The entry's own file shares nothing with
// either: a bundler keeps an import of a file as soon as another part needs the file.
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
  // The parts of the SDK that the subpath for NodeSDK needs, as in metrics.
  deps: { onlyBundle: false },
  platform: 'node',
  shims: true,
  plugins: [loadedApart(/src\/(uploader|outlet\/batch-sending|spool\/spool)\.ts$/)],
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
