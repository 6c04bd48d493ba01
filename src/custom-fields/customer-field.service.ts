import { v7 as uuidv7 } from "uuid";
import { ConflictError, NotFoundError, problem, type Problem } from "../errors/domain-errors";
import { CustomerChangeAction } from "../history/customer-change.entity";
import { recordChanges } from "../history/record-changes";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { checkCode } from "../validation/check-code";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { CustomerField, CustomFieldType } from "./customer-field.entity";
import { type CustomerFieldInput, type CustomerFieldPatch } from "./custom-field.input";
import { valueKey } from "./custom-value";

/** The rules for the definitions of custom fields. */
export class CustomerFieldService {
  /**
   * @throws BadUserInputError with every problem of the input
   * @throws ConflictError where another field has the code
   */
  async create(scope: TenantScope, input: CustomerFieldInput): Promise<CustomerField> {
    throwIfAny([...validateInput(input, ["input"]), ...optionProblems(input.type, input.options)]);
    await refuseTaken(scope, input.code);
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
    return stored(field);
  }

  /**
   * @throws NotFoundError where no field has the code
   * @throws BadUserInputError with every problem of the patch
   * @throws ConflictError where the type would change while a customer has a value, or an option would go that is in use
   */
  async update(scope: TenantScope, code: string, patch: CustomerFieldPatch): Promise<CustomerField> {
    const field = await lockField(scope, code, "code");
    const rules = validateInput(patch, ["input"]);
    const type = patch.type ?? field.type;
    const isSameFamily = isChoice(type) === isChoice(field.type);
    const options = patch.options === undefined ? (isSameFamily ? field.options : []) : (patch.options ?? []);
    throwIfAny([...rules, ...optionProblems(type, options)]);
    if (type !== field.type) {
      // Those in the trash count: brought back, they would have values of the wrong type.
      const count = await countCustomers(scope, field.id, { withTrash: true });
      if (count > 0) throw new ConflictError("TYPE_IN_USE", { max: count });
    }
    const removed = field.options.filter((option) => !options.includes(option));
    const used = removed.length > 0 ? await optionsInUse(scope, field.id, removed) : [];
    if (used.length > 0) throw new ConflictError("OPTION_IN_USE", { options: used });
    const row = {
      id: field.id,
      name: patch.name ?? field.name,
      description: patch.description === undefined ? field.description : patch.description,
      type,
      options,
      required: patch.required ?? field.required,
    };
    const [updated] = await scope.update(CustomerField, [row], { set: ["updated_at = now()"] });
    return stored(updated);
  }

  /**
   * Values stay: they are kept by the field's id.
   * @throws NotFoundError where no field has the code
   * @throws ConflictError where another one has the new code
   * @throws BadUserInputError where the new one is no code
   */
  async changeCode(scope: TenantScope, from: string, to: string): Promise<CustomerField> {
    const field = await lockField(scope, from, "from");
    const problems: Problem[] = [];
    const code = checkCode(to, ["to"], problems);
    throwIfAny(problems);
    if (codeKey(code) !== field.codeKey) await refuseTaken(scope, code);
    const row = { id: field.id, code, codeKey: codeKey(code) };
    const [updated] = await scope.update(CustomerField, [row], { set: ["updated_at = now()"] });
    return stored(updated);
  }

