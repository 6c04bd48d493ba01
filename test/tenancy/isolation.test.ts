import { createHash } from "node:crypto";
import { type GraphQLSchema } from "graphql";
import { type Client } from "pg";
import { withClient } from "../support/database";
import { makeWhole, type WholeTenant, type Made } from "../support/whole-tenant";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { ask, nameOf, questionsOf, type Place, type Question } from "../support/questions";
import { stored, tenantTables } from "../support/stored";

/** Something to ask for: of A, or that never existed anywhere. Only A has what is called by this text. */
interface Names {
  readonly text: string;
  readonly email: string;
  readonly phone: string;
  readonly number: number;
  readonly ids: Readonly<
    Record<"customer" | "contact" | "bankAccount" | "asset" | "workOrder" | "contract" | "invoice", string>
  >;
  /** Cursors of a list by its name. */
  readonly cursors: Readonly<Record<string, string>>;
}

/** No letter of either is in another code, so that both are as far from it. */
const ONLY_A = { text: "zzzzzzzz", email: "zzzzzzzz@example.com", phone: "+84987654321", number: 77.25 };
const NEVER = { text: "qqqqqqqq", email: "qqqqqqqq@example.com", phone: "+84987654322", number: 88.125 };

/**
 * What each place takes that looks something up. A place that is neither here nor in PLAIN makes a test fail: think of whose
 * rows it could reach, and add it.
 */
const LOOKS_UP: Record<string, (names: Names) => string | number> = {
  "CustomerKey.id": ({ ids }) => ids.customer,
  "CustomerKey.code": ({ text }) => text,
  "CustomerFilter.search": ({ text }) => text,
  "CustomerFilter.id": ({ ids }) => ids.customer,
  "CustomerFilter.phone": ({ phone }) => phone,
  "CustomerFilter.accountNumber": ({ text }) => text,
  "CustomerFilter.status": ({ text }) => text,
  "CustomerFilter.type": ({ text }) => text,
  "CustomerFilter.group": ({ text }) => text,
  "CustomerFilter.branch": ({ text }) => text,
  "CustomerFilter.tag": ({ text }) => text,
  "StringFilter.eq": ({ text }) => text,
  "StringFilter.in": ({ text }) => text,
  "StringFilter.startsWith": ({ text }) => text,
  "StringFilter.contains": ({ text }) => text,
  "CustomFieldFilter.field": ({ text }) => text,
  "CustomFieldFilter.eq": ({ number }) => number,
  "CustomFieldFilter.in": ({ number }) => number,
  "CustomFieldFilter.gte": ({ number }) => number,
  "CustomFieldFilter.lt": ({ number }) => number,
  "AssetFilter.category": ({ text }) => text,
  "AssetFilter.search": ({ text }) => text,
  "WorkOrderFilter.asset": ({ ids }) => ids.asset,
  "Customer.customField.code": ({ text }) => text,
  "Query.contact.id": ({ ids }) => ids.contact,
  "Query.bankAccount.id": ({ ids }) => ids.bankAccount,
  "Query.asset.id": ({ ids }) => ids.asset,
  "Query.workOrder.id": ({ ids }) => ids.workOrder,
  "Query.contract.id": ({ ids }) => ids.contract,
  "Query.invoice.id": ({ ids }) => ids.invoice,
  "CustomerInput.branch": ({ text }) => text,
  "CustomerInput.status": ({ text }) => text,
  "CustomerInput.type": ({ text }) => text,
  "CustomerInput.group": ({ text }) => text,
  "CustomFieldInput.field": ({ text }) => text,
  "WorkOrderInput.assetId": ({ ids }) => ids.asset,
  "WorkOrderPatch.assetId": ({ ids }) => ids.asset,
  "ContactInput.id": ({ ids }) => ids.contact,
  "BankAccountInput.id": ({ ids }) => ids.bankAccount,
  "ExpectedVersion.id": ({ ids }) => ids.customer,
  "CustomerPatch.branch": ({ text }) => text,
  "CustomerPatch.status": ({ text }) => text,
  "CustomerPatch.type": ({ text }) => text,
  "CustomerPatch.group": ({ text }) => text,
  "TenantSettingsPatch.defaultStatus": ({ text }) => text,
  ...Object.fromEntries(
    (["Contact", "BankAccount", "Asset", "WorkOrder", "Contract", "Invoice"] as const).flatMap((type) => {
      const value = ({ ids }: Names): string => ids[`${type[0]?.toLowerCase()}${type.slice(1)}` as keyof Names["ids"]];
      return ["update", "delete"].map((verb) => [`Mutation.${verb}${type}.id`, value]);
    }),
  ),
  ...Object.fromEntries(
    ["CustomerStatus", "CustomerType", "CustomerGroup", "CustomerField", "Branch"].flatMap((type) =>
      [`update${type}.code`, `change${type}Code.from`, `delete${type}.code`, `delete${type}.reassignTo`].map(
        (place) => [`Mutation.${place}`, ({ text }: Names) => text],
      ),
    ),
  ),
  "Mutation.changeCustomerCode.from": ({ text }) => text,
};

