import path from "node:path";
import { type Contender } from "./contender";
import { NEW_CUSTOMER } from "./workloads";

const SERVER = path.join(__dirname, "../contenders/limit/server.mjs");

/** What is possible at all: a bare HTTP server that sends the finished JSON of one statement written by hand. */
export const LIMIT: Contender = {
  name: "limit",
  title: "limit",
  prepare({ databaseUrl, poolSize, encryptionKey }) {
    const env = { DATABASE_URL: databaseUrl, POOL_SIZE: String(poolSize), ENCRYPTION_KEY: encryptionKey };
    return { command: process.execPath, args: [SERVER], env };
  },
  request: (workload, { customer: { id, createdAt } }) => ({
    path: `/${workload}`,
    body: workload === "M1" ? NEW_CUSTOMER : { id, createdAt },
  }),
  toCommonShape: (_workload, data) => data,
};
