import { v7 as uuidv7 } from "uuid";
import { Parameters } from "../tenancy/parameters";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { NEVER, ONLY_HERE, type Names } from "./places";
import { type Made, type MadeCustomer, type WholeTenant } from "./whole-tenant";

interface Listed {
  readonly edges: readonly { readonly cursor: string }[];
}

/** Adds what no other tenant has: one of everything, all with the same name. */
export async function addOnlyHere(database: TenantDatabase, { tenant }: WholeTenant): Promise<Names> {
  const { text, email, phone, number } = ONLY_HERE;
  const term = { code: text, name: text };
  await tenant.run(
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
  const { createCustomer: customer } = await tenant.run<{ createCustomer: MadeCustomer }>(
    `mutation ($input: CustomerInput!) { createCustomer(input: $input) { id contacts { id } bankAccounts { id } } }`,
    { input },
  );
  const by = { id: customer.id };
  const { createAsset: asset } = await tenant.run<{ createAsset: Made }>(
    `mutation ($by: CustomerKey!, $input: AssetInput!) { createAsset(customer: $by, input: $input) { id } }`,
    { by, input: { code: text, name: text, category: text } },
  );
  const { createWorkOrder, createContract, createInvoice } = await tenant.run<
    Record<"createWorkOrder" | "createContract" | "createInvoice", Made>
  >(
    `mutation ($by: CustomerKey!, $order: WorkOrderInput!, $text: String!) {
      createWorkOrder(customer: $by, input: $order) { id }
      createContract(customer: $by, input: { code: $text, title: $text }) { id }
      createInvoice(customer: $by, input: { code: $text, amount: "1", currency: "VND" }) { id }
    }`,
    { by, order: { code: text, title: text, assetId: asset.id }, text },
  );
  await database.write(tenant.id, async (scope) => {
    const p = new Parameters();
    const given = `${p.add(uuidv7())}, ${p.add(customer.id)}, ${p.add(ONLY_HERE.formerCode)}, ${p.add(ONLY_HERE.formerCode)}`;
    await scope.query(
      `insert into customer_previous_codes (tenant_id, id, customer_id, code, code_key) values ($1, ${given})`,
      p,
    );
  });
  const { customer: first, ...lists } = await tenant.run<Record<string, Listed> & { customer: { history: Listed } }>(`{
    customers(first: 1) { edges { cursor } } assets(first: 1) { edges { cursor } } workOrders(first: 1) { edges { cursor } }
    contracts(first: 1) { edges { cursor } } invoices(first: 1) { edges { cursor } }
    customer(by: { code: "K-1" }) { history(first: 1) { edges { cursor } } }
  }`);
  return {
    ...ONLY_HERE,
    ids: {
      customer: customer.id,
      contact: customer.contacts[0]?.id ?? "",
      bankAccount: customer.bankAccounts[0]?.id ?? "",
      asset: asset.id,
      workOrder: createWorkOrder.id,
      contract: createContract.id,
      invoice: createInvoice.id,
    },
    cursors: Object.fromEntries(
      Object.entries({ ...lists, history: first.history }).map(([list, connection]) => [
        list,
        connection.edges[0]?.cursor ?? "",
      ]),
    ),
  };
}

/** The same id but for its last digits: no row has it. */
const neverId = (id: string): string =>
  `${id.slice(0, -12)}${id.endsWith("0".repeat(12)) ? "1" : "0"}${"0".repeat(11)}`;

/** What never existed, as like to those as can be. */
export function neverLike({ ids, cursors }: Names): Names {
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
