import { groupCodec } from '@dbem/entity-codec';
import type { Delivery } from '@dbem/transport';
import { Pool } from 'pg';
import { expect, it } from 'vitest';
import { decodeEvent, eventIn } from '../events/decoded-event';
import { HandlerTable } from '../handlers/handler-table';
import { arrivedAs, groupDelivery, legacyGroupDelivery } from '../spec-support/group-deliveries';
import { gateVerdictsOf } from './check-gate';

const ignore = async () => {};
const handlers = new HandlerTable([{ publisher: 'registry', codec: groupCodec, upsert: ignore, remove: ignore }]);

interface Row {
  readonly version: string;
  readonly arrival: string | null;
}

/** Checks events for whose entities the replica has these rows. Undefined: it never had the entity. */
async function check(cases: readonly (readonly [Delivery, Row | undefined])[]): Promise<unknown[]> {
  const rows = cases.flatMap(([, row], index) =>
    row === undefined ? [] : [{ place: String(index + 1), deleted: false, ...row }],
  );
  const pool = Object.assign(new Pool(), { query: async () => ({ rows }) });
  const events = cases.map(([delivery]) => decodeEvent(eventIn(delivery), delivery, handlers));
  const gateVerdicts = await gateVerdictsOf(pool, events);
  return events.map((event) => gateVerdicts.get(event));
}

const versionOf = (version: string): Row => ({ version, arrival: null });
const arrivalOf = (arrival: string): Row => ({ version: '0', arrival });

it('An event is newer, a duplicate or stale by the version that the replica has', async () => {
  const event = groupDelivery({ version: 5n });
  expect(
    await check([
      [event, undefined],
      [event, versionOf('4')],
      [event, versionOf('5')],
      [event, versionOf('6')],
    ]),
  ).toEqual(['newer', 'newer', 'duplicate', 'stale']);
});

it('A legacy publisher’s event is newer, a duplicate or stale by the last arrival that the replica has', async () => {
  const event = legacyGroupDelivery({}, arrivedAs(5n));
  expect(
    await check([
      [event, undefined],
      [event, versionOf('9')],
      [event, arrivalOf('4')],
      [event, arrivalOf('5')],
      [event, arrivalOf('6')],
      [legacyGroupDelivery(), arrivalOf('6')],
    ]),
  ).toEqual(['newer', 'newer', 'newer', 'duplicate', 'stale', 'newer']);
});
