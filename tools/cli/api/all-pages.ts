interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** Fetches every page of a list and returns all items. */
export async function allPages<Item>(page: (query: { after?: string }) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const { items: some, next } = await page({ after });
    items.push(...some);
    after = next;
  } while (after !== undefined);
  return items;
}
