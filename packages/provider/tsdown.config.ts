// @boundaries-ignore configuration lives once, at the root
import shared from '../../tsdown.config.ts';

// Entries for the subpaths; and Node alone, since no browser sends telemetry through a provider.
export default {
  ...shared,
  entry: ['src/index.ts', 'src/node-sdk.ts', 'src/uploader.ts', 'src/uploader-main.ts'],
  platform: 'node',
  shims: true,
};
