import fc from "fast-check";
import { withClient } from "../support/database";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

type Field = "CREATED_AT" | "UPDATED_AT" | "NAME" | "CODE";
interface Criterion {
  readonly field: Field;
  readonly direction: "ASC" | "DESC";
}
interface Row {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const FIELDS: readonly Field[] = ["CREATED_AT", "UPDATED_AT", "NAME", "CODE"];
const SINGLE = FIELDS.flatMap((field) =>
  (["ASC", "DESC"] as const).map((direction): Criterion => ({ field, direction })),
);
/** None, each field in each direction, and each two fields in each mixture of directions. */
const ORDERS: readonly (readonly Criterion[])[] = [
  [],
  ...SINGLE.map((criterion) => [criterion]),
  ...SINGLE.flatMap((first) => SINGLE.filter(({ field }) => field !== first.field).map((second) => [first, second])),
];
const nameOf = (order: readonly Criterion[]): string =>
  order.map(({ field, direction }) => `${field} ${direction}`).join(", ") || "no order";

/** Names and codes of which several are equal once case and accents are gone. */
const NAMES = ["Anh", "ánh", "ANH", "Ẵnh", "Đức", "duc", "Zoë", "zoe", "Zoë B", "!", "Ωmega", "ωmega", "漢字", "𐍈"];
const CODES = ["E-1", "é-1", "è-1", "E-10", "e-9", "Đ-1", "d-1", "z"];

/** What the model knows of folding: enough for the names above. */
const folded = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d").normalize("NFC");
const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A plain sort: by the criteria one after another, then by id in the direction of the last. */
function sorted(rows: readonly Row[], order: readonly Criterion[]): string[] {
  const criteria = order.length > 0 ? order : [{ field: "CREATED_AT", direction: "ASC" } as const];
  const valueOf: Record<Field, (row: Row) => string> = {
    CREATED_AT: ({ createdAt }) => createdAt,
    UPDATED_AT: ({ updatedAt }) => updatedAt,
    NAME: ({ name }) => folded(name),
    CODE: ({ code }) => folded(code),
  };
  const sign = (direction: string | undefined): number => (direction === "DESC" ? -1 : 1);
  return [...rows]
    .sort((a, b) => {
      for (const { field, direction } of criteria) {
        const difference = compare(valueOf[field](a), valueOf[field](b));
        if (difference !== 0) return difference * sign(direction);
      }
      return compare(a.id, b.id) * sign(criteria.at(-1)?.direction);
    })
    .map(({ id }) => id);
}

const asOwner = (sql: string, values: unknown[]): Promise<unknown> =>
  withClient(gateway.database.adminUrl, (client) => client.query(sql, values));

const create = async (tenant: TestTenant, input: object): Promise<string> =>
  (await tenant.run(`mutation ($input: CustomerInput!) { createCustomer(input: $input) { id } }`, { input }))
    .createCustomer.id;

/** Gives creation and change to all, from a few instants only: ties everywhere. */
const setTimes = (tenant: TestTenant): Promise<unknown> =>
  asOwner(
    `update customers set
       created_at = '2026-01-01T00:00:00.001Z'::timestamptz + (hashtext(id::text) % 4) * interval '1 ms',
       updated_at = '2026-01-01T00:00:00Z'::timestamptz + (hashtext(code) % 3) * interval '1 day'
     where tenant_id = $1`,
    [tenant.id],
  );

/** A tenant with so many customers, of names and codes with many ties. */
async function aTenantOf(count: number): Promise<TestTenant> {
  const tenant = await gateway.aTenant();
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      create(tenant, { name: NAMES[index % NAMES.length], code: index < CODES.length ? CODES[index] : undefined }),
    ),
  );
  await setTimes(tenant);
  return tenant;
}

