import { type Config } from "../config";
import { startEmbeddedPostgres } from "./embedded-postgres";
import { ensureEmbeddedRoles } from "./embedded-roles";

/** A PostgreSQL to work with. */
export interface OpenDatabase {
  /** The login of the server. */
  readonly url: string;
  /** The login that migrates and administers. */
  readonly adminUrl: string;
  readonly isEmbedded: boolean;
  /** Ends the embedded server with its last user; leaves any other alone. */
  close(): Promise<void>;
}

/** Where the embedded PostgreSQL is kept below the data folder. */
export const embeddedFolder = (dataDir: string): string => `${dataDir}/postgres`;

/** The configured PostgreSQL, or the embedded one under the data folder, started where it does not run. */
export async function openDatabase({ databaseUrl, databaseAdminUrl, dataDir }: Config): Promise<OpenDatabase> {
  if (databaseUrl !== undefined) {
    return {
      url: databaseUrl,
      adminUrl: databaseAdminUrl ?? databaseUrl,
      isEmbedded: false,
      close: () => Promise.resolve(),
    };
  }
  const dir = embeddedFolder(dataDir);
  const server = await startEmbeddedPostgres({ dir });
  try {
    const urls = await ensureEmbeddedRoles(server.superuserUrl, dir);
    return { ...urls, isEmbedded: true, close: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
