import { aCustomer, readCustomer } from "../support/customers";
import { startGateway, type Answer, type TestGateway, type TestTenant } from "../support/gateway";
import { digest } from "../support/stored";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => expect((gateway.unexpected as unknown[]).splice(0)).toEqual([]));
afterAll(() => gateway.close());

/** What is told apart of the four kinds of record: a least input, a whole one, and what a patch cannot clear. */
const KINDS = [
  {
    type: "Asset",
    one: "asset",
    prefix: "A-",
    fields: "name category manufacturer model serialNumber status location installedOn warrantyUntil",
    least: { name: "Boiler" },
    defaults: { status: "ACTIVE" },
    whole: {
      name: "Boiler",
      category: "Heating",
      manufacturer: "Acme",
      model: "X-1",
      serialNumber: "SN 1",
      status: "INACTIVE",
      location: "Cellar",
      installedOn: "2020-02-29",
      warrantyUntil: "2030-12-31",
    },
    other: { name: "Boiler 2", location: "Roof", status: "RETIRED" },
    needed: ["code", "name", "status"],
  },
  {
    type: "WorkOrder",
    one: "workOrder",
    prefix: "WO-",
    fields: "title description status priority scheduledAt completedAt asset { id }",
    least: { title: "Repair" },
    defaults: { status: "OPEN", priority: "NORMAL" },
    whole: {
      title: "Repair",
      description: "Now.",
      status: "SCHEDULED",
      priority: "URGENT",
      scheduledAt: "2026-03-14T09:26:53.589Z",
    },
    other: { title: "Repair 2", priority: "LOW", scheduledAt: "2026-03-15T00:00:00.000Z" },
    needed: ["code", "title", "status", "priority"],
  },
  {
    type: "Contract",
    one: "contract",
    prefix: "CT-",
    fields: "title status startsOn endsOn",
    least: { title: "Service" },
    defaults: { status: "DRAFT" },
    whole: { title: "Service", status: "ACTIVE", startsOn: "2026-01-01", endsOn: "2026-12-31" },
    other: { title: "Service 2", status: "EXPIRED", startsOn: "2025-01-01" },
    needed: ["code", "title", "status"],
  },
  {
    type: "Invoice",
    one: "invoice",
    prefix: "INV-",
    fields: "status amount currency issuedOn dueOn",
    least: { amount: "1.50", currency: "EUR" },
    defaults: { status: "DRAFT" },
    whole: { status: "PENDING", amount: "1250000.50", currency: "VND", issuedOn: "2026-01-01", dueOn: "2026-01-31" },
    other: { amount: "-0.0001", currency: "USD", status: "PAID", dueOn: "2026-02-01" },
    needed: ["code", "status", "amount", "currency"],
  },
] as const;

type Kind = Pick<(typeof KINDS)[number], "type" | "one" | "fields">;
const selection = ({ fields }: Kind): string => `id code ${fields} createdAt updatedAt customer { id version }`;

