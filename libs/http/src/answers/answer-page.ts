import { z } from 'zod';
import { idOf } from './answer';

export const NEXT = 'Pass it as `after` to get the next page. Absent on the last page.';

/** The schema of a page of items. */
export function answerPageOf<Item extends z.ZodType>(item: Item) {
  return z
    .object({ items: z.array(item), next: z.string().optional().describe(NEXT) })
    .meta({ id: `${idOf(item)}Page` });
}
