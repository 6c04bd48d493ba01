import { withClient } from "../support/database";
import { startGateway, type TestTenant } from "../support/gateway";

const READ = "{ customers { nodes { code } } }";
const CREATE = "mutation ($code: String!) { createCustomer(input: { code: $code, name: $code }) { code } }";

/** Asks again and again until it is told to stop. @returns how often */
async function readUntil(tenant: TestTenant, isDone: () => boolean): Promise<number> {
  for (let reads = 0; ; reads++) {
    if (isDone()) return reads;
    await tenant.run(READ);
  }
}

test("whoever writes gets the only connection, although readers never leave it", async () => {
  const gateway = await startGateway({ poolSize: 1 });
  try {
    const [tenant, other] = [await gateway.aTenant(), await gateway.aTenant()];
    let isDone = false;
    const readers = [...Array(12).keys()].map((n) => readUntil(n % 2 === 0 ? tenant : other, () => isDone));
    for (const code of ["A", "B", "C", "D", "E"]) await tenant.run(CREATE, { code });
    isDone = true;
    for (const reads of await Promise.all(readers)) expect(reads).toBeGreaterThan(0);
    expect(await tenant.run("{ customers { totalCount } }")).toEqual({ customers: { totalCount: 5 } });
    expect(await other.run("{ customers { totalCount } }")).toEqual({ customers: { totalCount: 0 } });
  } finally {
    await gateway.close();
  }
});

test("a read that takes long, and fails, holds up nothing that comes later and takes nothing with it", async () => {
  const timeLimits = { statementTimeoutMs: 20_000, lockTimeoutMs: 20_000, idleTimeoutMs: 20_000 };
  const gateway = await startGateway({ poolSize: 2, timeLimits });
  try {
    const [tenant, other] = [await gateway.aTenant(), await gateway.aTenant()];
    await other.run(CREATE, { code: "THERE" });
    await withClient(gateway.database.superuserUrl, async (blocker) => {
      await blocker.query("begin");
      await blocker.query("lock table contracts in access exclusive mode");
      let isOver = false;
      const blocked = tenant.execute("{ contracts { nodes { code } } }").finally(() => (isOver = true));
      const waiting = `from pg_locks where not granted and relation = 'contracts'::regclass
        and clock_timestamp() - waitstart > interval '20 ms'`;
      while ((await blocker.query(`select 1 ${waiting}`)).rowCount === 0);
      for (let round = 0; round < 5; round++) {
        const answers = await Promise.all([1, 2, 3, 4].map(() => other.run(READ)));
        for (const answer of answers) expect(answer).toEqual({ customers: { nodes: [{ code: "THERE" }] } });
      }
      expect(isOver).toBe(false);
      await blocker.query(`select pg_cancel_backend(pid) ${waiting}`);
      expect((await blocked).errors?.[0]?.extensions.code).toBe("TIMEOUT");
      await blocker.query("rollback");
    });
    expect(await tenant.run("{ contracts { nodes { code } } }")).toEqual({ contracts: { nodes: [] } });
  } finally {
    await gateway.close();
  }
});
