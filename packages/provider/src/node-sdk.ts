export type { CodexNodeSdkOptions } from './node-sdk/node-sdk-configuration.ts';
export { codexNodeSdkConfiguration } from './node-sdk/node-sdk-configuration.ts';
