import path from "node:path";
import { type Contender } from "./contender";
import { addressFields, isoTimes, listsInNodes, maskedAccounts, rewritten } from "./common-shape";
import { installedFolder } from "./own-folder";
import { NEW_CUSTOMER, type Workload } from "./workloads";

const PAGE_INFO = "pageInfo { hasNextPage endCursor }";
const CONTACTS = `contacts(orderBy: [IS_PRIMARY_DESC, ROW_ID_ASC]) { id: rowId name title email phone isPrimary }`;
const ACCOUNTS = `bankAccounts(orderBy: [ROW_ID_ASC]) {
  id: rowId bankCode bankName accountHolderName accountNumberLastFour accountNumberLength
}`;
const TERMS = "status { code name } type { code name } group { code name }";
const WORK_ORDER_ORDER = "orderBy: [CREATED_AT_DESC, ROW_ID_DESC]";

const page = (first: number, nodes: string): string => `query ($after: Datetime!) {
  customers: allCustomers(
    first: ${first}, condition: { isTrashed: false, createdAfter: $after }, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]
  ) {
    nodes { ${nodes} } ${PAGE_INFO}
  }
}`;

const QUERIES: Record<Workload, string> = {
  Q1: page(50, `id: rowId code name email createdAt ${TERMS} ${CONTACTS} ${ACCOUNTS}`),
  Q2: `query ($tenantId: UUID!, $id: UUID!) {
    customer: customerByTenantIdAndRowId(tenantId: $tenantId, rowId: $id) {
      id: rowId code kind name email phones taxId tags version createdAt updatedAt address
      ${TERMS} branch { code name } ${CONTACTS} ${ACCOUNTS}
      assets(first: 20, orderBy: [CODE_FOLDED_ASC, ROW_ID_ASC]) {
        id: rowId code name category manufacturer model serialNumber status location
      }
      workOrders(first: 20, ${WORK_ORDER_ORDER}) {
        id: rowId code title description status priority scheduledAt createdAt
      }
    }
  }`,
  Q3: page(100, "id: rowId code kind name email phones taxId tags version createdAt updatedAt"),
  Q4: page(
    20,
    `id: rowId code name ${CONTACTS}
     workOrders(first: 20, ${WORK_ORDER_ORDER}) { id: rowId code title status scheduledAt asset { id: rowId code name } }`,
  ),
  Q5: page(
    50,
    `id: rowId code name workOrders(first: 3, ${WORK_ORDER_ORDER}) { id: rowId code title status createdAt }`,
  ),
  M1: `mutation ($input: NewCustomer!) {
    createCustomer(input: $input) {
      id: rowId code name email phones createdAt status { code name } ${CONTACTS} ${ACCOUNTS}
    }
  }`,
};

/** PostGraphile, at its best settings, on a Node that it supports. */
export const POSTGRAPHILE: Contender = {
  name: "postgraphile",
  title: "PostGraphile 5.1",
  async prepare({ databaseUrl, poolSize, encryptionKey }) {
    const folder = await installedFolder("postgraphile");
    const env = {
      DATABASE_URL: databaseUrl,
      POOL_SIZE: String(poolSize),
      ENCRYPTION_KEY: encryptionKey,
      GRAPHILE_ENV: "production",
    };
    return { command: path.join(folder, "node_modules/node/bin/node"), args: [path.join(folder, "server.mjs")], env };
  },
  request(workload, { tenant, customer }) {
    const variables =
      workload === "M1"
        ? { input: NEW_CUSTOMER }
        : workload === "Q2"
          ? { tenantId: tenant.id, id: customer.id }
          : { after: customer.createdAt };
    return { path: "/graphql", body: { query: QUERIES[workload], variables } };
  },
  toCommonShape: (_workload, data) => rewritten(data, isoTimes, listsInNodes, addressFields, maskedAccounts),
};
