import { execFile, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { type AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { startGateway, type TestGateway, type TestTenant } from "../support/gateway";
import { aClient } from "../auth/signing";

/* The programs of the documentation that sign requests, run as they are against a server. */

const FOLDER = path.join(__dirname, "../../docs/examples");
const PAGE = readFileSync(path.join(__dirname, "../../docs/authentication.md"), "utf8");
const PROGRAMS = [
  { file: "sign.mjs", command: process.execPath, needs: [process.execPath] },
  { file: "sign.py", command: "python3", needs: ["python3"] },
  { file: "sign.sh", command: "sh", needs: ["sh", "openssl", "curl"] },
];

let gateway: TestGateway;
let tenant: TestTenant;
let environment: Record<string, string>;
beforeAll(async () => {
  gateway = await startGateway();
  tenant = await gateway.aTenant();
  await gateway.http.listen({ host: "127.0.0.1", port: 0 });
  const { port } = gateway.http.server.address() as AddressInfo;
  const { id, secret } = await aClient(gateway, tenant.id);
  environment = {
    PATH: process.env["PATH"] ?? "",
    CLIENTELE_URL: `http://127.0.0.1:${port}`,
    CLIENTELE_CLIENT_ID: id,
    CLIENTELE_SECRET: secret,
  };
});
afterAll(() => gateway.close());

/** Nothing but Node is promised to be there: the others are told to be missing by a test that is skipped. */
function isThere(command: string): boolean {
  return spawnSync("command", ["-v", command], { shell: true }).status === 0;
}

test("each program is here, and stands in docs/authentication.md as it is", () => {
  expect(readdirSync(FOLDER)).toEqual(PROGRAMS.map(({ file }) => file).sort());
  const fenced = [...PAGE.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(([, text]) => text);
  for (const { file } of PROGRAMS) expect(fenced).toContain(readFileSync(path.join(FOLDER, file), "utf8"));
});

describe.each(PROGRAMS)("$file", ({ file, command, needs }) => {
  const missing = needs.filter((name) => !isThere(name));
  const run = async (body: object): Promise<any> => {
    const args = [path.join(FOLDER, file), JSON.stringify(body)];
    const { stdout } = await promisify(execFile)(command, args, { env: environment, encoding: "utf8" });
    return JSON.parse(stdout);
  };

  (missing.length === 0 ? test : test.skip)(
    `signs what is written and asked, twice the same too${missing.length > 0 ? ` (not run: ${missing.join(", ")} missing)` : ""}`,
    async () => {
      const query = "mutation($name: String) { createCustomer(input: { name: $name }) { name } }";
      const name = `Nguyễn Thị "Đào" — 50% 🌸 ${file}`;
      expect(await run({ query, variables: { name } })).toEqual({ data: { createCustomer: { name } } });
      const read = { query: "{ viewer { credential tenant { code } } }" };
      const viewer = { credential: "nightly sync", tenant: { code: tenant.code } };
      expect(await Promise.all([run(read), run(read)])).toEqual([{ data: { viewer } }, { data: { viewer } }]);
    },
  );
});
