/**
 * Measures `clientele import`: customers a second, each with a phone number, a contact and a bank account, into a fresh
 * embedded PostgreSQL that writes to the disk as it does for users.
 *
 *     node -r @swc-node/register bench/import.ts [customers, default 50000] [rounds, default 3]
 */
import "reflect-metadata";
import fs from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { withSession } from "../src/cli/session";
import { readConfig } from "../src/config";
import { CustomerImportService } from "../src/import/customer-import.service";
import { CustomerRowReader } from "../src/import/customer-rows";
import { ImportSource } from "../src/import/import-source";
import { readJsonLines } from "../src/import/json-lines";
import { RejectedRows } from "../src/import/rejected-rows";

const NAMES = ["Nguyễn Văn An", "Trần Thị Bình", "Ada Lovelace", "Jan de Vries", "Jürgen Müller", "Grace Hopper"];

async function main(customers: number, rounds: number): Promise<void> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "clientele-bench-"));
  fs.chmodSync(folder, 0o755); // PostgreSQL has an account of its own where this runs as root
  try {
    const file = path.join(folder, "customers.jsonl");
    writeCustomers(file, customers);
    const size = (fs.statSync(file).size / 2 ** 20).toFixed(1);
    console.log(`${customers} customers, ${size} MiB; ${cpus().length} cores, Node ${process.version}`);
    const config = readConfig({ DATA_DIR: folder });
    await withSession(config, async ({ app, tenants }) => {
      const imports = new CustomerImportService(
        app.database,
        app.services.customers.update,
        new CustomerRowReader(app.schema),
      );
      for (let round = 1; round <= rounds; round++) {
        const tenant = await tenants.create(`round-${round}`, "Bench");
        const source = await ImportSource.open(file);
        const load = loadavg()[0]?.toFixed(1);
        const before = process.cpuUsage();
        const started = performance.now();
        const { created, rejected } = await imports.import({
          tenantId: tenant.id,
          source,
          readRows: readJsonLines,
          rejectedRows: new RejectedRows(path.join(folder, "customers.rejected.jsonl")),
          batchSize: 500,
        });
        const seconds = (performance.now() - started) / 1000;
        const { user, system } = process.cpuUsage(before);
        await source.close();
        console.log(
          `round ${round}: ${Math.round(created / seconds)} customers/s (${created} created, ${rejected} rejected, ` +
            `${seconds.toFixed(1)} s, this process ${((user + system) / 1e6).toFixed(1)} s of CPU; load before ${load})`,
        );
      }
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function writeCustomers(file: string, count: number): void {
  const descriptor = fs.openSync(file, "w");
  for (let number = 0; number < count; number++) {
    const name = `${NAMES[number % NAMES.length]} ${number}`;
    const customer = {
      code: `CUST-${number}`,
      name,
      email: `person${number}@example.com`,
      phones: [`+849${10_000_000 + number}`],
      taxId: String(1_000_000_000 + number),
      tags: ["VIP"],
      address: { country: "VN", state: "Ho Chi Minh", district: "District 1", street: `${number} Le Loi Street` },
      contacts: [
        {
          name: `Contact ${number}`,
          email: `contact${number}@example.com`,
          phone: `+8491${1_000_000 + number}`,
          isPrimary: true,
        },
      ],
      bankAccounts: [
        {
          bankCode: "970436",
          bankName: "Vietcombank",
          accountHolderName: name,
          accountNumber: String(100_000_000_000 + number),
        },
      ],
    };
    fs.writeSync(descriptor, `${JSON.stringify(customer)}\n`);
  }
  fs.closeSync(descriptor);
}

const [customers = "50000", rounds = "3"] = process.argv.slice(2);
void main(Number(customers), Number(rounds));
