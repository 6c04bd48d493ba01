import fs from "node:fs";
import path from "node:path";
import { customerOrder } from "../../src/customers/customer-order";
import { encodeCursor } from "../../src/pagination/cursor";
import { type Contender } from "./contender";
import { NEW_CUSTOMER, type Workload } from "./workloads";

const MAIN = path.join(__dirname, "../../dist/src/cli/main.js");

const PAGE_INFO = "pageInfo { hasNextPage endCursor }";
const CONTACT = "id name title email phone isPrimary";
const ACCOUNT = "id bankCode bankName accountHolderName maskedAccountNumber";
const TERMS = "status { code name } type { code name } group { code name }";

const QUERIES: Record<Workload, string> = {
  Q1: `query Q1($after: String) {
    customers(first: 50, after: $after) {
      nodes { id code name email createdAt ${TERMS} contacts { ${CONTACT} } bankAccounts { ${ACCOUNT} } }
      ${PAGE_INFO}
    }
  }`,
  Q2: `query Q2($id: ID!) {
    customer(by: { id: $id }) {
      id code kind name email phones taxId tags version createdAt updatedAt
      address { country city district street postalCode }
      ${TERMS} branch { code name }
      contacts { ${CONTACT} }
      bankAccounts { ${ACCOUNT} }
      assets(first: 20) { nodes { id code name category manufacturer model serialNumber status location } }
      workOrders(first: 20) { nodes { id code title description status priority scheduledAt createdAt } }
    }
  }`,
  Q3: `query Q3($after: String) {
    customers(first: 100, after: $after) {
      nodes { id code kind name email phones taxId tags version createdAt updatedAt }
      ${PAGE_INFO}
    }
  }`,
  Q4: `query Q4($after: String) {
    customers(first: 20, after: $after) {
      nodes {
        id code name contacts { ${CONTACT} }
        workOrders(first: 20) { nodes { id code title status scheduledAt asset { id code name } } }
      }
      ${PAGE_INFO}
    }
  }`,
  Q5: `query Q5($after: String) {
    customers(first: 50, after: $after) {
      nodes { id code name workOrders(first: 3) { nodes { id code title status createdAt } } }
      ${PAGE_INFO}
    }
  }`,
  M1: `mutation M1($input: CustomerInput!) {
    createCustomer(input: $input) {
      id code name email phones createdAt status { code name } contacts { ${CONTACT} } bankAccounts { ${ACCOUNT} }
    }
  }`,
};

/** This project, as it is built. */
export function clientele(name: string, title: string, settings: NodeJS.ProcessEnv): Contender {
  return {
    name,
    title,
    prepare({ databaseUrl, poolSize, dataDir, encryptionKey }) {
      if (!fs.existsSync(MAIN)) throw new Error("There is no build: npm run build");
      const env = {
        DATABASE_URL: databaseUrl,
        POOL_SIZE: String(poolSize),
        DATA_DIR: dataDir,
        ENCRYPTION_KEYS: encryptionKey,
        LOG_LEVEL: "warn",
        MALLOC_ARENA_MAX: "2", // as in the Dockerfile
        ...settings,
      };
      return { command: process.execPath, args: ["--heap-growing-percent=50", MAIN, "serve"], env };
    },
    request(workload, { customer }) {
      const after = encodeCursor(customerOrder(null).key, [customer.createdAt, customer.id]);
      const variables =
        workload === "M1" ? { input: NEW_CUSTOMER } : workload === "Q2" ? { id: customer.id } : { after };
      return { path: "/graphql", body: { query: QUERIES[workload], variables } };
    },
    toCommonShape: (_workload, data) => data, // is Clientele's
  };
}

export const CLIENTELE = clientele("clientele", "Clientele", {});
export const CLIENTELE_FIELD_BY_FIELD = clientele("field-by-field", "Clientele, READ_PLANNER=false", {
  READ_PLANNER: "false",
});
