import { v7 as uuidv7 } from "uuid";
import { ConflictError, problem, type Problem } from "../errors/domain-errors";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { CustomerField, CustomFieldType } from "./customer-field.entity";
import { type CustomerFieldInput } from "./custom-field.input";

/** The rules for the definitions of custom fields. */
export class CustomerFieldService {
  /**
   * @throws BadUserInputError with every problem of the input
   * @throws ConflictError where another field has the code
   */
  async create(scope: TenantScope, input: CustomerFieldInput): Promise<CustomerField> {
    throwIfAny([...validateInput(input, ["input"]), ...optionProblems(input)]);
    const p = new Parameters();
    const [existing] = await scope.select(
      CustomerField,
      "t",
      `where t.tenant_id = $1 and t.code_key = ${p.add(codeKey(input.code))}`,
      p,
    );
    if (existing) throw ConflictError.codeTaken("custom field", { id: existing.id, code: existing.code });
    const [field] = await scope.insert(CustomerField, [
      {
        id: uuidv7(),
        code: input.code,
        codeKey: codeKey(input.code),
        name: input.name,
        description: input.description ?? null,
        type: input.type,
        options: input.options ?? [],
        required: input.required,
      },
    ]);
    if (!field) throw new Error("An insert answers with its row");
    return field;
  }
}

/** Options belong to choices, which need them. */
function optionProblems({ type, options }: Pick<CustomerFieldInput, "type" | "options">): Problem[] {
  const path = ["input", "options"];
  const given = options ?? [];
  const isChoice = type === CustomFieldType.SELECT || type === CustomFieldType.MULTI_SELECT;
  if (isChoice && given.length === 0) return [problem(path, "OPTIONS_REQUIRED")];
  if (!isChoice && given.length > 0) return [problem(path, "OPTIONS_NOT_ALLOWED")];
  return new Set(given).size < given.length ? [problem(path, "DUPLICATE", { what: "An option" })] : [];
}