const ROWS = "{ customers(first: 100) { nodes { id name code createdAt updatedAt } } }";
const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: [CustomerOrder!]) {
  customers(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** Goes through the whole list in pages and back to where it began; the sizes are used in turn. */
async function walk(
  tenant: TestTenant,
  orderBy: readonly Criterion[],
  sizes: readonly number[],
  { backward = false, total = Infinity, between = () => Promise.resolve() } = {},
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 1000; page++) {
    const size = sizes[page % sizes.length] ?? 1;
    const place: object = backward ? { last: size, before: cursor } : { first: size, after: cursor };
    const { customers }: any = await tenant.run(PAGE, { ...place, orderBy });
    const { edges, nodes, pageInfo } = customers;
    const ids: string[] = edges.map(({ node }: any) => node.id);
    expect(ids).toEqual(nodes.map(({ id }: any) => id));
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([
      edges[0]?.cursor ?? null,
      edges.at(-1)?.cursor ?? null,
    ]);
    seen[backward ? "unshift" : "push"](...ids);
    const [further, behind] = backward
      ? [pageInfo.hasPreviousPage, pageInfo.hasNextPage]
      : [pageInfo.hasNextPage, pageInfo.hasPreviousPage];
    expect(behind).toBe(cursor !== null);
    if (Number.isFinite(total)) {
      expect([further, ids.length]).toEqual([seen.length < total, Math.min(size, total - (seen.length - ids.length))]);
    }
    if (!further) return seen;
    cursor = backward ? pageInfo.startCursor : pageInfo.endCursor;
    await between();
  }
  throw new Error("A list that has no end");
}

describe("walking through customers", () => {
  const COUNT = 23;
  let tenant: TestTenant;
  let rows: Row[];
  beforeAll(async () => {
    tenant = await aTenantOf(COUNT);
    rows = (await tenant.run(ROWS)).customers.nodes;
  });

  test("the rows have ties in every order", () => {
    expect(rows).toHaveLength(COUNT);
    for (const values of [rows.map(({ name }) => folded(name)), rows.map(({ code }) => folded(code))]) {
      expect(new Set(values).size).toBeLessThan(COUNT);
    }
    expect(new Set(rows.map(({ createdAt }) => createdAt)).size).toBeGreaterThan(1);
    expect(new Set(rows.map(({ updatedAt }) => updatedAt)).size).toBeGreaterThan(1);
  });

  test.each(ORDERS.map((order) => [nameOf(order), order] as const))(
    "by %s gives each exactly once, in the order of a plain sort, forward and backward",
    async (_, order) => {
      const expected = sorted(rows, order);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }), async (sizes) => {
          expect(await walk(tenant, order, sizes, { total: COUNT })).toEqual(expected);
          expect(await walk(tenant, order, sizes, { total: COUNT, backward: true })).toEqual(expected);
        }),
        { numRuns: 2 },
      );
    },
  );

  test("by any criteria, however many, also the same one twice", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...SINGLE), { maxLength: 6 }),
        fc.integer({ min: 3, max: 30 }),
        fc.boolean(),
        async (order, size, backward) => {
          const first = order.filter(({ field }, index) => order.findIndex((other) => other.field === field) === index);
          expect(await walk(tenant, order, [size], { backward, total: COUNT })).toEqual(sorted(rows, first));
        },
      ),
      { numRuns: 25 },
    ));

  test("every cursor leads to what comes after and before its row", async () => {
    const orderBy = [
      { field: "NAME", direction: "DESC" },
      { field: "CODE", direction: "ASC" },
    ];
    const { customers } = await tenant.run(PAGE, { first: 100, orderBy });
    const ids: string[] = customers.nodes.map(({ id }: any) => id);
    for (const [index, { cursor }] of customers.edges.entries()) {
      const after = (await tenant.run(PAGE, { first: 100, after: cursor, orderBy })).customers;
      const before = (await tenant.run(PAGE, { last: 100, before: cursor, orderBy })).customers;
      expect(after.nodes.map(({ id }: any) => id)).toEqual(ids.slice(index + 1));
      expect(before.nodes.map(({ id }: any) => id)).toEqual(ids.slice(0, index));
    }
  });

  test("numbered pages cut the same list, and end where it ends", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ORDERS),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 12 }),
        async (orderBy, perPage, page) => {
          const { customerPage } = await tenant.run(
            `query ($page: Int!, $perPage: Int!, $orderBy: [CustomerOrder!]) {
              customerPage(page: $page, perPage: $perPage, orderBy: $orderBy) { items { id } page perPage totalPages totalCount }
            }`,
            { page, perPage, orderBy },
          );
          const expected = sorted(rows, orderBy).slice((page - 1) * perPage, page * perPage);
          expect(customerPage).toEqual({
            items: expected.map((id) => ({ id })),
            page,
            perPage,
            totalPages: Math.ceil(COUNT / perPage),
            totalCount: COUNT,
          });
        },
      ),
      { numRuns: 40 },
    ));
});

