import { describe, expect, it } from 'vitest';
import { ScriptedQueries } from '../../../../test/support/outbox/scripted-queries';
import { goPast } from './go-past';

/** How many statements it takes when 100 was drawn last: the second one raises the epoch. */
async function statementsFor(versions: readonly (string | null)[]): Promise<number> {
  const transaction = new ScriptedQueries([{ last_value: '100' }], [{ version: '500' }]);
  await goPast(transaction, versions);
  return transaction.asked.length;
}

describe('goPast', () => {
  it.each([[[]], [[null]], [['99', '100']]])(
    'Versions that this database has drawn leave the epoch as it is: %j',
    async (versions) => {
      expect(await statementsFor(versions)).toBe(1);
    },
  );

  it.each([[['101']], [[null, '5', '9223372036854775807', '6']]])(
    'A version that this database never drew raises the epoch: %j',
    async (versions) => {
      expect(await statementsFor(versions)).toBe(2);
    },
  );

  it('A database that has drawn no version yet is behind every one', async () => {
    const transaction = new ScriptedQueries();
    await goPast(transaction, ['1']);
    expect(transaction.asked).toHaveLength(2);
  });
});
