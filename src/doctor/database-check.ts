import { describeDatabase, EXTENSIONS, readMigrations, ROLES, type ReadRows } from "../database/inspection";
import { EXPECTED_DATABASE } from "./expected-database";
import { type Finding } from "./finding";

const OLDEST_VERSION = 150_000;

/** How the server logs in: as the owner, which switches roles in each transaction, or with a login of its own. */
export type LoginArrangement = "one login" | "two logins";

/** What a look at the database has found. */
export interface DatabaseChecked {
  readonly findings: readonly Finding[];
  readonly arrangement: LoginArrangement;
}

/**
 * Compares a database with what the migrations make, and looks at its roles, extensions and version.
 * @param rows runs statements as the owner of the database
 * @param login the server's
 */
export async function checkDatabase(rows: ReadRows, login: string): Promise<DatabaseChecked> {
  const { arrangement, findings } = await checkLogin(rows, login);
  return {
    arrangement,
    findings: [
      ...(await checkVersion(rows)),
      ...(await checkExtensions(rows)),
      ...(await checkMigrations(rows)),
      ...(await checkDescription(rows)),
      ...(await checkRoles(rows)),
      ...(await checkOwners(rows)),
      ...findings,
      ...(await checkGrants(rows)),
    ],
  };
}

async function checkVersion(rows: ReadRows): Promise<Finding[]> {
  const [server] = await rows<{ number: number; text: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as text",
  );
  if (!server || server.number >= OLDEST_VERSION) return [];
  return [
    {
      check: "version",
      subject: `PostgreSQL ${server.text}`,
      message: "is older than 15",
      remedy: "Upgrade it to 15 or newer.",
    },
  ];
}

async function checkExtensions(rows: ReadRows): Promise<Finding[]> {
  const found = await rows<{ name: string }>("select extname as name from pg_extension");
  return EXTENSIONS.filter((extension) => !found.some(({ name }) => name === extension)).map((extension) => ({
    check: "extensions",
    subject: extension,
    message: "is missing",
    remedy: `Run as the owner: create extension ${extension};`,
  }));
}

async function checkMigrations(rows: ReadRows): Promise<Finding[]> {
  const { pending, unknown } = await readMigrations(rows);
  return [
    ...pending.map((name) => ({
      check: "migrations",
      subject: name,
      message: "has not run",
      remedy: "Run: clientele migrate",
    })),
    ...unknown.map((name) => ({
      check: "migrations",
      subject: name,
      message: "has run, but is not of this version: the database is newer",
      remedy: "Install the version that the database was migrated to.",
    })),
  ];
}

/** The first word of a line, and what the line is about. */
function partsOf(line: string): { kind: string; name: string; definition: string } {
  const [, kind = "", name = "", definition = ""] = /^(\w+) (.+?): (.*)$/.exec(line) ?? [];
  return { kind, name, definition };
}

/** What to do where something of a kind is not as the migrations made it. */
const REMEDIES: Record<string, string> = {
  table: "Restore it: alter table <table> enable row level security, force row level security;",
  policy: "Restore it as it is in the migrations: without it, row-level security does not keep tenants apart.",
  constraint: "Restore it as it is in the migrations, after looking for rows that break it.",
  index: "Make it again as it is in the migrations (create index concurrently), or reindex it.",
  function: "Restore it as it is in the migrations: it runs in every transaction, or with another's rights.",
};

/** The policy for the owner names a role: a restore, or another owner, leaves it behind. */
const remedyFor = (kind: string, subject: string): string =>
  kind === "policy" && subject.endsWith(".owner_reads")
    ? "Run as the owner: select guard_owner_reads(); without it the owner's dumps lack rows and say nothing."
    : (REMEDIES[kind] ?? "");

async function checkDescription(rows: ReadRows): Promise<Finding[]> {
  const byName = (lines: readonly string[]): Map<string, ReturnType<typeof partsOf>> =>
    new Map(
      lines.map((line) => [partsOf(line), line] as const).map(([parts]) => [`${parts.kind} ${parts.name}`, parts]),
    );
  const expected = byName(EXPECTED_DATABASE.trim().split("\n"));
  const actual = byName(await describeDatabase(rows));
  const findings: Finding[] = [];
  for (const [subject, { kind, definition }] of expected) {
    const found = actual.get(subject);
    if (found?.definition === definition) continue;
    const message = found ? `is "${found.definition}" and not "${definition}"` : `is missing: ${definition}`;
    findings.push({ check: kind, subject, message, remedy: remedyFor(kind, subject) });
  }
  // Indexes and constraints beside the migrations' own are an administrator's choice.
  for (const [subject, { kind, definition }] of actual) {
    if (expected.has(subject) || !["table", "policy", "function"].includes(kind)) continue;
    const remedy = "Drop it, or move it to a schema of its own.";
    findings.push({ check: kind, subject, message: `is not made by the migrations: ${definition}`, remedy });
  }
  return findings;
}

interface RoleRow {
  readonly name: string;
  readonly canLogin: boolean;
  /** SUPERUSER, BYPASSRLS, ... */
  readonly powers: readonly string[];
  readonly memberOf: readonly string[];
  /** Tables of ours. */
  readonly owns: readonly string[];
  /** Whether it is, or can become, who owns the tables. */
  readonly isOwner: boolean;
}

