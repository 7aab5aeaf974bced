import { z } from 'zod';
import { idOf } from './answer';

export const NEXT = 'Ask with `after` for the page that follows. Left out: there is none.';

/** The schema of a page of what the item's schema describes. */
export function answerPageOf<Item extends z.ZodType>(item: Item) {
  return z
    .object({ items: z.array(item), next: z.string().optional().describe(NEXT) })
    .meta({ id: `${idOf(item)}Page` });
}
