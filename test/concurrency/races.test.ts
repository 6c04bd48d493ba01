import { type AddressInfo } from "node:net";
import { aCustomer, readCustomer } from "../support/customers";
import { startGateway, type AnswerError, type TestGateway, type TestTenant } from "../support/gateway";
import { digest, stored } from "../support/stored";

let gateway: TestGateway;
let url: string;
beforeAll(async () => {
  gateway = await startGateway({ poolSize: 8 });
  await gateway.http.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(gateway.http.server.address() as AddressInfo).port}/graphql`;
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

interface Outcome {
  readonly status: number;
  readonly data: any;
  readonly error: (AnswerError & { readonly code: string }) | undefined;
}

/** Sends a request over a socket of its own, as others do at the same time. */
async function send(tenant: TestTenant, query: string, variables: object = {}): Promise<Outcome> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.token}`, "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: any; errors?: AnswerError[] };
  const [error] = errors ?? [];
  return { status: response.status, data, error: error && { ...error, code: error.extensions.code } };
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Sends many at once, and answers in their order. */
const race = (count: number, one: (index: number) => Promise<Outcome>): Promise<Outcome[]> =>
  Promise.all(times(count, one));

/** The outcomes by their code; OK where there is no error. */
function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, error } of outcomes) {
    const code = error?.code ?? "OK";
    counts[code] = (counts[code] ?? 0) + 1;
    expect(status).toBe(200);
  }
  return counts;
}

/** Creates customers at once, with codes, ... */
async function someCustomers(tenant: TestTenant, count: number): Promise<string[]> {
  const { upsertCustomers } = await tenant.run(
    "mutation($rows: [CustomerInput!]!) { upsertCustomers(input: $rows) { id } }",
    { rows: times(count, (index) => ({ code: `R-${index}` })) },
  );
  return upsertCustomers.map(({ id }: any) => id);
}

describe("one code", () => {
  test("of 64 that create a customer with it, one does, and 63 are told which", async () => {
    const tenant = await gateway.aTenant();
    const outcomes = await race(64, (index) =>
      send(tenant, "mutation($code: String) { createCustomer(input: { code: $code }) { id code } }", {
        code: index % 2 === 0 ? "Wanted-1" : "WANTED-1",
      }),
    );
    expect(tally(outcomes)).toEqual({ OK: 1, CONFLICT: 63 });
    const winner = outcomes.find(({ error }) => !error)?.data.createCustomer;
    for (const { error } of outcomes) if (error) expect(error.extensions.existing).toEqual(winner);
    const rows = await stored(gateway.database, "select id from customers where tenant_id = $1", [tenant.id]);
    expect(rows).toEqual([{ id: winner.id }]);
  });

  test("of 32 that are renamed to it, one is", async () => {
    const tenant = await gateway.aTenant();
    const ids = await someCustomers(tenant, 32);
    const outcomes = await race(32, (index) =>
      index % 2 === 0
        ? send(tenant, `mutation { renamed: changeCustomerCode(from: "R-${index}", to: "WANTED") { id code } }`)
        : send(
            tenant,
            `mutation { renamed: replaceCustomer(by: { id: "${ids[index]}" }, input: { code: "wanted" }) { id code } }`,
          ),
    );
    expect(tally(outcomes)).toEqual({ OK: 1, CONFLICT: 31 });
    const winner = outcomes.find(({ error }) => !error)?.data.renamed;
    for (const { error } of outcomes) if (error) expect(error.extensions.existing).toEqual(winner);
  });

  test("of one in the trash, a restore and a create cannot both have it", async () => {
    const tenant = await gateway.aTenant();
    const ids = await someCustomers(tenant, 20);
    for (const id of ids) await tenant.run("mutation($id: ID!) { deleteCustomer(by: { id: $id }) { id } }", { id });
    const outcomes = await race(40, (index) =>
      index % 2 === 0
        ? send(tenant, `mutation { restoreCustomer(by: { id: "${ids[index / 2]}" }) { id } }`)
        : send(tenant, `mutation { createCustomer(input: { code: "R-${(index - 1) / 2}" }) { id } }`),
    );
    expect(tally(outcomes)).toEqual({ OK: 20, CONFLICT: 20 });
  });

  test.each(["CustomerStatus", "CustomerField", "Branch"])("of 24 that create a %s with it, one does", async (kind) => {
    const tenant = await gateway.aTenant();
    const outcomes = await race(24, () =>
      send(tenant, `mutation { made: create${kind}(input: { code: "WANTED", name: "n" }) { id code } }`),
    );
    expect(tally(outcomes)).toEqual({ OK: 1, CONFLICT: 23 });
    const winner = outcomes.find(({ error }) => !error)?.data.made;
    for (const { error } of outcomes) if (error) expect(error.extensions.existing).toEqual(winner);
  });

  test("is never assigned twice, however many ask", async () => {
    const tenant = await gateway.aTenant();
    const outcomes = await race(64, (index) =>
      index % 4 === 0
        ? send(tenant, `mutation { made: upsertCustomers(input: [{}, {}, {}]) { code } }`)
        : send(tenant, `mutation { made: createCustomer(input: {}) { code } }`),
    );
    expect(tally(outcomes)).toEqual({ OK: 64 });
    const codes = outcomes.flatMap(({ data }) => data.made).map(({ code }) => code);
    expect(new Set(codes).size).toBe(16 * 3 + 48);
  });
});

