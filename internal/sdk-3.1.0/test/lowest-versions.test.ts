import { describe, expect, it } from '@jest/globals';
import { defaultResource } from '@opentelemetry/resources';
// @boundaries-ignore configuration lives once, at the root
import { lowestVersions } from '../../../jest.lowest-versions.mjs';

describe('the suites on the lowest versions', () => {
  it('have the versions that they name', () => {
    expect(defaultResource().attributes['telemetry.sdk.version']).toBe('3.1.0');
    for (const { moduleNameMapper } of lowestVersions) {
      expect(Object.keys(moduleNameMapper)[0]).toMatch(/^\^@opentelemetry\/\((.*\|)?api(\|.*)?\)\$$/);
    }
  });
});