/** New codes: that A has them is nobody else's conflict. */
const GIVES_CODE: Record<string, (names: Names) => string> = {
  "CustomerInput.code": ({ text }) => text,
  "TaxonomyTermInput.code": ({ text }) => text,
  "CustomerFieldInput.code": ({ text }) => text,
  "AssetInput.code": ({ text }) => text,
  "WorkOrderInput.code": ({ text }) => text,
  "ContractInput.code": ({ text }) => text,
  "InvoiceInput.code": ({ text }) => text,
  "AssetPatch.code": ({ text }) => text,
  "WorkOrderPatch.code": ({ text }) => text,
  "ContractPatch.code": ({ text }) => text,
  "InvoicePatch.code": ({ text }) => text,
  ...Object.fromEntries(
    ["Customer", "CustomerStatus", "CustomerType", "CustomerGroup", "CustomerField", "Branch"].map((type) => [
      `Mutation.change${type}Code.to`,
      ({ text }: Names) => text,
    ]),
  ),
};

/** Places in which a cursor of A stands for a place in B's list, as any other does. */
const CURSORS: Record<string, string> = {
  "Query.customers.after": "customers",
  "Query.customers.before": "customers",
  "Query.assets.after": "assets",
  "Query.workOrders.after": "workOrders",
  "Query.contracts.after": "contracts",
  "Query.invoices.after": "invoices",
  "Customer.assets.after": "assets",
  "Customer.workOrders.after": "workOrders",
  "Customer.contracts.after": "contracts",
  "Customer.invoices.after": "invoices",
  "Customer.history.after": "history",
  "Asset.workOrders.after": "workOrders",
};

/** Texts that are stored as they are and looked up nowhere. */
const PLAIN = new Set(
  Object.entries({
    CustomerInput: "name company firstName lastName email phones phoneRegion fax website taxId paymentTerms notes tags",
    AddressInput: "country state city district ward street building premise subPremise postalCode",
    ContactInput: "name title email phone",
    BankAccountInput: "bankCode bankName accountHolderName accountNumber",
    CustomFieldInput: "value",
    TaxonomyTermInput: "name description",
    CustomerFieldInput: "name options description",
    AssetInput: "name category manufacturer model serialNumber location",
    WorkOrderInput: "title description",
    ContractInput: "title",
    InvoiceInput: "currency",
    CustomerPatch: "name company firstName lastName email phones phoneRegion fax website taxId paymentTerms notes tags",
    ContactPatch: "name title email phone",
    BankAccountPatch: "bankCode bankName accountHolderName accountNumber",
    TaxonomyTermPatch: "name description",
    CustomerFieldPatch: "name options description",
    AssetPatch: "name category manufacturer model serialNumber location",
    WorkOrderPatch: "title description",
    ContractPatch: "title",
    InvoicePatch: "currency",
    TenantSettingsPatch: "codePrefix",
  }).flatMap(([type, fields]) => fields.split(" ").map((field) => `${type}.${field}`)),
);

/** Codes are given away last: until then only A has what is called so. */
function questions(schema: GraphQLSchema): Question[] {
  const all = questionsOf(schema);
  return [
    ...all.filter(({ place }) => !(place.name in GIVES_CODE)),
    ...all.filter(({ place }) => place.name in GIVES_CODE),
  ];
}

