/** A bare HTTP server: a path a workload, a statement a path, whose value is sent as it is. */
import { Buffer } from "node:buffer";
import { createServer } from "node:http";
import process from "node:process";
import pg from "pg";
import { credentialChecker } from "../credentials.mjs";
import { newCustomerRows, readEncryptionKey } from "../new-customer.mjs";
import { STATEMENTS } from "./statements.mjs";

const { DATABASE_URL, POOL_SIZE, HOST, PORT, ENCRYPTION_KEY } = process.env;
const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(POOL_SIZE),
  pipeline: true,
  options: "-c plan_cache_mode=force_generic_plan -c timezone=UTC",
});
const encryptionKey = readEncryptionKey(ENCRYPTION_KEY);
const findCredential = credentialChecker(pool);

createServer((request, response) => {
  answer(request).then(
    (data) => {
      const body = `{"data":${data}}`;
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.end(body);
    },
    (error) => {
      response.writeHead(500, { "content-type": "application/json" });
      response.end(JSON.stringify({ errors: [{ message: String(error) }] }));
    },
  );
}).listen(Number(PORT), HOST);

async function answer(request) {
  const credential = await findCredential(request.headers.authorization);
  if (!credential) throw new Error("Unknown key");
  const workload = request.url.slice(1);
  const values = valuesOf(workload, JSON.parse(await readBody(request)), credential);
  const statement = { name: workload, text: STATEMENTS[workload], values: [credential.tenantId, ...values] };
  const client = await pool.connect();
  try {
    // Sent together; row-level security holds between them.
    const [, , result] = await Promise.all([
      client.query(workload === "M1" ? "begin" : "begin read only"),
      client.query({ name: "set_tenant", text: "select set_tenant($1)", values: [credential.tenantId] }),
      client.query(statement),
      client.query("commit"),
    ]);
    client.release();
    return result.rows[0].data;
  } catch (error) {
    client.release(error);
    throw error;
  }
}

function valuesOf(workload, asked, credential) {
  if (workload === "M1")
    return [JSON.stringify(newCustomerRows(credential.tenantId, asked, { credential, encryptionKey }))];
  return workload === "Q2" ? [asked.id] : [asked.createdAt, asked.id];
}

function readBody(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", reject);
  });
}
