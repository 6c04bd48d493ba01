import { randomBytes } from "node:crypto";
import { parseClientId } from "../../src/auth/client-id";
import { type EncryptionKey, type Keyring } from "../../src/encryption/cipher";
import { aCustomer } from "../support/customers";
import { createTestDatabase, type TestDatabase, withClient } from "../support/database";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { digest, stored } from "../support/stored";

const OLD: EncryptionKey = { id: "2025", key: randomBytes(32) };
const NEW: EncryptionKey = { id: "2026", key: randomBytes(32) };

/** A server whose active key is the old one, one whose active key is the new one, and one that has the new one alone. */
let database: TestDatabase;
let before: TestGateway;
let after: TestGateway;
let alone: TestGateway;
beforeAll(async () => {
  database = await createTestDatabase();
  const start = (...keyring: Keyring): Promise<TestGateway> => startGateway({ database, keyring });
  [before, after, alone] = [await start(OLD, NEW), await start(NEW, OLD), await start(NEW)];
});
afterAll(async () => {
  for (const gateway of [before, after, alone]) await gateway.close();
  await database.drop();
});

/** A tenant's requests, sent to another server. */
async function send(gateway: TestGateway, { token }: TestTenant, query: string, key?: string): Promise<any> {
  const response = await gateway.http.inject({
    method: "POST",
    url: "/graphql",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...(key !== undefined && { "idempotency-key": key }),
    },
    payload: { query },
  });
  return response.json();
}

/** A tenant with customers of an account each, whose numbers end with their number. */
async function aTenantOf(customers: number): Promise<TestTenant> {
  const tenant = await before.aTenant();
  const inputs = Array.from({ length: customers }, (_, index) => ({
    code: `K-${index}`,
    bankAccounts: [{ accountNumber: `9704${index}` }],
  }));
  for (let start = 0; start < customers; start += 100) {
    await tenant.run(`mutation ($input: [CustomerInput!]!) { upsertCustomers(input: $input) { id } }`, {
      input: inputs.slice(start, start + 100),
    });
  }
  return tenant;
}

async function aClientWithTwoSecrets({ id: tenantId }: TestTenant): Promise<void> {
  const { signingClients } = before.app.services;
  await before.app.database.write(tenantId, async (scope) => {
    const { id } = await signingClients.create(scope, "test", ["*"]);
    await signingClients.rotate(scope, parseClientId(id)?.id ?? "", 60_000);
  });
}

/** Rows by the key that they are sealed with. */
const keysOf = async ({ id }: TestTenant): Promise<Record<string, number>> => {
  const uses: Record<string, number> = {};
  for (const { keyId, rows } of await after.app.keys.uses(id)) uses[keyId] = (uses[keyId] ?? 0) + rows;
  return uses;
};

const NUMBERS =
  "{ customers(first: 100, orderBy: [{ field: CREATED_AT }]) { nodes { bankAccounts { accountNumber } } } }";

test("moves numbers, digest keys and stored answers to the active key; what they hold, versions and history stay", async () => {
  const [tenant, other] = [await aTenantOf(3), await aTenantOf(2)];
  const retried = `mutation { createCustomer(input: { code: "RETRY", bankAccounts: [{ accountNumber: "123456" }] }) {
    bankAccounts { accountNumber } } }`;
  const answer = await send(before, tenant, retried, "once");
  expect(answer.data.createCustomer.bankAccounts[0].accountNumber).toBe("123456");
  const numbers = await send(before, tenant, NUMBERS);
  const sealed = ["bank_accounts", "account_number_index_keys", "idempotency_keys"];
  const others = await digest(database, { without: sealed });
  const othersRows = await digest(database, { tenantId: other.id });
  const times = "select id, account_number_index, updated_at from bank_accounts where tenant_id = $1 order by id";
  const [timesBefore] = [await stored(database, times, [tenant.id])];

  expect(await keysOf(tenant)).toEqual({ [OLD.id]: 4 + 1 + 1 });
  let told = 0;
  expect(await after.app.keys.rotate(tenant.id, { onProgress: (rows) => (told += rows) })).toBe(6);
  expect(told).toBe(6);
  expect(await keysOf(tenant)).toEqual({ [NEW.id]: 6 });
  expect(await after.app.keys.remaining(tenant.id)).toEqual({ uses: [], underived: 0 });
  expect(await after.app.keys.rotate(tenant.id)).toBe(0);

  // Nothing else has changed, neither in the other tenant's rows.
  expect(await digest(database, { without: sealed })).toEqual(others);
  expect(await digest(database, { tenantId: other.id })).toEqual(othersRows);
  expect(await stored(database, times, [tenant.id])).toEqual(timesBefore);

  // A server without the old key reads everything.
  expect(await send(alone, tenant, NUMBERS)).toEqual(numbers);
  expect(await send(alone, tenant, retried, "once")).toEqual(answer);
  const found = await send(alone, tenant, `{ customers(filter: { accountNumber: "1234-56" }) { nodes { code } } }`);
  expect(found.data.customers.nodes).toEqual([{ code: "RETRY" }]);
  expect((await send(alone, other, NUMBERS)).errors[0].extensions.code).toBe("INTERNAL_SERVER_ERROR");
});

