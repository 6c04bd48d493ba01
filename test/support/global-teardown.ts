/** Ends the PostgreSQL of this run. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.testPostgres?.stop();
}
