import { EXTENSIONS, type ReadRows } from "../database/inspection";
import { quoted, type BackupContents } from "./backup-contents";

/** What a restore needs and does not find, with the SQL that gives it. */
export interface Lack {
  readonly what: string;
  readonly sql: string;
}

/** The database that a restore goes into. */
export interface Target {
  readonly login: string;
  readonly database: string;
  /** The major version. */
  readonly serverVersion: number;
  readonly encoding: string;
  /** What is there already, a few of it named. */
  readonly holds: readonly string[];
  readonly lacks: readonly Lack[];
  /** Roles that the restore makes. */
  readonly rolesToMake: readonly string[];
}

/** What restoring needs, for people to read before it begins. */
export function neededRights(contents: BackupContents): string {
  return (
    `the login of DATABASE_ADMIN_URL owns the database, which is empty; the roles ${contents.roles.join(", ")} are there and ` +
    `granted to it, or it has CREATEROLE to make them; the extensions ${EXTENSIONS.join(", ")} can be made. It needs no ` +
    `superuser and no BYPASSRLS`
  );
}

interface TargetRow {
  readonly login: string;
  readonly database: string;
  readonly version: number;
  readonly encoding: string;
  readonly isSuperuser: boolean;
  readonly makesRoles: boolean;
  readonly ownsDatabase: boolean;
  /** Null: there is no schema public. */
  readonly ownsSchema: boolean | null;
  readonly holds: string[];
  readonly unavailable: string[];
}

/** Looks at the database that a backup is to go into. @param rows runs statements as the login that restores */
export async function examineTarget(rows: ReadRows, contents: BackupContents): Promise<Target> {
  const [target] = await rows<TargetRow>(
    `select r.rolname as login, d.datname as database, current_setting('server_version_num')::int / 10000 as version,
       current_setting('server_encoding') as encoding, r.rolsuper as "isSuperuser", r.rolcreaterole as "makesRoles",
       pg_has_role(r.oid, d.datdba, 'usage') as "ownsDatabase",
       (select pg_has_role(r.oid, n.nspowner, 'usage') from pg_namespace n where n.nspname = 'public') as "ownsSchema",
       array(${OBJECTS}) as holds,
       array(select e from unnest($1::text[]) e where e not in (select name from pg_available_extensions)) as unavailable
     from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`,
    [EXTENSIONS],
  );
  if (!target) throw new Error("The database says nothing of itself");
  const roles = await readRoles(rows, contents.roles);
  const { login, database, version, encoding, holds } = target;
  return {
    login,
    database,
    serverVersion: version,
    encoding,
    holds,
    lacks: target.isSuperuser ? [] : [...lacksOf(target), ...lackingRoles(target, roles)],
    rolesToMake: roles.filter(({ exists }) => !exists).map(({ name }) => name),
  };
}

/** Everything that is neither PostgreSQL's nor an extension's. */
const OBJECTS = `
  select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
  union all
  select p.proname || '()' from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e')
  order by 1`;

function lacksOf({ login, database, ownsDatabase, ownsSchema, unavailable }: TargetRow): Lack[] {
  const lacks: Lack[] = [];
  if (!ownsDatabase) {
    lacks.push({
      what: `${login} does not own the database ${database}`,
      sql: `alter database ${quoted(database)} owner to ${quoted(login)};`,
    });
  }
  if (ownsSchema === null) {
    lacks.push({ what: "there is no schema public", sql: "create schema public authorization pg_database_owner;" });
  } else if (ownsDatabase && !ownsSchema) {
    lacks.push({
      what: `the schema public is not the database owner's`,
      sql: "alter schema public owner to pg_database_owner;",
    });
  }
  for (const name of unavailable) {
    lacks.push({
      what: `the server has no extension ${name} to make`,
      sql: `-- install PostgreSQL's contrib package on the server, or allow the extension ${name} there`,
    });
  }
  return lacks;
}

interface RoleRow {
  readonly name: string;
  readonly exists: boolean;
  readonly isMember: boolean;
  readonly mayGrant: boolean;
}

async function readRoles(rows: ReadRows, names: readonly string[]): Promise<RoleRow[]> {
  return rows<RoleRow>(
    `select w.name, r.oid is not null as exists, coalesce(pg_has_role(current_user, r.oid,
         case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end), false) as "isMember",
       coalesce(case when current_setting('server_version_num')::int < 160000
         then (select rolcreaterole from pg_roles where rolname = current_user)
         else pg_has_role(current_user, r.oid, 'member with admin option') end, false) as "mayGrant"
     from unnest($1::text[]) w (name) left join pg_roles r on r.rolname = w.name order by 1`,
    [names],
  );
}

function lackingRoles({ login, makesRoles }: TargetRow, roles: readonly RoleRow[]): Lack[] {
  return roles
    .filter(({ exists, isMember, mayGrant }) => (exists ? !isMember && !mayGrant : !makesRoles))
    .map(({ name, exists }) => ({
      what: exists
        ? `the role ${name} is not granted to ${login}`
        : `the role ${name} is missing, and ${login} may make none`,
      sql: `${exists ? "" : `create role ${quoted(name)} nologin; `}grant ${quoted(name)} to ${quoted(login)};`,
    }));
}
