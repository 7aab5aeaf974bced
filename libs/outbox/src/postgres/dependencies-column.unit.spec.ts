import type { Dependency } from '@dbem/db-event';
import { expect, it } from 'vitest';
import { decodeDependencies, encodeDependencies } from './dependencies-column';

it('Dependencies are decoded as they were encoded, also with versions beyond 2^53', () => {
  const dependencies: Dependency[] = [
    { publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: 'ada', minimumVersion: 9_007_199_254_740_993n },
    { publisher: 'sharing', entityType: 'GROUP', entityId: 'g', minimumVersion: undefined },
    { publisher: 'sharing', entityType: 'GROUP', entityId: 'h', minimumVersion: 0n },
  ];
  const stored = encodeDependencies(dependencies);
  expect(stored).toBe(
    '[["user.profile","USER_PROFILE","ada","9007199254740993"],["sharing","GROUP","g",null],["sharing","GROUP","h","0"]]',
  );
  expect(decodeDependencies(JSON.parse(stored ?? ''))).toStrictEqual(dependencies);
});

it('No dependencies leave the column empty', () => {
  expect(encodeDependencies(undefined)).toBeNull();
});