test("interrupted, it goes on where it stopped", async () => {
  const tenant = await aTenantOf(450);
  const stop = new AbortController();
  const first = await after.app.keys.rotate(tenant.id, { signal: stop.signal, onProgress: () => stop.abort() });
  expect(first).toBe(200);
  expect(await keysOf(tenant)).toEqual({ [OLD.id]: 251, [NEW.id]: 200 });
  expect((await send(after, tenant, NUMBERS)).errors).toBeUndefined(); // half and half
  expect(await after.app.keys.rotate(tenant.id)).toBe(251);
  expect(await keysOf(tenant)).toEqual({ [NEW.id]: 451 });
});

test("overwrites nothing that is written meanwhile, and is overwritten by nothing", async () => {
  const tenant = await aTenantOf(500);
  const { customers } = await tenant.run("{ customers(last: 60) { nodes { code bankAccounts { id } } } }");
  const numbers = new Map<string, string>();
  let isRotating = true;
  /** Customers and accounts are read, and written as a whole, in one transaction. */
  const write = async (from: number): Promise<void> => {
    for (let turn = from; isRotating; turn += 4) {
      const { code, bankAccounts } = customers.nodes[turn % 60];
      const number = turn % 3 ? `, accountNumber: "5${turn}"` : "";
      const account = `{ id: "${bankAccounts[0].id}", bankName: "${turn}"${number} }`;
      const patch = `mutation { updateCustomer(by: { code: "${code}" }, input: { bankAccounts: [${account}] }) { id } }`;
      expect((await send(after, tenant, patch)).errors).toBeUndefined();
      if (number) numbers.set(code, `5${turn}`);
    }
  };
  const writers = [0, 1, 2, 3].map(write);
  await after.app.keys.rotate(tenant.id);
  isRotating = false;
  await Promise.all(writers);
  expect(numbers.size).toBeGreaterThan(10);
  expect(await keysOf(tenant)).toEqual({ [NEW.id]: 501 });
  for (const [code, number] of numbers) {
    const query = `{ customer(by: { code: "${code}" }) { bankAccounts { accountNumber } } }`;
    expect([code, (await send(alone, tenant, query)).data.customer.bankAccounts]).toEqual([
      code,
      [{ accountNumber: number }],
    ]);
  }
});

test("comes to an end where a server goes on writing under another key, and says what is left", async () => {
  const tenant = await aTenantOf(1);
  const rotation = after.app.keys.rotate(tenant.id, {
    onProgress: () =>
      void tenant.run(`mutation { createCustomer(input: { bankAccounts: [{ accountNumber: "1" }] }) { id } }`),
  });
  expect(await rotation).toBeGreaterThan(2);
  await tenant.run(`mutation { createCustomer(input: { bankAccounts: [{ accountNumber: "1" }] }) { id } }`);
  const { uses } = await after.app.keys.remaining(tenant.id);
  expect(uses).toMatchObject([{ table: "bank_accounts", keyId: OLD.id }]);
});

test("leaves alone what hangs on a customer that is being written, and comes back to it", async () => {
  const tenant = await aTenantOf(2);
  await withClient(database.superuserUrl, async (client) => {
    await client.query("begin");
    await client.query("select from customers where tenant_id = $1 and code = 'K-0' for no key update", [tenant.id]);
    let committed: Promise<unknown> | undefined;
    const progress: number[] = [];
    const onProgress = (rows: number): void => {
      progress.push(rows);
      committed ??= client.query("commit");
    };
    expect(await after.app.keys.rotate(tenant.id, { onProgress })).toBe(3);
    expect(progress).toEqual([1, 1, 1]); // K-1, then K-0, then the key of the digests
    await committed;
  });
  expect(await keysOf(tenant)).toEqual({ [NEW.id]: 3 });
});