/** What a place is asked for: the value as A has it, or as nobody has it; undefined where it looks nothing up. */
function valueAt({ name }: Place, names: Names): string | number | undefined {
  const list = CURSORS[name];
  return list === undefined ? (LOOKS_UP[name] ?? GIVES_CODE[name])?.(names) : names.cursors[list];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** An answer without what differs between any two requests, and what is called otherwise in another tenant. */
function comparable({ status, data, errors }: Answer<unknown>, { tenant }: WholeTenant): string {
  const shown = (errors ?? []).map(({ message, path, extensions: { requestId: _, ...extensions } }) => ({
    message,
    path,
    extensions,
  }));
  return JSON.stringify({ status, data, errors: shown }).replaceAll(tenant.code, "<tenant>");
}

/** Of what is made, the ids are new each time. */
const withoutIds = (answer: string): string => answer.replace(UUID, "<id>").replace(/"eyJ?[\w-]+"/g, "<cursor>");

/** A digest of every row that a tenant has, by table, and the ids that they have. */
async function rowsOf(
  { database }: TestGateway,
  tenantId: string,
): Promise<{ digests: Record<string, string>; ids: Set<string> }> {
  const digests: Record<string, string> = {};
  const ids = new Set<string>();
  for (const table of await tenantTables(database)) {
    const rows = await stored<{ row: any }>(
      database,
      `select to_jsonb(t) as row from ${table} t where t.tenant_id = $1 order by t::text`,
      [tenantId],
    );
    digests[table] = createHash("sha256").update(JSON.stringify(rows)).digest("hex");
    for (const { row } of rows) if (row.id) ids.add(row.id);
  }
  return { digests, ids };
}

/** What only A has: one of everything, all with the same name. */
async function addOnlyA(gateway: TestGateway, a: WholeTenant): Promise<Names> {
  const { text, email, phone, number } = ONLY_A;
  const term = { code: text, name: text };
  await a.tenant.run(
    `mutation ($term: TaxonomyTermInput!, $field: CustomerFieldInput!) {
      createCustomerStatus(input: $term) { id } createCustomerType(input: $term) { id }
      createCustomerGroup(input: $term) { id } createBranch(input: $term) { id } createCustomerField(input: $field) { id }
    }`,
    { term, field: term },
  );
  const input = {
    code: text,
    name: text,
    taxId: text,
    email,
    phones: [phone],
    tags: [text],
    status: text,
    type: text,
    group: text,
    branch: text,
    contacts: [{ name: text }],
    bankAccounts: [{ bankName: text, accountNumber: text }],
    customFields: [
      { field: "number", value: number },
      { field: text, value: text },
    ],
  };
  const { createCustomer: customer } = await a.tenant.run(
    `mutation ($input: CustomerInput!) { createCustomer(input: $input) { id contacts { id } bankAccounts { id } } }`,
    { input },
  );
  const by = { id: customer.id };
  const { createAsset: asset } = await a.tenant.run(
    `mutation ($by: CustomerKey!, $input: AssetInput!) { createAsset(customer: $by, input: $input) { id } }`,
    { by, input: { code: text, name: text, category: text } },
  );
  const { createWorkOrder, createContract, createInvoice } = await a.tenant.run(
    `mutation ($by: CustomerKey!, $order: WorkOrderInput!, $text: String!) {
      createWorkOrder(customer: $by, input: $order) { id }
      createContract(customer: $by, input: { code: $text, title: $text }) { id }
      createInvoice(customer: $by, input: { code: $text, amount: "1", currency: "VND" }) { id }
    }`,
    { by, order: { code: text, title: text, assetId: asset.id }, text },
  );
  await withClient(gateway.database.adminUrl, (client) =>
    client.query(
      `insert into customer_previous_codes (tenant_id, id, customer_id, code, code_key)
       values ($1, gen_random_uuid(), $2, 'zzzzzzzz-old', 'zzzzzzzz-old')`,
      [a.tenant.id, customer.id],
    ),
  );
  const { customer: first, ...lists } = await a.tenant.run(`{
    customers(first: 1) { edges { cursor } } assets(first: 1) { edges { cursor } } workOrders(first: 1) { edges { cursor } }
    contracts(first: 1) { edges { cursor } } invoices(first: 1) { edges { cursor } }
    customer(by: { code: "K-1" }) { history(first: 1) { edges { cursor } } }
  }`);
  return {
    ...ONLY_A,
    ids: {
      customer: customer.id,
      contact: customer.contacts[0].id,
      bankAccount: customer.bankAccounts[0].id,
      asset: asset.id,
      workOrder: createWorkOrder.id,
      contract: createContract.id,
      invoice: createInvoice.id,
    },
    cursors: Object.fromEntries(
      Object.entries({ ...lists, history: first.history }).map(([list, connection]) => [
        list,
        (connection as any).edges[0].cursor,
      ]),
    ),
  };
}

/** The same id but for its last digits: no row has it. */
const neverId = (id: string): string =>
  `${id.slice(0, -12)}${id.endsWith("0".repeat(12)) ? "1" : "0"}${"0".repeat(11)}`;

/** What never existed, as like to A's as can be. */
function neverLike({ ids, cursors }: Names): Names {
  const cursorLike = (cursor: string): string => {
    const values = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as string[];
    return Buffer.from(JSON.stringify([...values.slice(0, -1), neverId(values.at(-1) ?? "")])).toString("base64url");
  };
  return {
    ...NEVER,
    ids: Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, neverId(id)])) as Names["ids"],
    cursors: Object.fromEntries(Object.entries(cursors).map(([list, cursor]) => [list, cursorLike(cursor)])),
  };
}