  /**
   * @param discardValues whether the values that customers have may be lost; those of customers in the trash always are
   * @returns the id that it had
   * @throws NotFoundError where no field has the code
   * @throws ConflictError while customers have a value, unless discarded
   */
  async delete(scope: TenantScope, code: string, discardValues: boolean): Promise<string> {
    const field = await lockField(scope, code, "code");
    const count = discardValues ? 0 : await countCustomers(scope, field.id);
    if (count > 0) throw new ConflictError("HAS_VALUES", { max: count });
    const p = new Parameters();
    const id = p.add(field.id);
    const discarded = await scope.query<{ id: string; value: unknown }>(
      `with old as (
         select c.id, c.custom_values -> ${id}::text as value from customers c
         where c.tenant_id = $1 and c.id in (
           select v.customer_id from customer_field_values v where v.tenant_id = $1 and v.field_id = ${id}::uuid)
         order by c.id for no key update)
       update customers t set custom_values = t.custom_values - ${id}::text, version = t.version + 1, updated_at = now()
       from old where t.tenant_id = $1 and t.id = old.id returning t.id, old.value`,
      p,
    );
    await scope.query(`delete from customer_field_values v where v.tenant_id = $1 and v.field_id = $2::uuid`, p);
    await recordChanges(
      scope,
      discarded.map(({ id: customerId, value }) => ({
        customerId,
        action: CustomerChangeAction.UPDATED,
        fields: [{ path: ["customFields", field.code], before: value, after: null }],
      })),
    );
    await scope.delete(CustomerField, [field.id]);
    return field.id;
  }
}

const isChoice = (type: CustomFieldType): boolean =>
  type === CustomFieldType.SELECT || type === CustomFieldType.MULTI_SELECT;

/** Options belong to choices, which need them. */
function optionProblems(type: CustomFieldType, options: readonly string[] | null | undefined): Problem[] {
  const path = ["input", "options"];
  const given = options ?? [];
  if (isChoice(type) && given.length === 0) return [problem(path, "OPTIONS_REQUIRED")];
  if (!isChoice(type) && given.length > 0) return [problem(path, "OPTIONS_NOT_ALLOWED")];
  return new Set(given).size < given.length ? [problem(path, "DUPLICATE", { what: "An option" })] : [];
}

async function findField(scope: TenantScope, code: string, lock = ""): Promise<CustomerField | undefined> {
  const p = new Parameters();
  const where = `where t.tenant_id = $1 and t.code_key = ${p.add(codeKey(code))} ${lock}`;
  const [field] = await scope.select(CustomerField, "t", where, p);
  return field;
}

/** Locked, it takes no new values: their reference needs it. */
async function lockField(scope: TenantScope, code: string, argument: string): Promise<CustomerField> {
  const problems: Problem[] = [];
  const wanted = checkCode(code, [argument], problems);
  throwIfAny(problems);
  const field = await findField(scope, wanted, "for update");
  if (!field) throw new NotFoundError("CustomerField");
  return field;
}

async function refuseTaken(scope: TenantScope, code: string): Promise<void> {
  const existing = await findField(scope, code);
  if (existing) throw ConflictError.codeTaken("custom field", { id: existing.id, code: existing.code });
}

/** How many customers have a value; those in the trash are left out unless asked for. */
async function countCustomers(scope: TenantScope, fieldId: string, { withTrash = false } = {}): Promise<number> {
  const p = new Parameters();
  const [row] = await scope.query<{ count: number }>(
    `select count(distinct v.customer_id)::int as count from customer_field_values v
     join customers c on c.tenant_id = $1 and c.id = v.customer_id${withTrash ? "" : " and c.deleted_at is null"}
     where v.tenant_id = $1 and v.field_id = ${p.add(fieldId)}::uuid`,
    p,
  );
  return row?.count ?? 0;
}

/** Those of some options that customers have as their value. */
async function optionsInUse(scope: TenantScope, fieldId: string, options: readonly string[]): Promise<string[]> {
  const p = new Parameters();
  const rows = await scope.query<{ key: string }>(
    `select distinct v.text_value as key from customer_field_values v
     where v.tenant_id = $1 and v.field_id = ${p.add(fieldId)}::uuid and v.text_value = any(${p.add(options.map(valueKey))}::text[])`,
    p,
  );
  const used = new Set(rows.map(({ key }) => key));
  return options.filter((option) => used.has(String(valueKey(option))));
}

function stored(field: CustomerField | undefined): CustomerField {
  if (!field) throw new Error("A statement on a locked row answers with it");
  return field;
}