describe("one customer", () => {
  test("of 32 that change it from the same version, one does", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const outcomes = await race(32, (index) =>
      send(
        tenant,
        "mutation($id: ID!, $notes: String) { updateCustomer(by: { id: $id }, input: { notes: $notes }, expectedVersion: 1) { notes version } }",
        { id, notes: `writer ${index}` },
      ),
    );
    expect(tally(outcomes)).toEqual({ OK: 1, CONFLICT: 31 });
    for (const { error } of outcomes) if (error) expect(error.extensions["currentVersion"]).toBe(2);
    const winner = outcomes.find(({ error }) => !error)?.data.updateCustomer;
    expect(await readCustomer(tenant, { id })).toMatchObject(winner);
    const changes = await stored(gateway.database, "select 1 from customer_changes where customer_id = $1", [id]);
    expect(changes).toHaveLength(2);
  });

  test("keeps what each of many changed who name no version", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const patches = [
      { notes: "n" },
      { email: "ada@example.com" },
      { phones: ["+84912345678"] },
      { taxId: "1" },
      { tags: ["a"] },
      { address: { city: "Hue" } },
      { website: "https://example.com/" },
      { contacts: [{ name: "Bo" }] },
      { bankAccounts: [{ accountNumber: "12345678" }] },
      { paymentTerms: "net30" },
    ];
    const outcomes = await race(patches.length, (index) =>
      send(
        tenant,
        "mutation($id: ID!, $input: CustomerPatch!) { updateCustomer(by: { id: $id }, input: $input) { id } }",
        {
          id,
          input: patches[index],
        },
      ),
    );
    expect(tally(outcomes)).toEqual({ OK: patches.length });
    expect(await readCustomer(tenant, { id })).toMatchObject({
      ...Object.assign({}, ...patches),
      version: 1 + patches.length,
    });
  });

  test("has one primary contact, whoever is made primary", async () => {
    const tenant = await gateway.aTenant();
    const { id, contacts } = await aCustomer(tenant, {
      contacts: times(24, (index) => ({ name: `Contact ${index}` })),
    });
    const promoted = await race(24, (index) =>
      send(tenant, "mutation($id: ID!) { updateContact(id: $id, input: { isPrimary: true }) { isPrimary } }", {
        id: contacts[index].id,
      }),
    );
    expect(tally(promoted)).toEqual({ OK: 24 });
    const primaries = async (): Promise<number> =>
      (await readCustomer(tenant, { id })).contacts.filter(({ isPrimary }: any) => isPrimary).length;
    expect(await primaries()).toBe(1);
    expect(await readCustomer(tenant, { id })).toMatchObject({ version: 25 });
    const added = await race(24, (index) =>
      index % 2 === 0
        ? send(
            tenant,
            `mutation { createContact(customer: { id: "${id}" }, input: { name: "New", isPrimary: true }) { id } }`,
          )
        : send(tenant, `mutation { deleteContact(id: "${contacts[index].id}") { id } }`),
    );
    expect(tally(added)).toEqual({ OK: 24 });
    expect(await primaries()).toBe(1);
    expect((await readCustomer(tenant, { id })).contacts).toHaveLength(24);
  });

  test("keeps the last contact that it needs, however many are removed at once", async () => {
    const tenant = await gateway.aTenant();
    await tenant.run("mutation { updateSettings(input: { companyNeedsContact: true }) { companyNeedsContact } }");
    const { id, contacts } = await aCustomer(tenant, {
      company: "Acme",
      contacts: times(8, (index) => ({ name: `Contact ${index}` })),
    });
    const outcomes = await race(8, (index) =>
      send(tenant, `mutation { deleteContact(id: "${contacts[index].id}") { id } }`),
    );
    expect(tally(outcomes)).toEqual({ OK: 7, CONFLICT: 1 });
    expect((await readCustomer(tenant, { id })).contacts).toHaveLength(1);
  });

  test("is seen in one state: never half before and half after a change", async () => {
    const tenant = await gateway.aTenant();
    const state = (mark: string): object => ({
      notes: mark,
      tags: [mark],
      contacts: times(3, () => ({ name: mark })),
      bankAccounts: [{ bankName: mark, accountNumber: "12345678" }],
    });
    const { id } = await aCustomer(tenant, state("0"));
    const write = async (): Promise<void> => {
      for (let index = 1; index <= 20; index++) {
        const { error } = await send(
          tenant,
          "mutation($id: ID!, $input: CustomerPatch!) { updateCustomer(by: { id: $id }, input: $input) { id } }",
          { id, input: state(String(index)) },
        );
        expect(error).toBeUndefined();
      }
    };
    const seen = new Set<string>();
    let isWriting = true;
    const read = async (): Promise<void> => {
      while (isWriting) {
        const { data } = await send(
          tenant,
          "query($id: ID!) { customer(by: { id: $id }) { notes tags contacts { name } bankAccounts { bankName } history { totalCount } version } }",
          { id },
        );
        const { notes, tags, contacts, bankAccounts, history, version } = data.customer;
        const marks = [
          ...tags,
          ...contacts.map(({ name }: any) => name),
          ...bankAccounts.map(({ bankName }: any) => bankName),
        ];
        expect(marks).toEqual(times(5, () => notes));
        expect([version, history.totalCount]).toEqual([Number(notes) + 1, Number(notes) + 1]);
        seen.add(notes);
      }
    };
    const reading = times(4, read);
    await write().finally(() => (isWriting = false));
    await Promise.all(reading);
    expect(seen.size).toBeGreaterThan(2);
  });
});

