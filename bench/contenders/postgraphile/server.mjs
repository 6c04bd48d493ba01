/**
 * PostGraphile over Clientele's tables, as its documentation would have it run in production: row-level security by a role
 * and a setting of the transaction, no GraphiQL, statements prepared.
 */
import { createServer } from "node:http";
import process from "node:process";
import pg from "pg";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { credentialChecker } from "../credentials.mjs";
import { createCustomer } from "./create-customer.mjs";
import { createdAfter } from "./created-after.mjs";
import { names } from "./names.mjs";

const { DATABASE_URL, POOL_SIZE, HOST, PORT } = process.env;
const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(POOL_SIZE),
  options: "-c plan_cache_mode=force_generic_plan",
});
const findCredential = credentialChecker(pool);

const preset = {
  extends: [PostGraphileAmberPreset],
  disablePlugins: ["PgMutationCreatePlugin", "PgMutationUpdateDeletePlugin"],
  plugins: [names, createdAfter, createCustomer],
  pgServices: [makePgService({ pool, schemas: ["public"], pubsub: false })],
  schema: { defaultBehavior: "+list" },
  grafserv: { graphiql: false, graphqlPath: "/graphql", outputDataAsString: true },
  grafast: {
    explain: false,
    context: async ({ node }) => {
      const credential = await findCredential(node.req.headers.authorization);
      if (!credential) throw new Error("Unknown key");
      return { credential, pgSettings: { role: "clientele_app", "app.tenant": credential.tenantId } };
    },
  },
};

const instance = postgraphile(preset);
const serv = instance.createServ(grafserv);
const server = createServer();
await serv.addTo(server);
await instance.getSchema();
server.listen(Number(PORT), HOST);
