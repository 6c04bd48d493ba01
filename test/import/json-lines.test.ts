import fc from "fast-check";
import { readJsonLines } from "../../src/import/json-lines";
import { type SourcePlace, type SourceRow } from "../../src/import/source-row";

const MAX_BYTES = 100;

/** The rows of a file whose bytes come in pieces of a size. */
async function rowsOf(bytes: Buffer | string, pieceSize = 7, from?: SourcePlace): Promise<SourceRow[]> {
  const all = Buffer.from(bytes).subarray(from?.end ?? 0);
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let start = 0; start < all.length; start += pieceSize)
      yield await Promise.resolve(all.subarray(start, start + pieceSize));
  }
  const rows: SourceRow[] = [];
  for await (const row of readJsonLines(pieces(), from, MAX_BYTES)) rows.push(row);
  return rows;
}

/** What is told of a row in short. */
const told = (row: SourceRow): unknown => [row.line, "value" in row ? row.value : row.problem.code];

test("reads a value a line, whatever ends the lines, and tells where each one is", async () => {
  const rows = await rowsOf('\uFEFF{"a":1}\r\n\n  \t\r\n{"b":"é"}\n[1]');
  expect(rows.map(told)).toEqual([
    [1, { a: 1 }],
    [4, { b: "é" }],
    [5, [1]],
  ]);
  expect(rows.map(({ end }) => end)).toEqual([11, 28, 32]);
});

test("says of each line that cannot be read why not, and reads on", async () => {
  const rows = await rowsOf(
    Buffer.concat([
      Buffer.from('{"a":1\n{"a":}\nnope\n'),
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      Buffer.from(`"${"x".repeat(MAX_BYTES)}"\n{"a":2}\n`),
    ]),
  );
  expect(rows.map(told)).toEqual([
    [1, "INVALID_JSON"],
    [2, "INVALID_JSON"],
    [3, "INVALID_JSON"],
    [4, "INVALID_ENCODING"],
    [5, "LINE_TOO_LONG"],
    [6, { a: 2 }],
  ]);
  expect(rows[0]).toMatchObject({ text: '{"a":1', problem: { parameters: { at: 7 } } });
});

test("a byte order mark is one at the beginning only", async () => {
  const rows = await rowsOf('{"a":1}\n\uFEFF{"a":2}\n');
  expect(rows.map(told)).toEqual([
    [1, { a: 1 }],
    [2, "INVALID_JSON"],
  ]);
});

test("keeps no more of a line than it may have", async () => {
  const endless = Buffer.alloc(1_000_000, "x");
  const [row] = await rowsOf(endless, 64 * 1024);
  expect(row).toMatchObject({ line: 1, end: 1_000_000, problem: { code: "LINE_TOO_LONG" } });
  expect(row?.text.length).toBeLessThanOrEqual(MAX_BYTES + 1);
});

test("reads the same however the bytes come, and goes on from the end of any row", async () => {
  const line = fc.oneof(
    fc.json({ maxDepth: 1, stringUnit: "grapheme" }),
    fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !text.includes("\n")),
    fc.constantFrom("", " ", "\r"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 20 }), async (lines, pieceSize) => {
      const text = lines.join("\n");
      const whole = await rowsOf(text, 10_000);
      expect(await rowsOf(text, pieceSize)).toEqual(whole);
      for (const [index, row] of whole.entries()) {
        expect(await rowsOf(text, pieceSize, row)).toEqual(whole.slice(index + 1));
      }
    }),
    { numRuns: 100 },
  );
});
