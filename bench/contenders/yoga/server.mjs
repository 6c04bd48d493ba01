/** GraphQL Yoga with a schema by Pothos, DataLoaders by its plugin and statements by Kysely; a transaction an operation. */
import { createServer } from "node:http";
import process from "node:process";
import { createYoga } from "graphql-yoga";
import { credentialChecker } from "../credentials.mjs";
import { beginFor, pool } from "./database.mjs";
import { schema } from "./schema.mjs";

const { HOST, PORT } = process.env;
const findCredential = credentialChecker(pool);

/** Ends the operation's transaction before its answer is sent. */
const endTransaction = {
  onExecute: ({ args }) => ({
    onExecuteDone: async ({ result }) => {
      const { transaction } = args.contextValue;
      await (result.errors ? transaction.rollback() : transaction.commit()).execute();
    },
  }),
};

const yoga = createYoga({
  schema,
  graphiql: false,
  landingPage: false,
  logging: false,
  plugins: [endTransaction],
  context: async ({ request }) => {
    const credential = await findCredential(request.headers.get("authorization"));
    if (!credential) throw new Error("Unknown key");
    const { tenantId } = credential;
    return { credential, tenantId, transaction: await beginFor(tenantId) };
  },
});

createServer(yoga).listen(Number(PORT), HOST);
