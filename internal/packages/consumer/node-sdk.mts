import { loadOtelSettings } from '@codex-otel/config';
import { codexNodeSdkConfiguration } from '@codex-otel/provider/node-sdk';
import { runUploader } from '@codex-otel/provider/uploader';
import { NodeSDK } from '@opentelemetry/sdk-node';

const settings = await loadOtelSettings({ serviceName: 'consumer', serviceVersion: '1.0.0' });
export const sdk: NodeSDK = new NodeSDK(await codexNodeSdkConfiguration(settings));

export const upload: () => Promise<void> = runUploader;
