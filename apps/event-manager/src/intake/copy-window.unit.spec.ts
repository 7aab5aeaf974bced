import { describe, expect, it } from 'vitest';
import { CopyWindow } from './copy-window';

describe('CopyWindow', () => {
  async function mostAtOnce(window: CopyWindow, sizes: readonly number[]) {
    const under = { copies: 0, bytes: 0 };
    const most = { copies: 0, bytes: 0 };
    const order: number[] = [];
    await Promise.all(
      sizes.map((size, index) =>
        window.pass(1, size, async () => {
          order.push(index);
          under.copies += 1;
          under.bytes += size;
          most.copies = Math.max(most.copies, under.copies);
          most.bytes = Math.max(most.bytes, under.bytes);
          await new Promise((resolve) => setImmediate(resolve));
          under.copies -= 1;
          under.bytes -= size;
        }),
      ),
    );
    return { most, order };
  }

  it('lets no more through at once than it has room for, in the order of their coming', async () => {
    const sizes = Array.from({ length: 50 }, () => 1);
    const { most, order } = await mostAtOnce(new CopyWindow(7, 1_000), sizes);
    expect(most.copies).toBe(7);
    expect(order).toEqual(sizes.map((_, index) => index));
  });

  it('counts bytes as well, and lets a copy that is too large for it go alone', async () => {
    const { most, order } = await mostAtOnce(new CopyWindow(100, 10), [4, 4, 4, 25, 4]);
    expect(most.bytes).toBe(25);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('lets an event with more copies than there is room for go alone', async () => {
    const window = new CopyWindow(4, 1_000);
    const order: string[] = [];
    const pass = (name: string, copies: number) =>
      window.pass(copies, copies, async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} ends`);
      });
    await Promise.all([pass('one', 1), pass('many', 9), pass('another', 1)]);
    expect(order).toEqual(['one begins', 'one ends', 'many begins', 'many ends', 'another begins', 'another ends']);
  });

  it('has room again after a copy that could not be sent', async () => {
    const window = new CopyWindow(1, 10);
    const failed = window.pass(1, 1, async () => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await window.pass(1, 1, async () => 'sent')).toBe('sent');
  });
});
