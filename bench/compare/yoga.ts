import path from "node:path";
import { listsInNodes, rewritten } from "./common-shape";
import { type Contender } from "./contender";
import { installedFolder } from "./own-folder";
import { NEW_CUSTOMER, type Workload } from "./workloads";

const PAGE_INFO = "pageInfo { hasNextPage endCursor }";
const CONTACTS = "contacts { id name title email phone isPrimary }";
const ACCOUNTS = "bankAccounts { id bankCode bankName accountHolderName maskedAccountNumber }";
const TERMS = "status { code name } type { code name } group { code name }";

const page = (first: number, nodes: string): string =>
  `query ($after: String!) { customers(first: ${first}, after: $after) { nodes { ${nodes} } ${PAGE_INFO} } }`;

const QUERIES: Record<Workload, string> = {
  Q1: page(50, `id code name email createdAt ${TERMS} ${CONTACTS} ${ACCOUNTS}`),
  Q2: `query ($id: ID!) {
    customer(id: $id) {
      id code kind name email phones taxId tags version createdAt updatedAt
      address { country city district street postalCode }
      ${TERMS} branch { code name } ${CONTACTS} ${ACCOUNTS}
      assets(first: 20) { id code name category manufacturer model serialNumber status location }
      workOrders(first: 20) { id code title description status priority scheduledAt createdAt }
    }
  }`,
  Q3: page(100, "id code kind name email phones taxId tags version createdAt updatedAt"),
  Q4: page(
    20,
    `id code name ${CONTACTS} workOrders(first: 20) { id code title status scheduledAt asset { id code name } }`,
  ),
  Q5: page(50, "id code name workOrders(first: 3) { id code title status createdAt }"),
  M1: `mutation ($input: NewCustomer!) {
    createCustomer(input: $input) {
      id code name email phones createdAt status { code name } ${CONTACTS} ${ACCOUNTS}
    }
  }`,
};

/** The usual way to build such a server today: a schema in code, a statement a relation by DataLoader. */
export const YOGA: Contender = {
  name: "yoga",
  title: "Yoga + Pothos + Kysely",
  async prepare({ databaseUrl, poolSize, encryptionKey }) {
    const folder = await installedFolder("yoga");
    const env = { DATABASE_URL: databaseUrl, POOL_SIZE: String(poolSize), ENCRYPTION_KEY: encryptionKey };
    return { command: process.execPath, args: [path.join(folder, "server.mjs")], env };
  },
  request(workload, { customer: { id, createdAt } }) {
    const after = Buffer.from(JSON.stringify([createdAt, id])).toString("base64url");
    const variables = workload === "M1" ? { input: NEW_CUSTOMER } : workload === "Q2" ? { id } : { after };
    return { path: "/graphql", body: { query: QUERIES[workload], variables } };
  },
  toCommonShape: (_workload, data) => rewritten(data, listsInNodes),
};