describe("a customer that is deleted while work is added", () => {
  interface Variant {
    readonly pairs: number;
    /** Makes what the race needs, and says how the work is added; for several customers at once. */
    readonly prepare: (tenant: TestTenant, ids: readonly string[]) => Promise<(index: number) => string>;
  }

  const prepared =
    (create: (id: string) => string, change: (recordId: string) => string): Variant["prepare"] =>
    async (tenant, ids) => {
      const made: string[] = [];
      for (const id of ids) made.push((await tenant.run(`mutation { made: ${create(id)} { id } }`)).made.id);
      return (index) => change(made[index] ?? "");
    };
  const adding =
    (create: (id: string) => string): Variant["prepare"] =>
    (_tenant, ids) =>
      Promise.resolve((index) => create(ids[index] ?? ""));

  const VARIANTS: [name: string, variant: Variant][] = [
    [
      "createWorkOrder",
      {
        pairs: 200,
        prepare: adding((id) => `createWorkOrder(customer: { id: "${id}" }, input: { title: "t" }) { id }`),
      },
    ],
    [
      "createContract",
      {
        pairs: 40,
        prepare: adding(
          (id) => `createContract(customer: { id: "${id}" }, input: { title: "t", status: ACTIVE }) { id }`,
        ),
      },
    ],
    [
      "createInvoice",
      {
        pairs: 40,
        prepare: adding(
          (id) =>
            `createInvoice(customer: { id: "${id}" }, input: { amount: "1", currency: "EUR", status: PENDING }) { id }`,
        ),
      },
    ],
    [
      "updateWorkOrder, which opens one again",
      {
        pairs: 40,
        prepare: prepared(
          (id) => `createWorkOrder(customer: { id: "${id}" }, input: { title: "t", status: COMPLETED })`,
          (id) => `updateWorkOrder(id: "${id}", input: { status: OPEN }) { id }`,
        ),
      },
    ],
    [
      "updateContract, which activates one",
      {
        pairs: 40,
        prepare: prepared(
          (id) => `createContract(customer: { id: "${id}" }, input: { title: "t" })`,
          (id) => `updateContract(id: "${id}", input: { status: ACTIVE }) { id }`,
        ),
      },
    ],
    [
      "updateInvoice, which sends one",
      {
        pairs: 40,
        prepare: prepared(
          (id) => `createInvoice(customer: { id: "${id}" }, input: { amount: "1", currency: "EUR" })`,
          (id) => `updateInvoice(id: "${id}", input: { status: PENDING }) { id }`,
        ),
      },
    ],
  ];

  const AT_ONCE = 20;
  const STRANDED = `
    select c.id from customers c where c.tenant_id = $1 and c.deleted_at is not null and (
      exists (select from work_orders w where w.tenant_id = c.tenant_id and w.customer_id = c.id and w.is_active)
      or exists (select from contracts t where t.tenant_id = c.tenant_id and t.customer_id = c.id and t.status = 'ACTIVE')
      or exists (select from invoices i where i.tenant_id = c.tenant_id and i.customer_id = c.id and i.status = 'PENDING'))`;

  test.each(VARIANTS)(
    "%s: one of the two wins each time, and nothing is stranded in the trash",
    async (_name, { pairs, prepare }) => {
      const tenant = await gateway.aTenant();
      const ids = await someCustomers(tenant, pairs);
      const add = await prepare(tenant, ids);
      const results: string[] = [];
      for (let from = 0; from < pairs; from += AT_ONCE) {
        const outcomes = await race(AT_ONCE * 2, (position) => {
          const index = from + Math.floor(position / 2);
          // Each comes first in half of the pairs.
          const isDelete = (position + Math.floor(position / 2)) % 2 === 0;
          const mutation = isDelete ? `deleteCustomer(by: { id: "${ids[index]}" }) { id }` : add(index);
          return send(tenant, `mutation { ${isDelete ? "deleted" : "added"}: ${mutation} }`);
        });
        for (let pair = 0; pair < AT_ONCE; pair++) {
          const two = outcomes.slice(pair * 2, pair * 2 + 2);
          const winner = two.find(({ error }) => !error);
          const loser = two.find(({ error }) => error);
          results.push(`${Object.keys(winner?.data ?? {}).join()} then ${loser?.error?.code}`);
        }
      }
      const either = ["added then CONFLICT", "deleted then NOT_FOUND"];
      expect(results.filter((result) => !either.includes(result))).toEqual([]);
      expect(await stored(gateway.database, STRANDED, [tenant.id])).toEqual([]);
    },
  );

  test("merging one away moves the work that came before, and refuses what comes after", async () => {
    const tenant = await gateway.aTenant();
    const ids = await someCustomers(tenant, 40);
    const keep = await aCustomer(tenant, { code: "KEEP" });
    const outcomes = await race(40, (position) => {
      const id = ids[Math.floor(position / 2)];
      return position % 2 === 0
        ? send(
            tenant,
            `mutation { merged: mergeCustomers(keep: { id: "${keep.id}" }, from: [{ id: "${id}" }]) { id } }`,
          )
        : send(tenant, `mutation { added: createWorkOrder(customer: { id: "${id}" }, input: { title: "t" }) { id } }`);
    });
    const added = outcomes.filter(({ data }) => data?.added).length;
    const counts = tally(outcomes);
    expect(counts).toEqual({ OK: 20 + added, ...(added < 20 && { NOT_FOUND: 20 - added }) });
    expect(await stored(gateway.database, STRANDED, [tenant.id])).toEqual([]);
    const { customer } = await tenant.run(`{ customer(by: { code: "KEEP" }) { version workOrders { totalCount } } }`);
    expect(customer).toEqual({ version: 21, workOrders: { totalCount: added } });
  });

  test("two that are merged into each other: one of the two stays", async () => {
    const tenant = await gateway.aTenant();
    const ids = await someCustomers(tenant, 40);
    const merge = (keep: string | undefined, from: string | undefined): Promise<Outcome> =>
      send(tenant, `mutation { mergeCustomers(keep: { id: "${keep}" }, from: [{ id: "${from}" }]) { id } }`);
    const outcomes = await race(40, (index) => {
      const [a, b] = ids.slice(index - (index % 2));
      return index % 2 === 0 ? merge(a, b) : merge(b, a);
    });
    expect(tally(outcomes)).toEqual({ OK: 20, NOT_FOUND: 20 });
    const { customers } = await tenant.run("{ customers { totalCount } }");
    expect(customers.totalCount).toBe(20);
  });
});