function readRoles(rows: ReadRows, names: readonly string[]): Promise<RoleRow[]> {
  return rows<RoleRow>(
    `select r.rolname as name, r.rolcanlogin as "canLogin",
       array_remove(array[case when r.rolsuper then 'SUPERUSER' end, case when r.rolbypassrls then 'BYPASSRLS' end,
         case when r.rolcreaterole then 'CREATEROLE' end, case when r.rolcreatedb then 'CREATEDB' end,
         case when r.rolreplication then 'REPLICATION' end], null) as powers,
       array(select m.roleid::regrole::text from pg_auth_members m where m.member = r.oid
         and m.roleid <> 'pg_database_owner'::regrole order by 1) as "memberOf",
       array(select c.relname::text from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace
         and c.relkind in ('r', 'p') order by 1) as owns,
       coalesce(pg_has_role(r.oid, (select relowner from pg_class where oid = to_regclass('public.tenants')), 'member'), false)
         as "isOwner"
     from pg_roles r where r.rolname = any ($1) order by r.rolname`,
    [names],
  );
}

async function checkRoles(rows: ReadRows): Promise<Finding[]> {
  const roles = await readRoles(rows, ROLES);
  const missing = ROLES.filter((role) => !roles.some(({ name }) => name === role));
  return [
    ...missing.map((role) =>
      finding("roles", role, "is missing", `Run as an administrator: create role ${role} nologin;`),
    ),
    ...roles.flatMap(({ name, powers, memberOf, owns, canLogin }) => {
      const found = (is: boolean, message: string, remedy: string): Finding[] =>
        is ? [finding("roles", name, message, remedy)] : [];
      return [
        ...found(powers.length > 0, `has ${powers.join(", ")}`, `Run as an administrator: ${without(name, powers)}`),
        ...found(canLogin, "can log in", `Run as an administrator: alter role ${name} nologin;`),
        ...found(
          memberOf.length > 0,
          `is a member of ${memberOf.join(", ")}`,
          `Run: revoke ${memberOf.join(", ")} from ${name};`,
        ),
        ...found(
          owns.length > 0,
          `owns ${owns.join(", ")}`,
          "Give them back to the owner: alter table <table> owner to <owner>;",
        ),
      ];
    }),
  ];
}

/** After a restore, tables may be whoever's who restored them, and the owner's policy another role's. */
async function checkOwners(rows: ReadRows): Promise<Finding[]> {
  const others = await rows<{ kind: string; name: string; actual: string; owner: string }>(
    `with owner as (select relowner as oid from pg_class where oid = to_regclass('public.tenants'))
     select 'table' as kind, c.relname as name, pg_get_userbyid(c.relowner) as actual, pg_get_userbyid(owner.oid) as owner
     from pg_class c, owner
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relowner <> owner.oid
       and pg_get_userbyid(c.relowner) <> all ($1)
     union all
     select 'function', p.oid::regprocedure::text, pg_get_userbyid(p.proowner), pg_get_userbyid(owner.oid)
     from pg_proc p, owner
     where p.pronamespace = 'public'::regnamespace and p.proowner <> owner.oid and pg_get_userbyid(p.proowner) <> all ($1)
       and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
     order by 1, 2`,
    [ROLES],
  );
  const ours = others.filter(({ kind, name }) => EXPECTED_DATABASE.includes(`\n${kind} ${name}: `));
  return ours.map(({ kind, name, actual, owner }) =>
    finding(
      "owner",
      name,
      `is owned by ${actual}, and the table tenants by ${owner}`,
      `Run as an administrator: alter ${kind} ${name} owner to "${owner}";`,
    ),
  );
}

async function checkLogin(rows: ReadRows, login: string): Promise<DatabaseChecked> {
  const [role] = await readRoles(rows, [login]);
  if (!role) return { arrangement: "two logins", findings: [] };
  const { powers, memberOf, isOwner } = role;
  const findings: Finding[] = [];
  const found = (is: boolean, message: string, remedy: string): void => {
    if (is) findings.push(finding("login", login, message, remedy));
  };
  const others = memberOf.filter((name) => name !== "clientele_app");
  found(
    !memberOf.includes("clientele_app") && !powers.includes("SUPERUSER"),
    "does not hold clientele_app",
    `Run: grant clientele_app to ${login};`,
  );
  // The owner switches to clientele_app in each transaction, whatever else it may; a login beside it needs nothing else.
  found(
    isOwner ? powers.includes("SUPERUSER") : powers.length > 0,
    `has ${powers.join(", ")}`,
    "Give DATABASE_URL a login that holds clientele_app and nothing else.",
  );
  found(
    !isOwner && others.length > 0,
    `is a member of ${others.join(", ")}`,
    `Run: revoke ${others.join(", ")} from ${login};`,
  );
  return { arrangement: isOwner ? "one login" : "two logins", findings };
}

/** Whom tables are granted to beside the server's roles. */
async function checkGrants(rows: ReadRows): Promise<Finding[]> {
  const grants = await rows<{ name: string; grantee: string }>(
    `select distinct c.relname as name, case when a.grantee = 0 then 'public' else a.grantee::regrole::text end as grantee
     from pg_class c cross join aclexplode(c.relacl) a
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.grantee <> c.relowner
       and not (a.grantee = any (select oid from pg_roles where rolname = any ($1))) order by 1, 2`,
    [ROLES],
  );
  return grants.map(({ name, grantee }) =>
    finding(
      "grants",
      name,
      `is granted to ${grantee}`,
      `Run, unless that is meant: revoke all on ${name} from ${grantee};`,
    ),
  );
}

const finding = (check: string, subject: string, message: string, remedy: string): Finding => ({
  check,
  subject,
  message,
  remedy,
});

const without = (role: string, powers: readonly string[]): string =>
  `alter role ${role} ${powers.map((power) => `no${power.toLowerCase()}`).join(" ")};`;