describe.each([
  { walls: "all walls", isGuarded: true },
  { walls: "row-level security switched off, so that the code alone must hold", isGuarded: false },
])("with $walls", ({ isGuarded }) => {
  let gateway: TestGateway;
  let a: WholeTenant;
  let b: WholeTenant;
  let c: WholeTenant;
  let ofA: Names;
  let never: Names;

  beforeAll(async () => {
    gateway = await startGateway();
    a = await makeWhole(gateway, await gateway.aTenant(), { customers: 2 });
    b = await makeWhole(gateway, await gateway.aTenant(), { customers: 2 });
    c = await makeWhole(gateway, await gateway.aTenant(), { customers: 2 });
    ofA = await addOnlyA(gateway, a);
    never = neverLike(ofA);
    if (!isGuarded) {
      await withClient(gateway.database.adminUrl, async (client) => {
        for (const table of [...(await tenantTables(gateway.database)), "tenants"]) {
          await client.query(`alter table ${table} disable row level security`);
        }
      });
    }
  });
  afterAll(() => gateway.close());

  test("row-level security is as this part of the test says", async () => {
    const seen = await withClient(gateway.database.url, (client) => client.query("select from customers"));
    expect(seen.rowCount).toBe(isGuarded ? 0 : 7);
  });

  test("every place that takes an id or a text is known here", () => {
    const places = questions(gateway.app.schema).map(({ place }) => place);
    expect(places.length).toBeGreaterThan(200);
    const known = (name: string): boolean =>
      [LOOKS_UP, GIVES_CODE, CURSORS].some((some) => name in some) || PLAIN.has(name);
    expect([...new Set(places.map(({ name }) => name))].filter((name) => !known(name))).toEqual([]);
  });

  test("a code that both have finds each one's own", async () => {
    for (const { tenant, customers } of [a, b]) {
      const data = await tenant.run(`{
        now: customer(by: { code: "k-1" }) { id name workOrders { nodes { title asset { name } } } }
        before: customer(by: { code: "OLD-K-1" }) { id }
        listed: customers(filter: { code: { eq: "K-1" }, status: ["s-1"], search: "k-1" }) { nodes { id status { name } } }
        orders: workOrders(filter: { customer: { code: "K-1" } }) { nodes { title } }
      }`);
      const { id } = customers[0] as Made;
      expect(data.now).toMatchObject({ id, name: `${tenant.code} customer 1` });
      expect(data.now.workOrders.nodes).toEqual([
        { title: `${tenant.code} work`, asset: { name: `${tenant.code} asset` } },
      ]);
      expect(data.before).toEqual({ id });
      expect(data.listed.nodes).toEqual([{ id, status: { name: `${tenant.code} s` } }]);
      expect(data.orders.nodes).toEqual([{ title: `${tenant.code} work` }]);
    }
  });

  test("a code that A's customer gave up finds nothing for B", async () => {
    const query = `{ customer(by: { code: "zzzzzzzz-old" }) { id } }`;
    expect((await b.tenant.run(query)).customer).toBeNull();
    expect((await a.tenant.run(query)).customer).toEqual({ id: ofA.ids.customer });
  });

  test("whatever of A another tenant asks for or means in a mutation, it gets what it gets for what never existed, and nothing of A changes", async () => {
    const before = await rowsOf(gateway, a.tenant.id);
    let asked = 0;
    for (const question of questions(gateway.app.schema)) {
      const { owner, place } = question;
      const [theirs, nobodys] = [valueAt(place, ofA), valueAt(place, never)];
      if (theirs === undefined) continue;
      const answer = await ask(b, question, theirs);
      // A query is asked twice. What a mutation does, C does in step: C is as B is, but asks for what never existed.
      const isMutation = owner === "Mutation";
      const asker = isMutation ? c : b;
      const forNone = comparable(await ask(asker, question, nobodys), asker).replaceAll(String(nobodys), "<given>");
      const forA = comparable(answer, b).replaceAll(String(theirs), "<given>");
      const name = nameOf(question);
      expect([name, isMutation ? withoutIds(forA) : forA]).toEqual([name, isMutation ? withoutIds(forNone) : forNone]);

      expect([name, forA]).toEqual([
        name,
        expect.not.stringMatching(/INTERNAL_SERVER_ERROR|BAD_REQUEST|VALIDATION_FAILED/),
      ]);
      expect([name, forA]).toEqual([name, expect.not.stringContaining(a.tenant.code)]);
      const seen = forA.match(UUID) ?? [];
      expect([name, seen.filter((id) => before.ids.has(id))]).toEqual([name, []]);
      asked += 1;
    }
    expect(asked).toBeGreaterThan(200);
    expect((await rowsOf(gateway, a.tenant.id)).digests).toEqual(before.digests);
    expect(gateway.unexpected).toEqual([]);
  });

  test("A itself gets something else there: the comparison says something", async () => {
    for (const question of questions(gateway.app.schema)) {
      const { owner, field, place } = question;
      if (owner === "Mutation" && !field.name.startsWith("create")) continue;
      // Refused to A as well: the asset is none of K-1, for whom the work is; who is new has no id.
      if (["WorkOrderInput.assetId", "ContactInput.id", "BankAccountInput.id"].includes(place.name)) continue;
      if (place.name in CURSORS || valueAt(place, ofA) === undefined) continue;
      // Of e-mail addresses, only the whole one is A's alone.
      const valueOf = (names: Names): unknown => (place.way.includes("email") ? names.email : valueAt(place, names));
      const forA = comparable(await ask(a, question, valueOf(ofA)), a);
      const forNone = comparable(await ask(a, question, valueOf(never)), a);
      const name = nameOf(question);
      expect(`${name} ${withoutIds(forA)}`).not.toBe(`${name} ${withoutIds(forNone)}`);
    }
  });
});