describe("what collides in the database is tried again", () => {
  test("the same new codes written in opposite orders are written once", async () => {
    const tenant = await gateway.aTenant();
    for (let round = 0; round < 5; round++) {
      const rows = times(60, (index) => ({ code: `N-${round}-${index}` }));
      const outcomes = await race(4, (index) =>
        send(tenant, "mutation($rows: [CustomerInput!]!) { upsertCustomers(input: $rows) { id } }", {
          rows: (index % 2 === 0 ? rows : [...rows].reverse()).map((row) => ({ ...row, notes: `writer ${index}` })),
        }),
      );
      const { OK = 0, CONFLICT = 0 } = tally(outcomes);
      expect(OK).toBeGreaterThanOrEqual(1);
      expect(OK + CONFLICT).toBe(4);
      // All rows are of one writer.
      const notes = await stored(
        gateway.database,
        "select distinct notes from customers where tenant_id = $1 and code like $2",
        [tenant.id, `N-${round}-%`],
      );
      expect(notes).toHaveLength(1);
    }
    const { customers } = await tenant.run("{ customers { totalCount } }");
    expect(customers.totalCount).toBe(300);
  });

  test("the same customers changed in opposite orders are all changed by each", async () => {
    const tenant = await gateway.aTenant();
    await someCustomers(tenant, 60);
    const rows = times(60, (index) => ({ code: `R-${index}` }));
    const outcomes = await race(8, (index) =>
      send(tenant, "mutation($rows: [CustomerInput!]!) { upsertCustomers(input: $rows) { version } }", {
        rows: (index % 2 === 0 ? rows : [...rows].reverse()).map((row) => ({ ...row, notes: `writer ${index}` })),
      }),
    );
    expect(tally(outcomes)).toEqual({ OK: 8 });
    const [row] = await stored(
      gateway.database,
      "select min(version) as least, max(version) as most, count(distinct notes)::int as writers from customers where tenant_id = $1",
      [tenant.id],
    );
    expect(row).toEqual({ least: 9, most: 9, writers: 1 });
  });

  test("two mutations of several fields that lock in opposite orders both succeed", async () => {
    const tenant = await gateway.aTenant();
    const [a, b] = await someCustomers(tenant, 2);
    const outcomes = await race(2, (index) => {
      const [first, second] = index % 2 === 0 ? [a, b] : [b, a];
      return send(
        tenant,
        `mutation($first: ID!, $second: ID!, $notes: String) {
          first: updateCustomer(by: { id: $first }, input: { notes: $notes }) { id }
          second: updateCustomer(by: { id: $second }, input: { notes: $notes }) { id }
        }`,
        { first, second, notes: `writer ${index}` },
      );
    });
    expect(tally(outcomes)).toEqual({ OK: 2 });
    const rows = await stored(
      gateway.database,
      "select version, count(distinct notes)::int as writers from customers where tenant_id = $1 group by version",
      [tenant.id],
    );
    expect(rows).toEqual([{ version: 3, writers: 1 }]);
  });

  test.each([
    [
      "status",
      `deleteCustomerStatus(code: "GOES")`,
      `createCustomer(input: { status: "GOES" }) { id }`,
      `createCustomerStatus(input: { code: "GOES", name: "n" }) { id }`,
    ],
    [
      "custom field",
      `deleteCustomerField(code: "GOES")`,
      `createCustomer(input: { customFields: [{ field: "GOES", value: "x" }] }) { id }`,
      `createCustomerField(input: { code: "GOES", name: "n" }) { id }`,
    ],
    [
      "status that becomes the default",
      `deleteCustomerStatus(code: "GOES")`,
      `updateSettings(input: { defaultStatus: "GOES" }) { defaultStatus }`,
      `createCustomerStatus(input: { code: "GOES", name: "n" }) { id }`,
    ],
  ])("a %s that is deleted while it is taken is either taken or unknown", async (_what, remove, take, make) => {
    const tenants = await Promise.all(times(12, () => gateway.aTenant()));
    for (const tenant of tenants) await tenant.run(`mutation { ${make} }`);
    const outcomes = await race(24, (index) => {
      const tenant = tenants[Math.floor(index / 2)];
      if (!tenant) throw new Error("There are as many tenants as pairs");
      const isRemoval = (index + Math.floor(index / 2)) % 2 === 0;
      return send(tenant, `mutation { ${isRemoval ? remove : take} }`);
    });
    const counts = tally(outcomes);
    expect(Object.keys(counts).filter((code) => !["OK", "CONFLICT", "BAD_USER_INPUT"].includes(code))).toEqual([]);
  });

  test("settings keep what each of many changed", async () => {
    const tenant = await gateway.aTenant();
    const patches = [
      { codePrefix: "X-" },
      { defaultRegion: "VN" },
      { companyNeedsContact: true },
      { requiredFields: ["EMAIL"] },
    ];
    const outcomes = await race(patches.length, (index) =>
      send(tenant, "mutation($input: TenantSettingsPatch!) { updateSettings(input: $input) { codePrefix } }", {
        input: patches[index],
      }),
    );
    expect(tally(outcomes)).toEqual({ OK: patches.length });
    const { settings } = await tenant.run(
      "{ settings { codePrefix defaultRegion companyNeedsContact requiredFields } }",
    );
    expect(settings).toEqual(Object.assign({}, ...patches));
  });
});

