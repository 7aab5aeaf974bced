import { groupCodec } from '@dbem/entity-codec';
import { describe, expect, it } from 'vitest';
import type { AnyReconcileSource } from './reconcile-source';
import { sourceRelationSql } from './source-relation';

const groups: AnyReconcileSource = {
  codec: groupCodec,
  rows: 'SELECT id AS entity_id, title FROM groups',
  fields: { name: 'title', ownerId: 'owner' },
  entityOf: ({ id }) => ({ id }),
  orphanOf: (id) => ({ id }),
};

/** On one line, with single spaces. */
function plain(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim();
}

describe('sourceRelationSql', () => {
  it('A relation has one column per compared field, in their order', () => {
    expect(plain(sourceRelationSql(groups, ['ownerId', 'name'], `entity_id > 'a'`))).toBe(
      "SELECT entity_id, source_version AS version, true AS is_present, v0, v1 FROM (SELECT entity_id, to_jsonb(owner) AS v0, to_jsonb(title) AS v1 FROM (SELECT id AS entity_id, title FROM groups) AS source WHERE entity_id > 'a') AS entity LEFT JOIN ( SELECT entity_id AS stamped_id, version AS source_version FROM db_event.entity_version WHERE entity_type = 'GROUP' AND NOT deleted AND entity_id > 'a') AS stamp ON stamped_id = entity_id",
    );
  });

  it('A field that the source does not declare is rejected', () => {
    expect(() => sourceRelationSql(groups, ['members'], 'true')).toThrow(
      expect.objectContaining({ code: 'RECONCILE_UNSUPPORTED' }),
    );
  });
});
