import { describe, expect, it } from '@jest/globals';
import * as check from '../src/check.ts';
import * as provider from '../src/index.ts';
import * as nodeSdk from '../src/node-sdk.ts';
import type * as refused from '../src/setup/without-process.ts';
import * as uploader from '../src/uploader.ts';

/** The exports that the file for browsers, which replaces all entry points, does not have. */
type Missing = Exclude<
  keyof typeof provider | keyof typeof nodeSdk | keyof typeof check | keyof typeof uploader,
  keyof typeof refused
>;

describe('@codex-otel/provider', () => {
  it('exports these values', () => {
    expect(Object.keys(provider).sort()).toEqual([
      'OtelShutdownError',
      'createOtelProvider',
      'deferredSinks',
      'isOtelShutdownError',
      'thisProgram',
    ]);
  });

  it('exports these values from its subpath for NodeSDK', () => {
    expect(Object.keys(nodeSdk)).toEqual(['codexNodeSdkConfiguration']);
  });

  it('exports these values from its subpath for the check', () => {
    expect(Object.keys(check)).toEqual(['checkOtelConnections']);
  });

  it('exports these values from its subpath for the uploader', () => {
    expect(Object.keys(uploader)).toEqual(['runUploader']);
  });

  it('has every name where it refuses to run, so that bundlers show its message', () => {
    const missing: Readonly<Record<Missing, never>> = {};
    expect(missing).toEqual({});
  });
});
