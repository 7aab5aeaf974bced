import type { EntityVersion } from '@dbem/db-event';
import { groupCodec, projectCodec } from '@dbem/entity-codec';
import { describe, expect, it } from 'vitest';
import { created, deleted, updated } from './change';
import { OutboxChangePublisher } from './outbox-change-publisher';
import { collectPublished } from './published-changes';
import { ScriptedQueries } from './spec-support/scripted-queries';

const publisher = new OutboxChangePublisher('registry');

describe('OutboxChangePublisher', () => {
  it('Changes get the versions that the database generates, in the order of the changes', async () => {
    const transaction = new ScriptedQueries([{ version: '7' }, { version: '9' }]);
    const collected: EntityVersion[] = [];
    const published = await collectPublished(collected, () =>
      publisher.publishAll(transaction, [created(groupCodec, { id: 'g' }), deleted(groupCodec, { id: 'h' })]),
    );
    expect(published).toStrictEqual([
      { publisher: 'registry', entityType: 'GROUP', entityId: 'g', version: 7n },
      { publisher: 'registry', entityType: 'GROUP', entityId: 'h', version: 9n },
    ]);
    expect(collected).toEqual(published);
    expect(transaction.queries).toHaveLength(1);
  });

  it('A single change is returned with its version', async () => {
    const transaction = new ScriptedQueries([{ version: '7' }]);
    expect(await publisher.publish(transaction, updated(groupCodec, { id: 'g' }))).toStrictEqual({
      publisher: 'registry',
      entityType: 'GROUP',
      entityId: 'g',
      version: 7n,
    });
  });

  it('An empty list of changes runs no query', async () => {
    const transaction = new ScriptedQueries();
    expect(await publisher.publishAll(transaction, [])).toStrictEqual([]);
    expect(transaction.queries).toEqual([]);
  });

  it('An entity that its codec rejects is rejected before any query', async () => {
    const transaction = new ScriptedQueries();
    const project = { projectID: 'p', owner: 'ada', gatewayId: 'g', name: 'n', creationTime: 2n ** 63n };
    await expect(publisher.publish(transaction, created(projectCodec, project))).rejects.toMatchObject({
      code: 'ENTITY_INVALID',
    });
    expect(transaction.queries).toEqual([]);
  });
});