/** One row for each tenant in the tables that have none, of the shortest values there are. */
async function fillEmptyTables(
  { database }: TestGateway,
  tables: readonly string[],
  filled: readonly WholeTenant[],
): Promise<void> {
  const shortest: Record<string, string> = {
    uuid: "gen_random_uuid()",
    text: "'x'",
    "text[]": "'{}'",
    jsonb: "'{}'",
    bytea: "'\\x00'",
    integer: "1",
    bigint: "1",
    smallint: "1",
  };
  for (const table of tables) {
    const [{ count } = { count: 0 }] = await stored<{ count: number }>(
      database,
      `select count(distinct tenant_id)::int as count from ${table}`,
    );
    if (count > 0) continue;
    const columns = await stored<{ name: string; type: string }>(
      database,
      `select attname as name, format_type(atttypid, null) as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and attnotnull and not atthasdef and attname <> 'tenant_id'`,
      [table],
    );
    const names = columns.map(({ name }) => `, ${name}`).join("");
    const values = columns.map(({ type }) => `, ${shortest[type]}`).join("");
    for (const { tenant } of filled) {
      await stored(database, `insert into ${table} (tenant_id${names}) values ($1${values})`, [tenant.id]);
    }
  }
}

describe("the database alone, for the login of the server", () => {
  let gateway: TestGateway;
  let a: WholeTenant;
  let b: WholeTenant;
  let tables: string[];

  beforeAll(async () => {
    gateway = await startGateway();
    a = await makeWhole(gateway, await gateway.aTenant(), { customers: 1 });
    b = await makeWhole(gateway, await gateway.aTenant(), { customers: 1 });
    await Promise.all([a, b].map(({ tenant }) => tenant.run(`mutation { createCustomer(input: {}) { id } }`))); // a counter
    tables = await tenantTables(gateway.database);
    await fillEmptyTables(gateway, tables, [a, b]);
  });
  afterAll(() => gateway.close());

  /** Works in a transaction for tenant A, which is rolled back. */
  const asA = (work: (client: Client) => Promise<unknown>): Promise<unknown> =>
    withClient(gateway.database.url, async (client) => {
      await client.query("begin");
      await client.query("select set_tenant($1)", [a.tenant.id]);
      await work(client);
      await client.query("rollback");
    });

  /** The SQLSTATE with which a statement fails; the transaction goes on. */
  const failure = async (client: Client, sql: string, values: unknown[] = []): Promise<string | undefined> => {
    await client.query("savepoint attempt");
    try {
      await client.query(sql, values);
      return undefined;
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      await client.query("rollback to savepoint attempt");
    }
  };

  test("every tenant table holds rows of both, for what follows to mean something", async () => {
    expect(tables.length).toBeGreaterThanOrEqual(19);
    await withClient(gateway.database.adminUrl, async (client) => {
      for (const table of tables) {
        const { rows } = await client.query(`select count(distinct tenant_id)::int as tenants from ${table}`);
        expect([table, rows[0].tenants]).toEqual([table, 2]);
      }
    });
  });

  test("without a tenant there are no rows at all, also on a connection that had one before", async () => {
    await withClient(gateway.database.url, async (client) => {
      for (const round of ["fresh", "used"]) {
        for (const table of [...tables, "tenants"]) {
          const { rowCount } = await client.query(`select from ${table}`);
          expect([round, table, rowCount]).toEqual([round, table, 0]);
        }
        for (const find of ["find_customers", "find_assets"]) {
          expect((await client.query(`select ${find}($1, '{%}', 10)`, [a.tenant.id])).rowCount).toBe(0);
        }
        await client.query("begin");
        await client.query("select set_tenant($1)", [a.tenant.id]);
        expect((await client.query("select from customers")).rowCount).toBe(2);
        await client.query("commit");
      }
    });
  });

  test("with tenant A set, B's rows are neither seen, changed, deleted nor found by search", () =>
    asA(async (client) => {
      for (const table of tables) {
        const seen = await client.query(`select distinct tenant_id from ${table}`);
        expect([table, seen.rows]).toEqual([table, [{ tenant_id: a.tenant.id }]]);
        const changed = await client.query(`update ${table} set tenant_id = tenant_id where tenant_id = $1`, [
          b.tenant.id,
        ]);
        expect([table, changed.rowCount]).toEqual([table, 0]);
        const deleted = await client.query(`delete from ${table} where tenant_id = $1`, [b.tenant.id]);
        expect([table, deleted.rowCount]).toEqual([table, 0]);
      }
      expect((await client.query("select id from tenants")).rows).toEqual([{ id: a.tenant.id }]);
      for (const find of ["find_customers", "find_assets"]) {
        expect((await client.query(`select ${find}($1, '{%}', 10)`, [b.tenant.id])).rowCount).toBe(0);
        expect((await client.query(`select ${find}($1, '{%}', 10)`, [a.tenant.id])).rowCount).toBeGreaterThan(0);
      }
    }));

  test("with tenant A set, no row can be given to B: not by an insert, not by an update", () =>
    asA(async (client) => {
      for (const table of tables) {
        const { rows: columns } = await client.query<{ name: string }>(
          `select attname as name from pg_attribute
           where attrelid = $1::regclass and attnum > 0 and attgenerated = '' and not attisdropped and attname <> 'tenant_id'`,
          [table],
        );
        const others = columns.map(({ name }) => name).join(", ");
        const insert = `insert into ${table} (tenant_id, ${others}) select $1, ${others} from ${table} limit 1`;
        expect([table, await failure(client, insert, [b.tenant.id])]).toEqual([table, "42501"]);
        const update = `update ${table} set tenant_id = $1`;
        expect([table, await failure(client, update, [b.tenant.id])]).toEqual([table, "42501"]);
      }
    }));

  test("a reference from a row of A to a row of B cannot be stored, whichever foreign key it is", async () => {
    const { rows: keys } = await withClient(gateway.database.adminUrl, (client) =>
      client.query<{ name: string; child: string; parent: string; column: string; columns: string[] }>(
        `select k.conname as name, k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
           array_agg(a.attname::text order by n.position) as columns, max(a.attname) filter (where n.position = 2) as column
         from pg_constraint k cross join unnest(k.conkey) with ordinality as n (attnum, position)
         join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.attnum
         where k.contype = 'f' and k.confrelid <> 'tenants'::regclass group by k.oid`,
      ),
    );
    expect(keys.length).toBeGreaterThanOrEqual(16);
    const ofB = await withClient(gateway.database.adminUrl, async (client) => {
      const ids: Record<string, string> = {};
      for (const { parent } of keys) {
        const { rows } = await client.query(`select id from ${parent} where tenant_id = $1 limit 1`, [b.tenant.id]);
        ids[parent] = rows[0].id;
      }
      return ids;
    });
    await asA(async (client) => {
      for (const { name, child, parent, column, columns } of keys) {
        expect([name, columns[0]]).toEqual([name, "tenant_id"]);
        const one = `(select ctid from ${child} where tenant_id = $2 limit 1)`;
        const forged = `update ${child} set ${column} = $1 where tenant_id = $2 and ctid = ${one}`;
        expect([name, await failure(client, forged, [ofB[parent], a.tenant.id])]).toEqual([name, "23503"]);
      }
    });
  });
});