test("a walk is stable while customers come and go: who stays is seen exactly once, in order, and nobody twice", () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ORDERS),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.array(fc.tuple(fc.constantFrom("create", "trash", "erase"), fc.nat(), fc.constantFrom(...NAMES)), {
        minLength: 4,
        maxLength: 8,
      }),
      async (order, size, backward, actions) => {
        const tenant = await aTenantOf(10);
        const everSeen = new Map<string, Row>();
        const note = async (): Promise<Row[]> => {
          const rows: Row[] = (await tenant.run(ROWS)).customers.nodes;
          for (const row of rows) everSeen.set(row.id, row);
          return rows;
        };
        const atFirst = await note();
        const queue = [...actions];
        const between = async (): Promise<void> => {
          const [action, which, name] = queue.shift() ?? [];
          if (action === undefined || which === undefined) return;
          if (action === "create") {
            const id = await create(tenant, { name });
            const time = "'2026-01-01T00:00:00.001Z'::timestamptz + $2 * interval '1 ms'";
            await asOwner(`update customers set created_at = ${time} where id = $1`, [id, which % 4]);
          } else {
            const { id } = atFirst[which % atFirst.length] as Row;
            const sql = action === "trash" ? "update customers set deleted_at = now()" : "delete from customers";
            await asOwner(`${sql} where id = $1`, [id]);
          }
          await note();
        };
        const seen = await walk(tenant, order, [size], { backward, between });

        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual(sorted([...everSeen.values()], order).filter((id) => seen.includes(id)));
        const now = new Set((await note()).map(({ id }) => id));
        for (const { id } of atFirst) if (now.has(id)) expect(seen).toContain(id);
      },
    ),
    { numRuns: 12 },
  ));

