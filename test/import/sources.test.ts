import fs from "node:fs";
import path from "node:path";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { ImportFolder, importCustomers } from "./import-customers";

/** See sources.md. */
const SOURCES = path.join(__dirname, "sources.jsonl");

let gateway: TestGateway;
const folder = new ImportFolder();
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  folder.remove();
  await gateway.close();
});

/** What is stored otherwise than it is written in the file, by line: phones in E.164, countries as codes, what is assigned. */
const STORED: Record<number, object> = {
  1: {
    phones: ["+84933456789"],
    contacts: [{ phone: "+84987654321", isPrimary: false }],
    address: { country: "VN" },
  },
  2: {
    phones: ["+842838234567"],
    contacts: [{ phone: "+84987654322", isPrimary: false }],
    address: { country: "VN" },
  },
  3: { phones: ["+84365296001", "+84965713002"], kind: "PERSONAL" },
  4: {
    phones: ["+15551234567"],
    fax: "+15551234568",
    contacts: [{ phone: "+15551112222" }, { phone: "+15552223333" }],
  },
  5: { phones: ["+15559998888"] },
  6: { phones: ["+318000201068"], code: "C-10003", kind: "PERSONAL", name: "text" },
  7: { phones: ["+318000201068"], code: "C-10004", kind: "PERSONAL", name: "text" },
};

test("the customers of the four sources are imported from one file and read back equal", async () => {
  const tenant = await gateway.aTenant();
  await prepare(tenant);
  const result = await importCustomers(gateway.app, tenant, copyOfSources());
  expect(result).toMatchObject({ outcome: "finished", created: 7, rejected: 0 });

  const rows = fs
    .readFileSync(SOURCES, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
  const { customers } = await tenant.run<{ customers: { nodes: Node[] } }>(READ_ALL);
  const expected = rows.map((row, index) => {
    const written = { ...row };
    delete written["phoneRegion"];
    return merge(written, STORED[index + 1]);
  });
  expect(customers.nodes.map(asInput)).toEqual(expected);
});

test("another tenant has none of them", async () => {
  const [tenant, other] = [await gateway.aTenant(), await gateway.aTenant()];
  for (const each of [tenant, other]) await prepare(each);
  await importCustomers(gateway.app, tenant, copyOfSources());
  const count = "{ customers { totalCount } }";
  expect(await tenant.run(count)).toEqual({ customers: { totalCount: 7 } });
  expect(await other.run(count)).toEqual({ customers: { totalCount: 0 } });
});

/** Nothing is written beside the file in the repository. */
function copyOfSources(): string {
  return folder.write([fs.readFileSync(SOURCES, "utf8").trimEnd()]);
}

/** What the file names by code. */
async function prepare(tenant: TestTenant): Promise<void> {
  await tenant.run(`mutation {
    a: createCustomerStatus(input: { code: "MA_TRANG_THAI_KHACH_HANG", name: "TRANG_THAI" }) { id }
    b: createCustomerStatus(input: { code: "active", name: "Active" }) { id }
    c: createCustomerType(input: { code: "MA_LOAI_KHACH_HANG", name: "TYPE_NAME" }) { id }
    d: createCustomerType(input: { code: "commercial", name: "Commercial" }) { id }
    e: createCustomerGroup(input: { code: "MA_NHOM", name: "Name_nhom_customer_name" }) { id }
    f: createBranch(input: { code: "branch-001", name: "Northeast Region" }) { id }
    g: createBranch(input: { code: "branch-002", name: "Branch 2" }) { id }
    h: createCustomerField(input: { code: "THONG_TIN_KHAC", name: "CUSTOMER_INFORMATION_NAME" }) { id }
    i: createCustomerField(input: { code: "industry", name: "Industry" }) { id }
    j: createCustomerField(input: { code: "employee_count", name: "Employees" }) { id }
  }`);
}

const ADDRESS = "{ country state city district ward street building premise subPremise postalCode }";
const READ_ALL = `{
  customers(first: 100) {
    nodes {
      code kind name company firstName lastName email phones fax website taxId paymentTerms notes tags
      address ${ADDRESS} billingAddress ${ADDRESS}
      branch { code } status { code } type { code } group { code }
      contacts { name title email phone isPrimary }
      bankAccounts { bankCode bankName accountHolderName accountNumber }
      customFields { field { code } value }
    }
  }
}`;

type Row = Record<string, unknown>;

type Term = { code: string } | null;

interface Node extends Row {
  branch: Term;
  status: Term;
  type: Term;
  group: Term;
  customFields: { field: { code: string }; value: unknown }[];
}

/** A customer that was read as the input that would make it: without what is null or empty. */
function asInput(node: Node): unknown {
  const { branch, status, type, group, customFields, ...rest } = node;
  return present({
    ...rest,
    branch: branch?.code,
    status: status?.code,
    type: type?.code,
    group: group?.code,
    customFields: customFields.map(({ field, value }) => ({ field: field.code, value })),
  });
}

function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([, part]) => part !== null && part !== undefined && !(Array.isArray(part) && part.length === 0),
  );
  return Object.fromEntries(kept.map(([name, part]) => [name, present(part)]));
}

/** An object with some of its parts otherwise; entries of lists by their place. */
function merge(value: unknown, otherwise: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(otherwise)) return value.map((entry, i) => merge(entry, otherwise[i]));
  if (typeof value !== "object" || value === null || typeof otherwise !== "object") return otherwise ?? value;
  const parts = Object.entries(otherwise as Row).map(([name, part]) => [name, merge((value as Row)[name], part)]);
  return { ...value, ...(Object.fromEntries(parts) as Row) };
}
