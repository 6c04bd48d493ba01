import { v7 as uuidv7 } from "uuid";
import { BadUserInputError, ConflictError, NotFoundError, type Problem } from "../errors/domain-errors";
import { nearest } from "../errors/nearest";
import { CustomerChangeAction } from "../history/customer-change.entity";
import { recordChanges } from "../history/record-changes";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { checkCode } from "../validation/check-code";
import { throwIfAny, validateInputOrThrow } from "../validation/validate-input";
import { CustomerStatus, TERM_KINDS, type TaxonomyTerm, type TaxonomyTermClass } from "./taxonomy-term.entity";
import { type TaxonomyTermInput, type TaxonomyTermPatch } from "./taxonomy-term.input";

type Kind<T extends TaxonomyTerm> = TaxonomyTermClass<T>;

/** The rules for taxonomy terms, the same for every kind. */
export class TaxonomyService {
  /**
   * @throws BadUserInputError with every problem of the input
   * @throws ConflictError where another term of the kind has the code
   */
  async create<T extends TaxonomyTerm>(scope: TenantScope, kind: Kind<T>, input: TaxonomyTermInput): Promise<T> {
    validateInputOrThrow(input, ["input"]);
    await refuseTaken(scope, kind, input.code);
    const row = { id: uuidv7(), code: input.code, codeKey: codeKey(input.code), name: input.name };
    const [term] = await scope.insert<TaxonomyTerm>(kind, [{ ...row, description: input.description ?? null }]);
    return stored(term);
  }

  /**
   * @throws NotFoundError where no term of the kind has the code
   * @throws BadUserInputError with every problem of the patch
   */
  async update<T extends TaxonomyTerm>(
    scope: TenantScope,
    kind: Kind<T>,
    code: string,
    patch: TaxonomyTermPatch,
  ): Promise<T> {
    const term = await lockTerm(scope, kind, code, "code");
    validateInputOrThrow(patch, ["input"]);
    const description = patch.description === undefined ? term.description : patch.description;
    const row = { id: term.id, name: patch.name ?? term.name, description };
    const [updated] = await scope.update<TaxonomyTerm>(kind, [row], { set: ["updated_at = now()"] });
    return stored(updated);
  }

  /**
   * Customers keep carrying the term: they name it by its id.
   * @throws NotFoundError where no term of the kind has the code
   * @throws ConflictError where another one has the new code
   * @throws BadUserInputError where the new one is no code
   */
  async changeCode<T extends TaxonomyTerm>(scope: TenantScope, kind: Kind<T>, from: string, to: string): Promise<T> {
    const term = await lockTerm(scope, kind, from, "from");
    const problems: Problem[] = [];
    const code = checkCode(to, ["to"], problems);
    throwIfAny(problems);
    if (codeKey(code) !== term.codeKey) await refuseTaken(scope, kind, code);
    const row = { id: term.id, code, codeKey: codeKey(code) };
    const [updated] = await scope.update<TaxonomyTerm>(kind, [row], { set: ["updated_at = now()"] });
    return stored(updated);
  }

  /**
   * Deletes a term. The lock on it keeps new customers from taking it meanwhile, as their reference needs it.
   * @param reassignTo the code of the term that customers carry instead
   * @returns the id that it had
   * @throws NotFoundError where no term of the kind has the code
   * @throws BadUserInputError where there is no term to reassign to
   * @throws ConflictError while customers carry it, unless reassigned. Those in the trash do not hold it: theirs is cleared
   */
  async delete<T extends TaxonomyTerm>(
    scope: TenantScope,
    kind: Kind<T>,
    code: string,
    reassignTo: string | null = null,
  ): Promise<string> {
    const term = await lockTerm(scope, kind, code, "code");
    const heir = reassignTo === null ? null : await this.heir(scope, kind, term, reassignTo);
    const { column, argument, label } = kindOf(kind);
    const carriers = await readCarriers(scope, column, term.id);
    const live = carriers.filter(({ isDeleted }) => !isDeleted);
    if (live.length > 0 && !heir) throw new ConflictError("IN_USE", { what: label, max: live.length });

    const p = new Parameters();
    const [from, to] = [p.add(term.id), p.add(heir?.id ?? null)];
    await scope.query(
      `update customers c set ${column} = case when c.deleted_at is null then ${to}::uuid end, version = c.version + 1, updated_at = now()
       where c.tenant_id = $1 and c.${column} = ${from}::uuid`,
      p,
    );
    await recordChanges(
      scope,
      carriers.map(({ id, isDeleted }) => ({
        customerId: id,
        action: CustomerChangeAction.UPDATED,
        fields: [{ path: [argument], before: term.code, after: isDeleted ? null : (heir?.code ?? null) }],
      })),
    );
    if ((kind as unknown) === CustomerStatus) await replaceDefaultStatus(scope, term.id, heir?.id ?? null);
    await scope.delete(kind, [term.id]);
    return term.id;
  }

