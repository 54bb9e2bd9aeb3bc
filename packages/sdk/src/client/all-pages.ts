/** What a list holds, over all its pages. */
export async function allOf<Page, Item>(pages: AsyncIterable<Page>, itemsOf: (page: Page) => Item[] | undefined): Promise<Item[]> {
  const found: Item[] = []
  for await (const page of pages) found.push(...(itemsOf(page) ?? []))
  return found
}
