import { type DataSource } from "typeorm";
import { createDataSource } from "./data-source";

/** Any number will do, as long as it stays the same. */
const MIGRATION_LOCK = 6_702_211_002;

/** Brings the database to this version. Several processes may try at once: one works, the others wait. @returns what ran */
export async function migrate(adminUrl: string): Promise<string[]> {
  return withLock(adminUrl, async (dataSource) => {
    const done = await dataSource.runMigrations({ transaction: "all" });
    return done.map(({ name }) => name);
  });
}

/** Takes back the newest migration. @returns whether there was one */
export async function revertMigration(adminUrl: string): Promise<boolean> {
  return withLock(adminUrl, async (dataSource) => {
    const count = async (): Promise<number> => {
      const [row] = await dataSource.query<{ count: number }[]>("select count(*)::int as count from schema_migrations");
      return row?.count ?? 0;
    };
    const before = await count();
    if (before === 0) return false;
    await dataSource.undoLastMigration({ transaction: "all" });
    return (await count()) < before;
  });
}

async function withLock<T>(adminUrl: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const options = { url: adminUrl, entities: [], poolSize: 2, poolTimeoutMs: 10_000, readsAsOwner: true };
  const dataSource = await createDataSource(options).initialize();
  const holder = dataSource.createQueryRunner();
  try {
    await holder.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]); // until its connection ends
    return await work(dataSource);
  } finally {
    await holder.release();
    await dataSource.destroy();
  }
}