/** What the answers of a tenant may hold: its own code is in every name. */
function expectOwn(answers: readonly Answer<unknown>[], own: TestTenant, other: TestTenant): void {
  for (const { errors, data } of answers) {
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toContain(own.code);
    expect(JSON.stringify(data)).not.toContain(other.code);
  }
}

const NESTED = `{
  customers { totalCount nodes { name contacts { name } status { name customerCount } workOrders { nodes { title asset { name } } } } }
  customer(by: { code: "K-1" }) { name bankAccounts { bankName } deletion { allowed } }
  customerStatuses { name }
  workOrders(first: 3) { totalCount nodes { title customer { name } } }
}`;
const CREATE = `mutation ($input: CustomerInput!) { createCustomer(input: $input) { code name contacts { name } } }`;

test("200 requests of two tenants at once on two connections never mix", async () => {
  const gateway = await startGateway({ poolSize: 2 });
  try {
    const tenants = [await gateway.aTenant(), await gateway.aTenant()] as const;
    for (const tenant of tenants) await makeWhole(gateway, tenant, { customers: 3 });
    const requests = Array.from({ length: 200 }, (_, index) => {
      const tenant = tenants[index % 2] as TestTenant;
      switch (index % 5) {
        case 0:
          return { tenant, answer: tenant.execute(NESTED) };
        case 1:
          return { tenant, answer: tenant.execute(`{ customer(by: { code: "K-2" }) { name } }`) };
        case 2:
          return { tenant, answer: tenant.execute(`{ customers(filter: { search: "customer" }) { nodes { name } } }`) };
        case 3:
          return { tenant, answer: tenant.execute("{ viewer { tenant { code } } assets { nodes { name } } }") };
        default: {
          const input = { name: `${tenant.code} new`, contacts: [{ name: tenant.code }] };
          return { tenant, answer: tenant.execute(CREATE, { input }) };
        }
      }
    });
    for (const [own, other] of [tenants, [tenants[1], tenants[0]]] as const) {
      expectOwn(
        await Promise.all(requests.filter(({ tenant }) => tenant === own).map(({ answer }) => answer)),
        own,
        other,
      );
    }
    for (const tenant of tenants) {
      expect((await tenant.run("{ customers { totalCount } }")).customers.totalCount).toBe(3 + 20);
    }
  } finally {
    await gateway.close();
  }
});

test("one connection is enough for nested queries, several root fields and creates without a code at once", async () => {
  const gateway = await startGateway({ poolSize: 1 });
  try {
    const [tenant, other] = [await gateway.aTenant(), await gateway.aTenant()];
    await makeWhole(gateway, tenant, { customers: 3 });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        index % 2 ? tenant.execute(NESTED) : tenant.execute(CREATE, { input: { name: `${tenant.code} ${index}` } }),
      ),
    );
    expectOwn(answers, tenant, other);
    const codes = answers.flatMap(({ data }) => (data.createCustomer ? [data.createCustomer.code as string] : []));
    expect(new Set(codes).size).toBe(15);
  } finally {
    await gateway.close();
  }
});