describe("the arguments of a connection", () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await aTenantOf(3);
  });

  const cursorOf = async (query: string): Promise<string> => {
    const [connection] = Object.values(await tenant.run<Record<string, any>>(query));
    return connection.edges[0].cursor;
  };
  const problemsOf = ({ data, errors }: Answer<unknown>): unknown => {
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ["customers"], extensions: { code: "BAD_USER_INPUT" } }]);
    return errors?.[0]?.extensions.problems?.map(({ path, code }) => [path.join("."), code]);
  };

  test.each([
    [{ first: -1 }, [["first", "PAGE_SIZE"]]],
    [{ first: 101 }, [["first", "PAGE_SIZE"]]],
    [{ last: -1 }, [["last", "PAGE_SIZE"]]],
    [{ last: 101 }, [["last", "PAGE_SIZE"]]],
    [{ first: 2 ** 31 - 1 }, [["first", "PAGE_SIZE"]]],
    [{ first: 1, last: 1 }, [["first", "PAGING_DIRECTION"]]],
    [{ first: 1, before: "x" }, [["first", "PAGING_DIRECTION"]]],
    [{ after: "x", last: 1 }, [["after", "PAGING_DIRECTION"]]],
    [{ after: "x", before: "x" }, [["after", "PAGING_DIRECTION"]]],
    [{ after: "" }, [["after", "INVALID_CURSOR"]]],
    [{ after: "garbage" }, [["after", "INVALID_CURSOR"]]],
    [{ before: "bnVsbA" }, [["before", "INVALID_CURSOR"]]],
    [
      { first: 101, after: "\ud800" },
      [
        ["first", "PAGE_SIZE"],
        ["after", "INVALID_CURSOR"],
      ],
    ],
    [
      { last: -5, before: "\0" },
      [
        ["last", "PAGE_SIZE"],
        ["before", "INVALID_CURSOR"],
      ],
    ],
  ])("%j is refused with the way to each problem", async (variables, problems) => {
    expect(problemsOf(await tenant.execute(PAGE, variables))).toEqual(problems);
  });

  test("the same in literals, and an argument that is null is as one left out", async () => {
    expect(problemsOf(await tenant.execute("{ customers(first: 101) { nodes { id } } }"))).toEqual([
      ["first", "PAGE_SIZE"],
    ]);
    const { customers } = await tenant.run(
      "{ customers(first: null, after: null, last: 2, before: null, filter: null, orderBy: null) { nodes { id } } }",
    );
    expect(customers.nodes).toHaveLength(2);
  });

  test("a cursor of another order, of the reverse, of another list, or with a place that cannot be, is refused", async () => {
    const list = "edges { cursor }";
    await tenant.run(
      `mutation { createCustomer(input: { name: "x" }) { id } createAsset(customer: { code: "E-1" }, input: { name: "x" }) { id } }`,
    );
    const forge = (...values: string[]): string => Buffer.from(JSON.stringify(values)).toString("base64url");
    const key = (
      JSON.parse(Buffer.from(await cursorOf(`{ customers { ${list} } }`), "base64url").toString("utf8")) as string[]
    )[0] as string;
    const id = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (const after of [
      await cursorOf(`{ customers(orderBy: [{ field: NAME }]) { ${list} } }`),
      await cursorOf(`{ customers(orderBy: [{ field: CREATED_AT, direction: DESC }]) { ${list} } }`),
      await cursorOf(`{ customers(orderBy: [{ field: CREATED_AT }, { field: CODE }]) { ${list} } }`),
      await cursorOf(`{ assets { ${list} } }`),
      forge(key, "2026-02-30T00:00:00.000Z", id),
      forge(key, "0000-01-01T00:00:00.000Z", id),
      forge(key, "infinity", id),
      forge(key, "2026-01-01T00:00:00.000Z", "' or true --"),
      forge(key, "2026-01-01T00:00:00.000Z"),
    ]) {
      expect(problemsOf(await tenant.execute(PAGE, { after }))).toEqual([["after", "INVALID_CURSOR"]]);
    }
    expect((await tenant.run(PAGE, { after: forge(key, "2026-01-01T00:00:00.000Z", id) })).customers.nodes).not.toEqual(
      [],
    );
    expect(gateway.unexpected).toEqual([]);
  });

  test("an order spelled in its defaults has the cursors of the default order", async () => {
    const after = await cursorOf("{ customers(first: 1) { edges { cursor } } }");
    const { customers } = await tenant.run(PAGE, { after, orderBy: [{ field: "CREATED_AT" }] });
    expect(customers.nodes).toHaveLength((await tenant.run(ROWS)).customers.nodes.length - 1);
  });

  test("a page has 20 entries when no size is given, 100 at most, and none for 0", async () => {
    const many = await aTenantOf(102);
    const pageOf = async (variables: object): Promise<any> => (await many.run(PAGE, { ...variables })).customers;
    const all = await pageOf({ first: 100 });
    expect(all.nodes).toHaveLength(100);
    expect((await pageOf({})).nodes).toEqual(all.nodes.slice(0, 20));
    expect(await pageOf({ first: 0 })).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
    expect((await pageOf({ last: 0 })).pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const last = await pageOf({ last: 100 });
    expect(last.nodes).toHaveLength(100);
    expect(last.nodes.slice(0, 98)).toEqual(all.nodes.slice(2));
    expect((await pageOf({ before: last.pageInfo.endCursor })).nodes).toEqual(last.nodes.slice(79, 99));
    // Beyond the end there is nothing, and the way back.
    expect(await pageOf({ after: last.pageInfo.endCursor })).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
    const numbered = await many.run(
      "{ default: customerPage { items { id } perPage totalPages } last: customerPage(page: 2, perPage: 100) { items { id } totalPages } }",
    );
    expect(numbered.default).toEqual({ items: all.nodes.slice(0, 25), perPage: 25, totalPages: 5 });
    expect(numbered.last).toEqual({ items: last.nodes.slice(98), totalPages: 2 });
  });

  test("an empty list has an empty page", async () => {
    const empty = await gateway.aTenant();
    const data = await empty.run(`{
      customers { nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
      customerPage { items { id } totalPages totalCount }
    }`);
    expect(data).toEqual({
      customers: {
        nodes: [],
        totalCount: 0,
        pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      },
      customerPage: { items: [], totalPages: 0, totalCount: 0 },
    });
  });

  test.each([
    ["page: 0", [["page", "OUT_OF_RANGE"]]],
    ["page: 1000001", [["page", "OUT_OF_RANGE"]]],
    ["perPage: 0", [["perPage", "OUT_OF_RANGE"]]],
    [
      "page: -1, perPage: 101",
      [
        ["page", "OUT_OF_RANGE"],
        ["perPage", "OUT_OF_RANGE"],
      ],
    ],
  ])("customerPage(%s) is refused with the way to each problem", async (given, problems) => {
    const { errors } = await tenant.execute(`{ customerPage(${given}) { page } }`);
    expect(errors).toMatchObject([{ path: ["customerPage"], extensions: { code: "BAD_USER_INPUT" } }]);
    expect(errors?.[0]?.extensions.problems?.map(({ path, code }) => [path.join("."), code])).toEqual(problems);
  });

  test("the farthest page there can be is empty", async () => {
    const { customerPage } = await tenant.run("{ customerPage(page: 1000000, perPage: 100) { items { id } page } }");
    expect(customerPage).toEqual({ items: [], page: 1_000_000 });
  });
});

