import DataLoader from "dataloader";

/** Keys of one batch at most: an array parameter stays small, and a page never has as many. */
const MAX_BATCH_SIZE = 1000;

/** A loader of single values: null for a key that has none. */
export function oneByKey<V>(
  load: (keys: readonly string[]) => Promise<readonly V[]>,
  keyOf: (value: V) => string,
): DataLoader<string, V | null> {
  return new DataLoader(
    async (keys) => {
      const byKey = new Map((await load(keys)).map((value) => [keyOf(value), value]));
      return keys.map((key) => byKey.get(key) ?? null);
    },
    { maxBatchSize: MAX_BATCH_SIZE },
  );
}

/** A loader of lists, in the order that they come in: empty for a key that has none. */
export function manyByKey<V>(
  load: (keys: readonly string[]) => Promise<readonly V[]>,
  keyOf: (value: V) => string,
): DataLoader<string, readonly V[]> {
  return new DataLoader(
    async (keys) => {
      const byKey = new Map<string, V[]>(keys.map((key) => [key, []]));
      for (const value of await load(keys)) byKey.get(keyOf(value))?.push(value);
      return keys.map((key) => byKey.get(key) ?? []);
    },
    { maxBatchSize: MAX_BATCH_SIZE },
  );
}

/** A loader of what is already by key, with a value for keys that have none. */
export function valueByKey<V>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  otherwise: (key: string) => V,
): DataLoader<string, V> {
  return new DataLoader(
    async (keys) => {
      const byKey = await load(keys);
      return keys.map((key) => byKey.get(key) ?? otherwise(key));
    },
    { maxBatchSize: MAX_BATCH_SIZE },
  );
}
