import { describe, expect, it } from 'vitest';
import { fieldsOf, type RowOf, rowOf } from './columns';

interface House {
  readonly houseId: string;
  readonly colour?: string;
  readonly built: bigint;
}

const COLUMNS = { houseId: 'house_id', colour: 'colour', built: 'built_ms' } as const;

describe('columns', () => {
  it('rowOf puts each field into its column, and null for an undefined field', () => {
    expect(rowOf(COLUMNS, { houseId: 'h', built: 7 })).toEqual({ house_id: 'h', colour: null, built_ms: 7 });
  });

  it('fieldsOf reads each field from its column, and leaves null out', () => {
    const row: RowOf<House, typeof COLUMNS> = { house_id: 'h', colour: null, built_ms: '7' };
    expect(fieldsOf(COLUMNS, row)).toEqual({ houseId: 'h', built: '7' });
    expect(fieldsOf(COLUMNS, { ...row, colour: 'red' })).toEqual({ houseId: 'h', colour: 'red', built: '7' });
  });
});