test("fills in the digest of rows that have none", async () => {
  const tenant = await aTenantOf(2);
  await after.app.keys.rotate(tenant.id);
  await stored(database, "update bank_accounts set account_number_index = null where tenant_id = $1", [tenant.id]);
  const find = `{ customers(filter: { accountNumber: "97041" }) { nodes { code } } }`;
  expect((await send(after, tenant, find)).data.customers.nodes).toEqual([]);
  expect(await after.app.keys.remaining(tenant.id)).toEqual({ uses: [], underived: 2 });
  expect(await after.app.keys.rotate(tenant.id)).toBe(2);
  expect((await send(after, tenant, find)).data.customers.nodes).toEqual([{ code: "K-1" }]);
});

test("tells rows that their key does not open, and does the others", async () => {
  const tenant = await aTenantOf(2);
  const [damaged] = await stored<{ id: string }>(
    database,
    `update bank_accounts set account_number_ciphertext = '\\x00' where tenant_id = $1 and account_number_last_four = '7040'
     returning id`,
    [tenant.id],
  );
  const unreadable: unknown[] = [];
  expect(await after.app.keys.rotate(tenant.id, { onUnreadable: (row) => unreadable.push(row) })).toBe(2);
  expect(unreadable).toEqual([{ table: "bank_accounts", rowKey: damaged?.id, keyId: OLD.id }]);
  expect(await after.app.keys.remaining(tenant.id)).toMatchObject({ uses: [{ rows: 1 }] });
  await stored(database, "delete from bank_accounts where id = $1", [damaged?.id]);
});

test("a key of the right id and another value is told by a row of each table, tenant by tenant", async () => {
  const ids = [(await aTenantOf(0)).id, (await aTenantOf(2)).id];
  expect(await before.app.keys.unreadableSamples(ids)).toEqual([]);
  const other = await startGateway({ database, keyring: [NEW, { id: OLD.id, key: randomBytes(32) }] });
  try {
    const tables = (await other.app.keys.unreadableSamples(ids)).map(({ table, keyId }) => `${table} ${keyId}`);
    expect(tables.sort()).toEqual([`account_number_index_keys ${OLD.id}`, `bank_accounts ${OLD.id}`]);
  } finally {
    await other.close();
  }
});

test("every sealed column of the database is moved, and the missing keys of any are told", async () => {
  const tenant = await aTenantOf(1);
  const columns = await stored<{ table: string; name: string }>(
    database,
    `select c.relname as table, k.attname as name from pg_class c join pg_attribute k on k.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and k.attname like '%\\_ciphertext'`,
  );
  expect(columns.length).toBeGreaterThanOrEqual(3);
  for (const { table, name } of columns) {
    const keyId = name.replace("_ciphertext", "_key_id");
    const indexes = await stored<{ columns: string }>(
      database,
      `select pg_get_indexdef(indexrelid) as columns from pg_index where indrelid = $1::regclass`,
      [table],
    );
    const isIndexed = indexes.some(({ columns: text }) => text.includes(`(tenant_id, ${keyId}`));
    expect([table, isIndexed]).toEqual([table, true]);
  }
  await aCustomer(tenant, { bankAccounts: [{ accountNumber: "1" }] });
  await send(before, tenant, `mutation { createCustomer(input: {}) { id } }`, "answered");
  await aClientWithTwoSecrets(tenant);
  for (const { table, name } of columns) {
    await stored(database, `update ${table} set ${name.replace("_ciphertext", "_key_id")} = $2 where tenant_id = $1`, [
      tenant.id,
      `lost ${table}`,
    ]);
  }
  const used = (await after.app.keys.uses(tenant.id)).map(({ keyId }) => keyId).sort();
  const lost = columns.map(({ table }) => `lost ${table}`).sort();
  expect(used).toEqual(lost);
  expect(await alone.app.keys.missingKeys()).toEqual(expect.arrayContaining(lost));
});