  private async heir<T extends TaxonomyTerm>(scope: TenantScope, kind: Kind<T>, term: T, code: string): Promise<T> {
    const path = ["reassignTo"];
    const problems: Problem[] = [];
    checkCode(code, path, problems);
    throwIfAny(problems);
    if (codeKey(code) === term.codeKey) throw BadUserInputError.at(path, "SAME_TERM");
    const heir = await findTerm(scope, kind, code, "for key share");
    if (heir) return heir;
    const others = await scope.select(kind, "t", "where t.tenant_id = $1 order by t.code_key limit 1000");
    const codes = others.filter(({ id }) => id !== term.id).map((other) => other.code);
    throw BadUserInputError.at(path, "UNKNOWN_CODE", { what: kindOf(kind).label, nearest: nearest(code, codes) });
  }
}

function kindOf<T extends TaxonomyTerm>(kind: Kind<T>): (typeof TERM_KINDS)[number] {
  const found = TERM_KINDS.find(({ term }) => (term as unknown) === kind);
  if (!found) throw new Error("Not a kind of taxonomy term");
  return found;
}

async function findTerm<T extends TaxonomyTerm>(
  scope: TenantScope,
  kind: Kind<T>,
  code: string,
  lock = "",
): Promise<T | undefined> {
  const p = new Parameters();
  const where = `where t.tenant_id = $1 and t.code_key = ${p.add(codeKey(code))} ${lock}`;
  const [term] = await scope.select(kind, "t", where, p);
  return term;
}

async function lockTerm<T extends TaxonomyTerm>(
  scope: TenantScope,
  kind: Kind<T>,
  code: string,
  argument: string,
): Promise<T> {
  const problems: Problem[] = [];
  const wanted = checkCode(code, [argument], problems);
  throwIfAny(problems);
  const term = await findTerm(scope, kind, wanted, "for update");
  if (!term) throw new NotFoundError(kind.name);
  return term;
}

async function refuseTaken<T extends TaxonomyTerm>(scope: TenantScope, kind: Kind<T>, code: string): Promise<void> {
  const existing = await findTerm(scope, kind, code);
  if (existing) throw ConflictError.codeTaken(kindOf(kind).label, { id: existing.id, code: existing.code });
}

async function readCarriers(
  scope: TenantScope,
  column: string,
  termId: string,
): Promise<{ id: string; isDeleted: boolean }[]> {
  const p = new Parameters();
  return scope.query(
    `select c.id, c.deleted_at is not null as "isDeleted" from customers c
     where c.tenant_id = $1 and c.${column} = ${p.add(termId)}::uuid order by c.id for no key update`,
    p,
  );
}

async function replaceDefaultStatus(scope: TenantScope, from: string, to: string | null): Promise<void> {
  const p = new Parameters();
  const [old, next] = [p.add(from), p.add(to)];
  await scope.query(
    `update tenant_settings s set default_status_id = ${next}::uuid, updated_at = now()
     where s.tenant_id = $1 and s.default_status_id = ${old}::uuid`,
    p,
  );
}

function stored<T extends TaxonomyTerm>(term: TaxonomyTerm | undefined): T {
  if (!term) throw new Error("A statement on a locked row answers with it");
  return term as T;
}