const create = (tenant: TestTenant, kind: Kind, customer: object, input: object): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($customer: CustomerKey!, $input: ${kind.type}Input!) {
      record: create${kind.type}(customer: $customer, input: $input) { ${selection(kind)} } }`,
    { customer, input },
  );
const update = (tenant: TestTenant, kind: Kind, id: string, input: object): Promise<Answer<any>> =>
  tenant.execute(
    `mutation($id: ID!, $input: ${kind.type}Patch!) { record: update${kind.type}(id: $id, input: $input) { ${selection(kind)} } }`,
    { id, input },
  );
const remove = (tenant: TestTenant, { type }: Kind, id: string): Promise<Answer<any>> =>
  tenant.execute(`mutation($id: ID!) { id: delete${type}(id: $id) }`, { id });
const read = async (tenant: TestTenant, kind: Kind, id: string): Promise<any> =>
  (await tenant.run(`query($id: ID!) { record: ${kind.one}(id: $id) { ${selection(kind)} } }`, { id })).record;
const problemsOf = ({ errors }: Answer<any>): unknown =>
  errors?.[0]?.extensions.problems?.map(({ path, code }) => [path.join("."), code]);

const [ASSET, WORK_ORDER, CONTRACT, INVOICE] = KINDS;

describe.each(KINDS)("$type", (kind) => {
  const { type, one, prefix, least, defaults, whole, other, needed } = kind;

  test("is created with what was given, else with defaults and the next code; the customer keeps its version", async () => {
    const tenant = await gateway.aTenant();
    const { id, code } = await aCustomer(tenant);
    const full = await create(tenant, kind, { id }, { ...whole, code: " X-1 " });
    expect(full.data.record).toMatchObject({ ...whole, code: "X-1", customer: { id, version: 1 } });
    const taken = `${prefix.toLowerCase()}10002`;
    await create(tenant, kind, { code }, { ...least, code: taken });
    const codes: string[] = [];
    for (let index = 0; index < 2; index++) {
      const { data } = await create(tenant, kind, { code }, least);
      expect(data.record).toMatchObject({ ...least, ...defaults });
      codes.push(data.record.code);
    }
    expect(codes).toEqual([`${prefix}10001`, `${prefix}10003`]);
    expect(await read(tenant, kind, full.data.record.id)).toEqual(full.data.record);
  });

  test("changes what is given: what is left out stays, null clears, and what says the same is no change", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const { data } = await create(tenant, kind, { id }, whole);
    const before = await digest(gateway.database);
    for (const patch of [{}, whole, { code: ` ${data.record.code} ` }]) {
      expect((await update(tenant, kind, data.record.id, patch)).data.record).toEqual(data.record);
    }
    expect(await digest(gateway.database)).toEqual(before);

    const changed = await update(tenant, kind, data.record.id, other);
    const { updatedAt } = changed.data.record;
    expect(changed.data.record).toEqual({ ...data.record, ...other, updatedAt });

    const optional = Object.keys(whole).filter((name) => !(needed as readonly string[]).includes(name));
    const nothing = Object.fromEntries(optional.map((name) => [name, null]));
    const cleared = await update(tenant, kind, data.record.id, nothing);
    expect(cleared.data.record).toEqual({
      ...changed.data.record,
      ...nothing,
      updatedAt: cleared.data.record.updatedAt,
    });
    expect(await read(tenant, kind, data.record.id)).toEqual(cleared.data.record);
  });

  test("does not clear what has to be there", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const { data } = await create(tenant, kind, { id }, whole);
    const nothing = Object.fromEntries(needed.map((name) => [name, null]));
    const paths = (problemsOf(await update(tenant, kind, data.record.id, nothing)) as string[][]).map(([path]) => path);
    expect(paths.sort()).toEqual(needed.map((name) => `input.${name}`).sort());
    expect(problemsOf(await update(tenant, kind, data.record.id, { code: " " }))).toEqual([["input.code", "REQUIRED"]]);
    expect(await read(tenant, kind, data.record.id)).toEqual(data.record);
  });

  test("has a code that is unique in the tenant, without regard to case", async () => {
    const tenant = await gateway.aTenant();
    const elsewhere = await gateway.aTenant();
    const [a, b] = [await aCustomer(tenant), await aCustomer(tenant)];
    const first = await create(tenant, kind, { id: a.id }, { ...least, code: "Same" });
    const second = await create(tenant, kind, { id: b.id }, { ...least, code: "other" });
    const before = await digest(gateway.database);
    for (const answer of [
      await create(tenant, kind, { id: b.id }, { ...least, code: "SAME" }),
      await update(tenant, kind, second.data.record.id, { ...other, code: "sAME" }),
    ]) {
      const existing = { id: first.data.record.id, code: "Same" };
      expect(answer.errors).toMatchObject([{ extensions: { code: "CONFLICT", existing } }]);
    }
    expect(await digest(gateway.database)).toEqual(before);
    const recased = await update(tenant, kind, first.data.record.id, { code: "SAME" });
    expect(recased.data.record.code).toBe("SAME");
    const { id } = await aCustomer(elsewhere);
    expect((await create(elsewhere, kind, { id }, { ...least, code: "same" })).errors).toBeUndefined();
  });

  test("is deleted for good", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const { data } = await create(tenant, kind, { id }, { ...least, code: "X" });
    expect((await remove(tenant, kind, data.record.id)).data).toEqual({ id: data.record.id });
    expect(await read(tenant, kind, data.record.id)).toBeNull();
    for (const answer of [
      await remove(tenant, kind, data.record.id),
      await update(tenant, kind, data.record.id, other),
    ]) {
      expect(answer.errors).toMatchObject([{ message: `${type} not found.`, extensions: { code: "NOT_FOUND" } }]);
    }
    expect((await create(tenant, kind, { id }, { ...least, code: "x" })).errors).toBeUndefined();
  });

  test("names every problem at once, and needs work:write", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const made = await create(tenant, kind, { id }, least);
    const writer = await tenant.withScopes("customers:read", "customers:write", "taxonomy:write", "settings:write");
    const before = await digest(gateway.database);
    const bad =
      type === "Invoice"
        ? { amount: "1", currency: "eur", code: "c".repeat(65), issuedOn: "2026-02-01", dueOn: "2026-01-31" }
        : { [type === "Asset" ? "name" : "title"]: " ", code: "a\tb" };
    const problems = problemsOf(await create(tenant, kind, { id }, bad));
    expect(problems).toHaveLength(type === "Invoice" ? 3 : 2);
    for (const answer of [
      await create(writer, kind, { id }, least),
      await update(writer, kind, made.data.record.id, other),
      await remove(writer, kind, made.data.record.id),
    ]) {
      expect(answer.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    }
    expect(await digest(gateway.database)).toEqual(before);
  });

  test("another tenant's is as unknown as one that never was, and so is its customer", async () => {
    const tenant = await gateway.aTenant();
    const elsewhere = await gateway.aTenant();
    const foreign = await aCustomer(elsewhere, { code: "FOREIGN" });
    const { data } = await create(elsewhere, kind, { id: foreign.id }, whole);
    const before = await digest(gateway.database);
    for (const id of [data.record.id, "0197c3a0-0000-7000-8000-000000000000", "x"]) {
      for (const answer of [await update(tenant, kind, id, other), await remove(tenant, kind, id)]) {
        expect(answer.errors).toMatchObject([{ message: `${type} not found.`, extensions: { code: "NOT_FOUND" } }]);
      }
      expect(await tenant.run(`query($id: ID!) { ${one}(id: $id) { id } }`, { id })).toEqual({ [one]: null });
    }
    for (const customer of [{ id: foreign.id }, { code: "FOREIGN" }]) {
      expect((await create(tenant, kind, customer, least)).errors).toMatchObject([
        { message: "Customer not found.", extensions: { code: "NOT_FOUND" } },
      ]);
    }
    expect(await digest(gateway.database)).toEqual(before);
  });
});

describe("assets", () => {
  test("one that is deleted leaves its work orders, on no asset", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const asset = (await create(tenant, ASSET, { id }, ASSET.least)).data.record;
    const order = (await create(tenant, WORK_ORDER, { id }, { title: "t", assetId: asset.id })).data.record;
    expect(order.asset).toEqual({ id: asset.id });
    await remove(tenant, ASSET, asset.id);
    expect(await read(tenant, WORK_ORDER, order.id)).toMatchObject({ title: "t", asset: null });
  });

  test("are found by what they are called now", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const asset = (await create(tenant, ASSET, { id }, { name: "Boiler", category: "Heating" })).data.record;
    await update(tenant, ASSET, asset.id, { name: "Kühler", category: "Cooling" });
    const found = await tenant.run(`{
      old: assets(filter: { search: "boiler" }) { totalCount }
      new: assets(filter: { search: "KUHLER" }) { totalCount }
      oldCategory: assets(filter: { category: "heating" }) { totalCount }
      newCategory: assets(filter: { category: "cooling" }) { totalCount }
    }`);
    expect(found).toEqual({
      old: { totalCount: 0 },
      new: { totalCount: 1 },
      oldCategory: { totalCount: 0 },
      newCategory: { totalCount: 1 },
    });
  });
});

describe("work orders", () => {
  test("take an asset of their own customer only", async () => {
    const tenant = await gateway.aTenant();
    const elsewhere = await gateway.aTenant();
    const [a, b, c] = [await aCustomer(tenant), await aCustomer(tenant), await aCustomer(elsewhere)];
    const own = (await create(tenant, ASSET, { id: a.id }, ASSET.least)).data.record;
    const others = (await create(tenant, ASSET, { id: b.id }, ASSET.least)).data.record;
    const foreign = (await create(elsewhere, ASSET, { id: c.id }, ASSET.least)).data.record;
    const order = (await create(tenant, WORK_ORDER, { id: a.id }, { title: "t", assetId: own.id })).data.record;
    for (const assetId of [others.id, foreign.id, "0197c3a0-0000-7000-8000-000000000000", "x", ""]) {
      const refused = [["input.assetId", "UNKNOWN_REFERENCE"]];
      expect(problemsOf(await create(tenant, WORK_ORDER, { id: a.id }, { title: "t", assetId }))).toEqual(
        assetId === "" ? undefined : refused,
      );
      if (assetId !== "") expect(problemsOf(await update(tenant, WORK_ORDER, order.id, { assetId }))).toEqual(refused);
    }
    expect((await update(tenant, WORK_ORDER, order.id, { title: "u" })).data.record.asset).toEqual({ id: own.id });
    expect((await update(tenant, WORK_ORDER, order.id, { assetId: null })).data.record.asset).toBeNull();
  });

  test("completedAt is set when they become COMPLETED, stays while they are, and goes when they are no longer", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const started = Date.now();
    const born = (await create(tenant, WORK_ORDER, { id }, { title: "t", status: "COMPLETED" })).data.record;
    expect(Date.parse(born.completedAt)).toBeGreaterThanOrEqual(started);
    const order = (await create(tenant, WORK_ORDER, { id }, { title: "t" })).data.record;
    expect(order.completedAt).toBeNull();
    for (const status of ["SCHEDULED", "IN_PROGRESS", "ON_HOLD", "OPEN"]) {
      expect((await update(tenant, WORK_ORDER, order.id, { status })).data.record).toMatchObject({
        status,
        completedAt: null,
      });
    }
    const done = (await update(tenant, WORK_ORDER, order.id, { status: "COMPLETED" })).data.record;
    expect(Date.parse(done.completedAt)).toBeGreaterThanOrEqual(started);
    const retold = (await update(tenant, WORK_ORDER, order.id, { title: "u", status: "COMPLETED" })).data.record;
    expect(retold.completedAt).toBe(done.completedAt);
    const cancelled = (await update(tenant, WORK_ORDER, order.id, { status: "CANCELLED" })).data.record;
    expect(cancelled.completedAt).toBeNull();
    const open = (await update(tenant, WORK_ORDER, born.id, { status: "OPEN" })).data.record;
    expect(open.completedAt).toBeNull();
  });

  test("leave a final state only for those who may write settings", async () => {
    const tenant = await gateway.aTenant();
    const worker = await tenant.withScopes("customers:read", "work:write");
    const admin = await tenant.withScopes("customers:read", "work:write", "settings:write");
    const { id } = await aCustomer(tenant);
    for (const final of ["COMPLETED", "CANCELLED"]) {
      const order = (await create(worker, WORK_ORDER, { id }, { title: "t" })).data.record;
      const closed = (await update(worker, WORK_ORDER, order.id, { status: final })).data.record;
      for (const status of ["OPEN", "SCHEDULED", "IN_PROGRESS", "ON_HOLD", "COMPLETED", "CANCELLED"]) {
        if (status === final) continue;
        const refused = await update(worker, WORK_ORDER, order.id, { status, title: "u" });
        expect(refused.data).toBeNull();
        expect(refused.errors).toMatchObject([
          { message: expect.stringContaining("settings:write"), extensions: { code: "FORBIDDEN" } },
        ]);
      }
      expect(await read(tenant, WORK_ORDER, order.id)).toEqual(closed);
      const retold = await update(worker, WORK_ORDER, order.id, { status: final, description: "d" });
      expect(retold.data.record).toMatchObject({ status: final, description: "d" });
      expect((await update(admin, WORK_ORDER, order.id, { status: "IN_PROGRESS" })).data.record).toMatchObject({
        status: "IN_PROGRESS",
        completedAt: null,
      });
    }
  });
});

describe.each([
  { ...CONTRACT, first: "startsOn", last: "endsOn" },
  { ...INVOICE, first: "issuedOn", last: "dueOn" },
])("days of a $type", (kind) => {
  test("are in their order, with those that stay", async () => {
    const tenant = await gateway.aTenant();
    const { id } = await aCustomer(tenant);
    const { least, first, last } = kind;
    const at = (from: string | null, to: string | null): object => ({ [first]: from, [last]: to });
    const wrong = [[`input.${last}`, "WRONG_ORDER"]];
    expect(problemsOf(await create(tenant, kind, { id }, { ...least, ...at("2026-02-01", "2026-01-31") }))).toEqual(
      wrong,
    );
    const { data } = await create(tenant, kind, { id }, { ...least, ...at("2026-02-01", "2026-02-01") });
    expect(problemsOf(await update(tenant, kind, data.record.id, { [last]: "2026-01-31" }))).toEqual(wrong);
    expect(problemsOf(await update(tenant, kind, data.record.id, { [first]: "2026-02-02" }))).toEqual(wrong);
    const moved = await update(tenant, kind, data.record.id, at("2027-01-01", "2027-01-02"));
    expect(moved.data.record).toMatchObject(at("2027-01-01", "2027-01-02"));
    const open = await update(tenant, kind, data.record.id, at("2028-01-01", null));
    expect(open.data.record).toMatchObject(at("2028-01-01", null));
  });
});

test("amounts keep their digits as given", async () => {
  const tenant = await gateway.aTenant();
  const { id } = await aCustomer(tenant);
  for (const amount of ["0", "0.00", "1.50", "-7", "999999999999999.9999", "0.0001"]) {
    const { data } = await create(tenant, INVOICE, { id }, { amount, currency: "EUR" });
    expect(data.record.amount).toBe(amount);
    expect((await read(tenant, INVOICE, data.record.id)).amount).toBe(amount);
  }
  const rounded = await create(tenant, INVOICE, { id }, { amount: "1", currency: "EUR" });
  expect((await update(tenant, INVOICE, rounded.data.record.id, { amount: "1.00" })).data.record.amount).toBe("1.00");
  for (const amount of ["1.00001", "1000000000000000", "1e3", "+1", ".5", "01", "NaN", "", 1.5]) {
    const refused = await create(tenant, INVOICE, { id }, { amount, currency: "EUR" });
    expect([amount, problemsOf(refused)]).toEqual([amount, [["input.amount", "INVALID_VALUE"]]]);
  }
});

test("numbers of assigned codes are each tenant's own, and of each kind", async () => {
  const [a, b] = [await gateway.aTenant(), await gateway.aTenant()];
  for (const tenant of [a, b]) {
    const { id, code } = await aCustomer(tenant);
    const codes = [code];
    for (const kind of KINDS) codes.push((await create(tenant, kind, { id }, kind.least)).data.record.code);
    expect(codes).toEqual(["C-10001", "A-10001", "WO-10001", "CT-10001", "INV-10001"]);
    expect(await readCustomer(tenant, { id })).toMatchObject({ version: 1 });
  }
});
