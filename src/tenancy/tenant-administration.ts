import { type EntityManager } from "typeorm";
import { v7 as uuidv7 } from "uuid";
import { createDataSource, READ_AS_OWNER } from "../database/data-source";
import { violatedUniqueKey } from "../database/database-errors";
import { codeKey, hasControlCharacters, normalizeName, normalizeText } from "../text/text";

/** A tenant as administrators see it. */
export interface TenantRecord {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** A tenant could not be made, and why. */
export class TenantError extends Error {}

const MAX_CODE_LENGTH = 64;
const MAX_NAME_LENGTH = 200;

/** Makes and lists tenants, with the login that owns the database: no tenant's credential reaches this. */
export class TenantAdministration {
  private constructor(private readonly dataSource: ReturnType<typeof createDataSource>) {}

  static async connect(adminUrl: string): Promise<TenantAdministration> {
    const options = { url: adminUrl, entities: [], poolSize: 1, poolTimeoutMs: 10_000 };
    return new TenantAdministration(await createDataSource(options).initialize());
  }

  /** @throws TenantError where the code is taken, or code or name do not fit */
  async create(code: string, name: string): Promise<TenantRecord> {
    const tenant = { id: uuidv7(), code: normalizeText(code), name: normalizeName(name) };
    if (tenant.code === "" || tenant.code.length > MAX_CODE_LENGTH || hasControlCharacters(tenant.code)) {
      throw new TenantError(`A tenant's code has 1 to ${MAX_CODE_LENGTH} characters on one line.`);
    }
    if (tenant.name === "" || tenant.name.length > MAX_NAME_LENGTH) {
      throw new TenantError(`A tenant's name has 1 to ${MAX_NAME_LENGTH} characters.`);
    }
    try {
      await this.dataSource.query("insert into tenants (id, code, code_key, name) values ($1, $2, $3, $4)", [
        tenant.id,
        tenant.code,
        codeKey(tenant.code),
        tenant.name,
      ]);
    } catch (error) {
      if (violatedUniqueKey(error) === "tenants_code_u") {
        throw new TenantError(`There is a tenant "${tenant.code}" already. Choose another code.`);
      }
      throw error;
    }
    return { ...tenant, createdAt: new Date() };
  }

  /** Every tenant, by code. */
  list(): Promise<TenantRecord[]> {
    return this.dataSource.query<TenantRecord[]>(
      `select id, code, name, created_at as "createdAt" from tenants order by code_key`,
    );
  }

  /** The tenant with a code, compared without regard to case. */
  async findByCode(code: string): Promise<TenantRecord | undefined> {
    const [tenant] = await this.dataSource.query<TenantRecord[]>(
      `select id, code, name, created_at as "createdAt" from tenants where code_key = $1`,
      [codeKey(code)],
    );
    return tenant;
  }

  /** Removes a tenant with everything of it. */
  async remove(id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      // The owner is held by row-level security too.
      await manager.query(READ_AS_OWNER, [true]);
      await manager.query("select set_config('app.tenant', $1, true)", [id]);
      for (const table of await tablesChildrenFirst(manager)) {
        await manager.query(`delete from ${table} t where t.tenant_id = $1`, [id]);
      }
      await manager.query("delete from tenants where id = $1", [id]);
    });
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}

/** The tables of tenants' rows, each before those that it refers to. */
async function tablesChildrenFirst(manager: EntityManager): Promise<string[]> {
  const tables = await manager.query<{ name: string; parents: string[] }[]>(
    `select c.oid::regclass::text as name, array(
       select k.confrelid::regclass::text from pg_constraint k
       where k.contype = 'f' and k.conrelid = c.oid and k.confrelid <> c.oid) as parents
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`,
  );
  const ordered: string[] = [];
  const left = new Map(tables.map(({ name, parents }) => [name, parents]));
  while (left.size > 0) {
    const referredTo = new Set([...left.values()].flat());
    const free = [...left.keys()].filter((name) => !referredTo.has(name));
    if (free.length === 0) throw new Error("The tables refer to each other in a circle");
    for (const name of free) left.delete(name);
    ordered.push(...free);
  }
  return ordered;
}