describe("a mutation of several fields", () => {
  test("is written whole, or not at all", async () => {
    const tenant = await gateway.aTenant();
    await aCustomer(tenant, { code: "A-1" });
    const before = await digest(gateway.database, { without: ["code_counters"] });
    for (const failing of [
      `updateCustomer(by: { code: "none" }, input: {}) { id }`,
      `createCustomer(input: { code: "new" }) { id }`,
      `createCustomer(input: { email: "x" }) { id }`,
      `deleteInvoice(id: "x")`,
    ]) {
      const outcome = await send(
        tenant,
        `mutation {
          a: createCustomer(input: { code: "NEW", contacts: [{ name: "Bo" }] }) { id }
          b: updateCustomer(by: { code: "A-1" }, input: { notes: "n" }) { id }
          c: createBranch(input: { code: "B", name: "n" }) { id }
          d: ${failing}
          e: createCustomer(input: {}) { id }
        }`,
      );
      expect(outcome).toMatchObject({ status: 200, data: null, error: { path: ["d"] } });
      expect(await digest(gateway.database, { without: ["code_counters"] })).toEqual(before);
    }
    const { data } = await send(
      tenant,
      `mutation {
        a: createCustomer(input: { code: "NEW" }) { id }
        b: updateCustomer(by: { code: "new" }, input: { notes: "n" }) { notes version }
        c: createContact(customer: { code: "NEW" }, input: { name: "Bo" }) { customer { version contacts { name } } }
      }`,
    );
    expect(data).toMatchObject({
      b: { notes: "n", version: 2 },
      c: { customer: { version: 3, contacts: [{ name: "Bo" }] } },
    });
  });

  test("is kept where no more than a field of its answer may not be read", async () => {
    const tenant = await gateway.aTenant();
    const writer = await tenant.withScopes("customers:read", "customers:write");
    const outcome = await send(
      writer,
      `mutation {
        a: createCustomer(input: { code: "A-1", bankAccounts: [{ accountNumber: "12345678" }] }) { bankAccounts { accountNumber } }
        b: createCustomer(input: { code: "A-2" }) { code }
      }`,
    );
    expect(outcome).toMatchObject({
      status: 200,
      data: { a: { bankAccounts: [{ accountNumber: null }] }, b: { code: "A-2" } },
      error: { code: "FORBIDDEN", path: ["a", "bankAccounts", 0, "accountNumber"] },
    });
    const { customers } = await tenant.run("{ customers { totalCount } }");
    expect(customers.totalCount).toBe(2);
  });

  test("lacking a scope for one of its fields writes nothing of the others", async () => {
    const tenant = await gateway.aTenant();
    const writer = await tenant.withScopes("customers:read", "customers:write");
    const outcome = await send(
      writer,
      `mutation { createCustomer(input: {}) { id } createBranch(input: { code: "B", name: "n" }) { id } }`,
    );
    expect(outcome).toMatchObject({ data: null, error: { code: "FORBIDDEN", path: ["createBranch"] } });
    const { customers } = await tenant.run("{ customers { totalCount } }");
    expect(customers.totalCount).toBe(0);
  });
});
