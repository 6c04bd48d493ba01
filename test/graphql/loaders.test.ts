import fc from "fast-check";
import { manyByKey, oneByKey, valueByKey } from "../../src/graphql/batch";

/** Few keys, so that the same is asked for again and some have no value. */
const key = fc.constantFrom("a", "b", "c", "d", "__proto__", "constructor", "");
const keys = fc.array(key, { maxLength: 20 });
interface Row {
  readonly key: string;
  readonly number: number;
}
const rows = fc.array(fc.record({ key, number: fc.nat() }), { maxLength: 20 });

/** A table that notes what it was asked for. */
function tableOf(stored: readonly Row[]): {
  asked: (readonly string[])[];
  find: (wanted: readonly string[]) => Promise<Row[]>;
} {
  const asked: (readonly string[])[] = [];
  return {
    asked,
    find: (wanted) => {
      asked.push(wanted);
      return Promise.resolve(stored.filter((row) => wanted.includes(row.key)));
    },
  };
}

/** Loads all keys at once, and says what must hold of any loader: one question, each key in it once. */
async function loadAll<V>(
  loader: { load: (key: string) => Promise<V> },
  wanted: readonly string[],
  asked: readonly (readonly string[])[],
): Promise<V[]> {
  const values = await Promise.all(wanted.map((one) => loader.load(one)));
  expect(asked).toEqual(wanted.length === 0 ? [] : [[...new Set(wanted)]]);
  return values;
}

test("oneByKey gives each key its own value, null where there is none, in the order asked, however they come in", () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.record({ key, number: fc.nat() }), { selector: (row) => row.key }),
      keys,
      async (stored, wanted) => {
        const { asked, find } = tableOf(stored);
        const values = await loadAll(
          oneByKey(find, (row) => row.key),
          wanted,
          asked,
        );
        expect(values).toEqual(wanted.map((one) => stored.find((row) => row.key === one) ?? null));
      },
    ),
  ));

test("manyByKey gives each key its own values in the order that they come in, none where there is none", () =>
  fc.assert(
    fc.asyncProperty(rows, keys, async (stored, wanted) => {
      const { asked, find } = tableOf(stored);
      const values = await loadAll(
        manyByKey(find, (row) => row.key),
        wanted,
        asked,
      );
      expect(values).toEqual(wanted.map((one) => stored.filter((row) => row.key === one)));
    }),
  ));

test("manyByKey leaves out rows of keys that nobody asked for", async () => {
  const loader = manyByKey(
    () => Promise.resolve([{ key: "b" }, { key: "a" }]),
    (row) => row.key,
  );
  expect(await loader.loadMany(["a", "c"])).toEqual([[{ key: "a" }], []]);
});

test("valueByKey gives each key its own value, and the other one where there is none", () =>
  fc.assert(
    fc.asyncProperty(rows, keys, async (stored, wanted) => {
      const { asked, find } = tableOf(stored);
      const sums = async (some: readonly string[]): Promise<Map<string, number>> => {
        const found = new Map<string, number>();
        for (const row of await find(some)) found.set(row.key, (found.get(row.key) ?? 0) + row.number);
        return found;
      };
      const values = await loadAll(
        valueByKey(sums, (one) => `no ${one}` as string | number),
        wanted,
        asked,
      );
      expect(values).toEqual(
        wanted.map((one) => {
          const own = stored.filter((row) => row.key === one);
          return own.length > 0 ? own.reduce((sum, { number }) => sum + number, 0) : `no ${one}`;
        }),
      );
    }),
  ));

test("more than a thousand keys are asked for a thousand at a time, and still aligned", async () => {
  const wanted = Array.from({ length: 2500 }, (_, index) => String(index));
  const { asked, find } = tableOf(
    wanted.filter((one) => Number(one) % 3 === 0).map((one) => ({ key: one, number: Number(one) })),
  );
  const loader = oneByKey(find, (row) => row.key);
  const values = await Promise.all(wanted.map((one) => loader.load(one)));
  expect(asked.map((some) => some.length)).toEqual([1000, 1000, 500]);
  expect(values).toEqual(wanted.map((one) => (Number(one) % 3 === 0 ? { key: one, number: Number(one) } : null)));
});

test("what was loaded is not asked for again, and a failure is told to all who wait for it", async () => {
  const { asked, find } = tableOf([{ key: "a", number: 1 }]);
  const loader = oneByKey(find, (row) => row.key);
  await loader.load("a");
  await Promise.all([loader.load("a"), loader.load("b")]);
  expect(asked).toEqual([["a"], ["b"]]);

  const failing = manyByKey<Row>(
    () => Promise.reject(new Error("gone")),
    (row) => row.key,
  );
  const outcomes = await Promise.allSettled(["a", "b", "a"].map((one) => failing.load(one)));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
});
