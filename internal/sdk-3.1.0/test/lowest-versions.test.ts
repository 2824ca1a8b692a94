import { describe, expect, it } from '@jest/globals';
import { defaultResource } from '@opentelemetry/resources';
import { lowestVersions } from '../../../jest.lowest-versions.mjs';

describe('the suites on the lowest versions', () => {
  it('have what they name', () => {
    expect(defaultResource().attributes['telemetry.sdk.version']).toBe('3.1.0');
    for (const { displayName, moduleNameMapper } of lowestVersions) {
      expect([displayName, Object.keys(moduleNameMapper)]).toEqual([
        displayName,
        expect.arrayContaining(['^@opentelemetry/api$']),
      ]);
    }
  });
});