describe("nested connections", () => {
  const COUNTS = [7, 3, 0];
  let tenant: TestTenant;
  /** By customer, then in the order of the list. */
  let lists: Record<string, string[][]>;
  beforeAll(async () => {
    tenant = await gateway.aTenant();
    for (const [index, count] of COUNTS.entries()) {
      await create(tenant, { code: `K-${index}` });
      for (let number = 0; number < count; number++) {
        await tenant.run(
          `mutation ($by: CustomerKey!) {
            createAsset(customer: $by, input: { name: "x" }) { id }
            createWorkOrder(customer: $by, input: { title: "x", status: ${number % 2 ? "OPEN" : "COMPLETED"} }) { id }
            createContract(customer: $by, input: { title: "x" }) { id }
            createInvoice(customer: $by, input: { amount: "1", currency: "VND" }) { id }
          }`,
          { by: { code: `K-${index}` } },
        );
      }
    }
    // Ties in time; and of the assets the code is the order.
    for (const table of ["work_orders", "contracts", "invoices"]) {
      await asOwner(
        `update ${table} set created_at = '2026-01-01Z'::timestamptz + hashtext(code) % 3 * interval '1 ms' where tenant_id = $1`,
        [tenant.id],
      );
    }
    const data = await tenant.run(`{ customers { nodes {
      ${["assets", "workOrders", "contracts", "invoices"].map((list) => `${list}(first: 100) { nodes { id code createdAt } }`).join(" ")}
    } } }`);
    const sort = (nodes: Row[], isByCode: boolean): string[] =>
      isByCode
        ? sorted(nodes, [{ field: "CODE", direction: "ASC" }])
        : sorted(nodes, [{ field: "CREATED_AT", direction: "DESC" }]);
    lists = Object.fromEntries(
      ["assets", "workOrders", "contracts", "invoices"].map((list) => [
        list,
        data.customers.nodes.map((customer: any) => sort(customer[list].nodes, list === "assets")),
      ]),
    );
  });

  test.each(["assets", "workOrders", "contracts", "invoices"])("%s pages for each parent by itself", async (list) => {
    const page =
      "nodes { id } edges { cursor node { id } } totalCount pageInfo { hasNextPage hasPreviousPage endCursor }";
    for (const first of [1, 3, 20]) {
      const { customers } = await tenant.run(
        `query ($first: Int!) { customers { nodes { code ${list}(first: $first) { ${page} } } } }`,
        {
          first,
        },
      );
      for (const [index, customer] of customers.nodes.entries()) {
        const expected = lists[list]?.[index] ?? [];
        expect(expected).toHaveLength(COUNTS[index] ?? -1);
        expect(customer[list]).toMatchObject({
          nodes: expected.slice(0, first).map((id) => ({ id })),
          totalCount: expected.length,
          pageInfo: { hasNextPage: expected.length > first, hasPreviousPage: false },
        });
        expect(customer[list].edges.map(({ node }: any) => node)).toEqual(customer[list].nodes);
        // On from there, for this customer alone.
        const seen: string[] = customer[list].nodes.map(({ id }: any) => id);
        let { hasNextPage, endCursor } = customer[list].pageInfo;
        while (hasNextPage) {
          const next: any = await tenant.run(
            `query ($code: String!, $first: Int!, $after: String) { customer(by: { code: $code }) { ${list}(first: $first, after: $after) { ${page} } } }`,
            { code: customer.code, first, after: endCursor },
          );
          expect(next.customer[list].pageInfo.hasPreviousPage).toBe(true);
          seen.push(...next.customer[list].nodes.map(({ id }: any) => id));
          ({ hasNextPage, endCursor } = next.customer[list].pageInfo);
        }
        expect(seen).toEqual(expected);
      }
    }
  });

  test.each(["assets", "workOrders", "contracts", "invoices"])(
    "the root list of %s is in the same order",
    async (list) => {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const answer: any = await tenant.run(
          `query ($after: String) { ${list}(first: 4, after: $after) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
        expect(answer[list].totalCount).toBe(10);
        seen.push(...answer[list].nodes.map(({ id }: any) => id));
        after = answer[list].pageInfo.hasNextPage ? answer[list].pageInfo.endCursor : null;
      } while (after !== null);
      expect([...seen].sort()).toEqual((lists[list] ?? []).flat().sort());
      for (const ofCustomer of lists[list] ?? [])
        expect(seen.filter((id) => ofCustomer.includes(id))).toEqual(ofCustomer);
    },
  );

  test("a filter narrows each parent's list and its count", async () => {
    const { customers } = await tenant.run(
      "{ customers { nodes { workOrders(first: 2, filter: { active: true }) { totalCount nodes { status } pageInfo { hasNextPage } } } } }",
    );
    expect(customers.nodes.map(({ workOrders }: any) => workOrders)).toEqual([
      { totalCount: 3, nodes: [{ status: "OPEN" }, { status: "OPEN" }], pageInfo: { hasNextPage: true } },
      { totalCount: 1, nodes: [{ status: "OPEN" }], pageInfo: { hasNextPage: false } },
      { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } },
    ]);
  });

  test("a size or cursor that does not fit is a problem of the nested field", async () => {
    const { data, errors } = await tenant.execute(
      `{ customers(first: 1) { nodes { workOrders(first: 101, after: "x") { totalCount } } } }`,
    );
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      {
        path: ["customers", "nodes", 0, "workOrders"],
        extensions: { code: "BAD_USER_INPUT", problems: [{ path: ["first"] }, { path: ["after"] }] },
      },
    ]);
  });
});
