import { v7 as uuidv7 } from "uuid";
import { ConflictError } from "../errors/domain-errors";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { validateInputOrThrow } from "../validation/validate-input";
import { TERM_KINDS, type TaxonomyTerm, type TaxonomyTermClass } from "./taxonomy-term.entity";
import { type TaxonomyTermInput } from "./taxonomy-term.input";

/** The rules for taxonomy terms, the same for every kind. */
export class TaxonomyService {
  /**
   * @throws BadUserInputError with every problem of the input
   * @throws ConflictError where another term of the kind has the code
   */
  async create<T extends TaxonomyTerm>(
    scope: TenantScope,
    kind: TaxonomyTermClass<T>,
    input: TaxonomyTermInput,
  ): Promise<T> {
    validateInputOrThrow(input, ["input"]);
    const p = new Parameters();
    const [existing] = await scope.select(
      kind,
      "t",
      `where t.tenant_id = $1 and t.code_key = ${p.add(codeKey(input.code))}`,
      p,
    );
    const label = TERM_KINDS.find(({ term }) => (term as unknown) === kind)?.label ?? kind.name;
    if (existing) throw ConflictError.codeTaken(label, { id: existing.id, code: existing.code });
    const row = { id: uuidv7(), code: input.code, codeKey: codeKey(input.code), name: input.name };
    const [term] = await scope.insert<TaxonomyTerm>(kind, [{ ...row, description: input.description ?? null }]);
    if (!term) throw new Error("An insert answers with its row");
    return term as T;
  }
}
