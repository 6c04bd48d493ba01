import { setTimeout as sleep } from "node:timers/promises";
import { withClient } from "../support/database";
import { startGateway } from "../support/gateway";

test("statements of one batch that take nearly as long as each may are not taken for silence", async () => {
  const timeLimits = { statementTimeoutMs: 1400, lockTimeoutMs: 1400, idleTimeoutMs: 5000 };
  const gateway = await startGateway({ poolSize: 2, timeLimits });
  try {
    const tenant = await gateway.aTenant();
    const url = gateway.database.superuserUrl;
    await withClient(url, (writes) =>
      withClient(url, async (reads) => {
        await writes.query("begin; lock table customers in share mode");
        await reads.query("begin; lock table contracts in access exclusive mode");
        const created = tenant.run(
          'mutation { createCustomer(input: { code: "SLOW" }) { code contracts { nodes { code } } } }',
        );
        // Together longer than one may take with the second that its answer is waited for beyond that.
        await sleep(1250);
        await writes.query("rollback");
        await sleep(1250);
        await reads.query("rollback");
        expect(await created).toEqual({ createCustomer: { code: "SLOW", contracts: { nodes: [] } } });
      }),
    );
  } finally {
    await gateway.close();
  }
});

test("a statement that fails before it is kept fails no other that uses it", async () => {
  const timeLimits = { statementTimeoutMs: 2000, lockTimeoutMs: 300, idleTimeoutMs: 5000 };
  const gateway = await startGateway({ poolSize: 1, timeLimits });
  try {
    const tenant = await gateway.aTenant();
    await tenant.run("{ customers { totalCount } }");
    const read = "{ contracts { nodes { code } } }";
    await withClient(gateway.database.superuserUrl, async (migration) => {
      await migration.query("begin; lock table contracts in access exclusive mode");
      const answers = await Promise.all([read, read, read, read].map((query) => tenant.execute(query)));
      for (const { errors } of answers) expect(errors?.[0]?.extensions.code).toBe("TIMEOUT");
      await migration.query("rollback");
    });
    const answers = await Promise.all([read, read, read, read].map((query) => tenant.run(query)));
    for (const answer of answers) expect(answer).toEqual({ contracts: { nodes: [] } });
  } finally {
    await gateway.close();
  }
});
