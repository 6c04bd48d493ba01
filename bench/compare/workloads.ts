import { type Client } from "pg";

/** What is asked of every contender; `Q` reads, `M` writes. */
export const WORKLOADS = {
  Q1: "50 customers with contacts, bank accounts, status, type, group",
  Q2: "one customer with everything",
  Q3: "100 customers alone",
  Q4: "20 customers with contacts, work orders and their assets",
  Q5: "50 customers with the 3 latest work orders each",
  M1: "create a customer with a contact and a bank account",
} as const;

export type Workload = keyof typeof WORKLOADS;

export interface Tenant {
  readonly id: string;
  /** An API key. */
  readonly token: string;
}

/** One request, as every contender understands it in its own words. */
export interface Call {
  readonly tenant: Tenant;
  /** Q2: this customer; the lists: those after it. M1 has nothing to do with it. */
  readonly customer: { readonly id: string; readonly createdAt: string };
}

/** Stands in requests of M1 where the number of the new customer comes. */
export const NUMBER = "########";

/** Of M1: whatever is told apart by the number, is by the code of such customers. */
export const NEW_CODE_PREFIX = "BENCH-";

/** What M1 creates. */
export const NEW_CUSTOMER = {
  code: `${NEW_CODE_PREFIX}${NUMBER}`,
  kind: "PERSONAL",
  name: `Grace Hopper ${NUMBER}`,
  email: `person.${NUMBER}@example.com`,
  phones: ["+84912345678"],
  tags: ["vip"],
  status: "ACTIVE",
  contacts: [{ name: `Contact ${NUMBER}`, email: `contact.${NUMBER}@example.com`, isPrimary: true }],
  bankAccounts: [
    { bankCode: "970436", bankName: "Vietcombank", accountHolderName: "Grace Hopper", accountNumber: `${NUMBER}1234` },
  ],
};

/** So many calls are made again and again. */
const CALLS = 500;
/** No page ends before it is full. */
const LEFT_AT_LEAST = 100;

/**
 * The calls of a workload, the same for every contender: half of them of the first tenant, at places all over its list, and
 * half of the others.
 */
export async function readCalls(client: Client, tenants: readonly Tenant[]): Promise<Call[]> {
  const { rows } = await client.query<{ tenantId: string; id: string; createdAt: Date }>(
    `select tenant_id as "tenantId", id, created_at as "createdAt"
     from (
       select *, row_number() over (partition by tenant_id = $1 order by md5(id::text)) as place
       from (select tenant_id, id, created_at, row_number() over (partition by tenant_id order by created_at desc) as nth_last
             from customers where tenant_id = any ($2)) c
       where nth_last > $3
     ) c
     where place <= $4 order by place, tenant_id = $1`,
    [tenants[0]?.id, tenants.map(({ id }) => id), LEFT_AT_LEAST, CALLS / 2],
  );
  const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  return rows.flatMap(({ tenantId, id, createdAt }) => {
    const tenant = byId.get(tenantId);
    return tenant ? [{ tenant, customer: { id, createdAt: createdAt.toISOString() } }] : [];
  });
}
