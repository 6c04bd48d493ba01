import { createHash } from "node:crypto";
import { type GraphQLSchema } from "graphql";
import { type TenantDatabase } from "../tenancy/tenant-database";
import { type Asker, type GivenAnswer } from "./asker";
import { type Finding } from "./finding";
import { addOnlyHere, neverLike } from "./only-here";
import { questionsInOrder, valueAt, type Names } from "./places";
import { ask, nameOf, type Question } from "./questions";
import { makeWhole, type WholeTenant } from "./whole-tenant";

/** Three tenants that are filled alike, but for what only the first has. */
export interface WalkedTenants<Of extends Asker = Asker> {
  readonly owner: WholeTenant<Of>;
  /** Asks for what is the owner's. */
  readonly asker: WholeTenant<Of>;
  /** Does what the asker does, but for what never existed: mutations change who asks. */
  readonly double: WholeTenant<Of>;
  readonly owned: Names;
  readonly never: Names;
}

/** Fills three empty tenants for the walk. */
export async function fillForWalk<Of extends Asker>(
  database: TenantDatabase,
  askers: readonly [Of, Of, Of],
): Promise<WalkedTenants<Of>> {
  const [owner, asker, double] = [
    await makeWhole(database, askers[0], { customers: 2 }),
    await makeWhole(database, askers[1], { customers: 2 }),
    await makeWhole(database, askers[2], { customers: 2 }),
  ];
  const owned = await addOnlyHere(database, owner);
  return { owner, asker, double, owned, never: neverLike(owned) };
}

/** How to walk. */
export interface WalkOptions {
  /** Ends it after the question that is under way. */
  readonly signal?: AbortSignal;
  /** Called with each question, and how many there are. */
  readonly onAsked?: (asked: number, all: number) => void;
}

/** What came of it. */
export interface Walked {
  readonly asked: number;
  readonly findings: readonly Finding[];
}

/**
 * Asks every place of the schema that looks something up, of queries, filters, nested fields and mutations, for what is
 * another tenant's, and for what never existed: the answers must be the same, show nothing of the other tenant, and change
 * nothing of it.
 */
export async function walkQuestions(
  schema: GraphQLSchema,
  database: TenantDatabase,
  tenants: WalkedTenants,
  { signal, onAsked }: WalkOptions = {},
): Promise<Walked> {
  const { owner, owned, never } = tenants;
  const before = await rowsOf(database, owner.tenant.id);
  const questions = questionsInOrder(schema).filter(({ place }) => valueAt(place, owned) !== undefined);
  const findings: Finding[] = [];
  let asked = 0;
  for (const question of questions) {
    if (signal?.aborted) break;
    const [theirs, nobodys] = [String(valueAt(question.place, owned)), String(valueAt(question.place, never))];
    findings.push(...(await askBoth(tenants, question, theirs, nobodys, before.ids)));
    asked += 1;
    onAsked?.(asked, questions.length);
  }
  const after = await rowsOf(database, owner.tenant.id);
  for (const [table, digest] of Object.entries(before.digests)) {
    if (after.digests[table] === digest) continue;
    findings.push(leak(table, "rows of a tenant changed while another one was asking"));
  }
  return { asked, findings };
}

async function askBoth(
  { owner, asker, double, owned, never }: WalkedTenants,
  question: Question,
  theirs: string,
  nobodys: string,
  idsOfOwner: ReadonlySet<string>,
): Promise<Finding[]> {
  const isMutation = question.owner === "Mutation";
  const other = isMutation ? double : asker;
  const forTheirs = comparable(await ask(asker, question, valueAt(question.place, owned)), asker);
  const forNobodys = comparable(await ask(other, question, valueAt(question.place, never)), other);
  const [said, wanted] = [forTheirs.replaceAll(theirs, "<given>"), forNobodys.replaceAll(nobodys, "<given>")];
  const isSame = isMutation ? withoutIds(said) === withoutIds(wanted) : said === wanted;
  const shown = (said.match(UUID) ?? []).filter((id) => idsOfOwner.has(id));
  const found = (is: boolean, what: string): Finding[] => (is ? [leak(nameOf(question), what)] : []);
  return [
    ...found(!isSame, `another tenant's is answered otherwise than what never existed: ${said} and not ${wanted}`),
    ...found(said.includes(owner.tenant.code) || shown.length > 0, "shows what is another tenant's"),
    ...found(FAILED.test(said), `fails: ${said}`),
  ];
}

const leak = (subject: string, message: string): Finding => ({
  check: "isolation",
  subject,
  message,
  remedy: "Take the server out of service, and report this.",
});

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** No question is to be answered so. */
const FAILED = /INTERNAL_SERVER_ERROR|BAD_REQUEST|VALIDATION_FAILED/;

/** An answer without what differs between any two requests, and what is called otherwise in another tenant. */
export function comparable({ status, data, errors }: GivenAnswer, { tenant }: WholeTenant): string {
  const shown = (errors ?? []).map(({ message, path, extensions: { requestId: _, ...extensions } }) => ({
    message,
    path,
    extensions,
  }));
  return JSON.stringify({ status, data, errors: shown }).replaceAll(tenant.code, "<tenant>");
}

/** Of what is made, the ids are new each time. */
export const withoutIds = (answer: string): string => answer.replace(UUID, "<id>").replace(/"eyJ?[\w-]+"/g, "<cursor>");

/** A digest of every row that a tenant has, by table, and the ids that they have. */
async function rowsOf(
  database: TenantDatabase,
  tenantId: string,
): Promise<{ digests: Record<string, string>; ids: Set<string> }> {
  const digests: Record<string, string> = {};
  const ids = new Set<string>();
  await database.read(tenantId, async (scope) => {
    const tables = await scope.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and $1::uuid is not null order by 1`,
    );
    for (const { name } of tables) {
      const rows = await scope.query<{ row: { id?: string } }>(
        `select to_jsonb(t) as row from ${name} t where t.tenant_id = $1 order by t::text`,
      );
      digests[name] = createHash("sha256").update(JSON.stringify(rows)).digest("hex");
      for (const { row } of rows) if (row.id) ids.add(row.id);
    }
  });
  return { digests, ids };
}
