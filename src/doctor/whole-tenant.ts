import { type TenantDatabase } from "../tenancy/tenant-database";
import { Parameters } from "../tenancy/parameters";
import { v7 as uuidv7 } from "uuid";
import { type Asker } from "./asker";

/** How much a tenant is to hold. */
export interface Measure {
  readonly customers: number;
  /** Of each kind; the customers carry them in turn. As many as customers unless said. */
  readonly terms?: number;
  /** For each customer, all of them on its asset. */
  readonly workOrders?: number;
}

/** A record that was made. */
export interface Made {
  readonly id: string;
  readonly code: string;
}

/** A customer that was made. */
export interface MadeCustomer extends Made {
  readonly contacts: readonly { id: string }[];
  readonly bankAccounts: readonly { id: string }[];
}

/** A tenant with all that was made in it, each list in the order of its codes. */
export interface WholeTenant<Of extends Asker = Asker> {
  readonly tenant: Of;
  readonly customers: readonly MadeCustomer[];
  readonly assets: readonly Made[];
  readonly workOrders: readonly Made[];
  readonly contracts: readonly Made[];
  readonly invoices: readonly Made[];
}

/** The custom fields of a filled tenant, one of each type, with the value that every customer has. */
export const FIELDS = [
  { code: "text", type: "TEXT", value: "large" },
  { code: "number", type: "NUMBER", value: 12.5 },
  { code: "boolean", type: "BOOLEAN", value: true },
  { code: "date", type: "DATE", value: "2026-03-14" },
  { code: "select", type: "SELECT", options: ["a", "b"], value: "a" },
  { code: "multi", type: "MULTI_SELECT", options: ["a", "b", "c"], value: ["a", "c"] },
] as const;

const CREATE_CUSTOMER = `mutation ($input: CustomerInput!) {
  createCustomer(input: $input) { id code contacts { id } bankAccounts { id } }
}`;
const CREATE_ASSET = `mutation ($customer: CustomerKey!, $input: AssetInput!) {
  createAsset(customer: $customer, input: $input) { id code }
}`;
const CREATE_WORK_ORDER = `mutation ($customer: CustomerKey!, $input: WorkOrderInput!) {
  createWorkOrder(customer: $customer, input: $input) { id code }
}`;
const CREATE_AGREEMENTS = `mutation ($customer: CustomerKey!, $contract: ContractInput!, $invoice: InvoiceInput!) {
  createContract(customer: $customer, input: $contract) { id code }
  createInvoice(customer: $customer, input: $invoice) { id code }
}`;

/**
 * Fills a tenant with some of everything, the same codes in every tenant: terms s-1…, customers K-1…, each with two contacts,
 * a bank account, a tag, a phone number, a value of each custom field, a previous code, an asset, work orders, a contract
 * and an invoice that block its deletion; and settings. Names and titles start with the tenant's code.
 */
export async function makeWhole<Of extends Asker>(
  database: TenantDatabase,
  tenant: Of,
  { customers: count, terms = count, workOrders = 1 }: Measure,
): Promise<WholeTenant<Of>> {
  const numbers = (upTo: number): number[] => Array.from({ length: upTo }, (_, index) => index + 1);
  const create = (field: string, inputType: string, input: object): Promise<unknown> =>
    tenant.run(`mutation ($input: ${inputType}!) { ${field}(input: $input) { id } }`, { input });

  await Promise.all(
    numbers(terms).flatMap((number) => [
      create("createCustomerStatus", "TaxonomyTermInput", { code: `s-${number}`, name: `${tenant.code} s` }),
      create("createCustomerType", "TaxonomyTermInput", { code: `t-${number}`, name: `${tenant.code} t` }),
      create("createCustomerGroup", "TaxonomyTermInput", { code: `g-${number}`, name: `${tenant.code} g` }),
      create("createBranch", "TaxonomyTermInput", { code: `b-${number}`, name: `${tenant.code} b` }),
    ]),
  );
  for (const { code, type, ...rest } of FIELDS) {
    const options = "options" in rest ? { options: rest.options } : {};
    await create("createCustomerField", "CustomerFieldInput", {
      code,
      type,
      name: `${tenant.code} ${code}`,
      ...options,
    });
  }

  const customers = await Promise.all(
    numbers(count).map(async (number): Promise<MadeCustomer> => {
      const term = ((number - 1) % terms) + 1;
      const input = {
        code: `K-${number}`,
        name: `${tenant.code} customer ${number}`,
        email: `k${number}@example.com`,
        phones: [`+8491234${String(number).padStart(4, "0")}`],
        tags: ["vip"],
        taxId: "TAX", // duplicates, all of them
        address: { country: "VN", city: "Hanoi" },
        billingAddress: { country: "NL", city: "Utrecht" },
        status: `s-${term}`,
        type: `t-${term}`,
        group: `g-${term}`,
        branch: `b-${term}`,
        contacts: [
          { name: `${tenant.code} first`, isPrimary: true },
          { name: `${tenant.code} second`, email: "second@example.com" },
        ],
        bankAccounts: [{ bankName: tenant.code, accountNumber: `9704000${number}` }],
        customFields: FIELDS.map(({ code, value }) => ({ field: code, value })),
      };
      return (await tenant.run<{ createCustomer: MadeCustomer }>(CREATE_CUSTOMER, { input })).createCustomer;
    }),
  );

  const assets: Made[] = [];
  const orders: Made[] = [];
  const contracts: Made[] = [];
  const invoices: Made[] = [];
  await Promise.all(
    customers.map(async (customer, index) => {
      const number = index + 1;
      const by = { customer: { id: customer.id } };
      const asset = await tenant.run<{ createAsset: Made }>(CREATE_ASSET, {
        ...by,
        input: { code: `A-${number}`, name: `${tenant.code} asset`, category: "Lift" },
      });
      assets[index] = asset.createAsset;
      const agreements = await tenant.run<{ createContract: Made; createInvoice: Made }>(CREATE_AGREEMENTS, {
        ...by,
        contract: { code: `CT-${number}`, title: `${tenant.code} contract`, status: "ACTIVE" },
        invoice: { code: `INV-${number}`, amount: "10.50", currency: "VND", status: "PENDING" },
      });
      contracts[index] = agreements.createContract;
      invoices[index] = agreements.createInvoice;
      for (const order of numbers(workOrders)) {
        const input = { code: `WO-${number}-${order}`, title: `${tenant.code} work`, assetId: assets[index]?.id };
        const made = await tenant.run<{ createWorkOrder: Made }>(CREATE_WORK_ORDER, { ...by, input });
        orders[index * workOrders + order - 1] = made.createWorkOrder;
      }
    }),
  );

  await database.write(tenant.id, async (scope) => {
    const p = new Parameters();
    const ids = p.add(customers.map(() => uuidv7()));
    await scope.query(
      `insert into customer_previous_codes (tenant_id, id, customer_id, code, code_key)
       select $1, n.id, c.id, 'OLD-' || c.code, 'old-' || c.code_key
       from (select o.*, row_number() over (order by o.id) as position from customers o where o.tenant_id = $1) c
       join unnest(${ids}::uuid[]) with ordinality as n (id, position) on n.position = c.position`,
      p,
    );
    await scope.query(
      `insert into tenant_settings (tenant_id, default_region, default_status_id)
       select $1, 'VN', s.id from customer_statuses s where s.tenant_id = $1 and s.code = 's-1'`,
    );
  });
  return { tenant, customers, assets, workOrders: orders, contracts, invoices };
}
