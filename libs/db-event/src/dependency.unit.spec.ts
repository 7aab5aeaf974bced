import { describe, expect, it } from 'vitest';
import { type Dependency, meetsDependency } from './dependency';

const owner: Dependency = { publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: 'ada' };

describe('meetsDependency', () => {
  it.each([1n, undefined])('Version %s of an entity satisfies a dependency on any version', (version) => {
    expect(meetsDependency(version, owner)).toBe(true);
  });

  it.each([
    [6n, false],
    [7n, true],
    [8n, true],
    [undefined, false],
  ])('Version %s satisfies a dependency on version 7: %s', (version, isMet) => {
    expect(meetsDependency(version, { ...owner, minimumVersion: 7n })).toBe(isMet);
  });
});
