import { v7 as uuidv7 } from "uuid";
import { contactDifferences } from "../customers/customer-history";
import { CustomerKind, type Customer } from "../customers/customer.entity";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { lockOwnerOf } from "../customers/lock-owner";
import { touchCustomer } from "../customers/touch-customer";
import { ConflictError, problem, type Problem } from "../errors/domain-errors";
import { parsePhone } from "../phones/phone";
import { readSettings } from "../settings/read-settings";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { Contact } from "./contact.entity";
import { type ContactInput, type ContactPatch } from "./contact.input";

/** The rules for single contacts; lists of them are written with their customer. */
export class ContactService {
  /**
   * @throws NotFoundError where there is no such customer
   * @throws BadUserInputError with every problem of the input
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: ContactInput): Promise<Contact> {
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    const problems = validateInput(input, ["input"]);
    if (input.id != null) problems.push(problem(["input", "id"], "NOT_ALLOWED_HERE", { what: "An id" }));
    const phone = await readPhone(scope, input.phone, problems);
    throwIfAny(problems);
    const demoted = input.isPrimary ? await demotePrimary(scope, customer.id) : undefined;
    const { name, title = null, email = null, isPrimary } = input;
    const row = { id: uuidv7(), customerId: customer.id, name, title, email, phone: phone ?? null, isPrimary };
    const [contact] = await scope.insert(Contact, [row]);
    if (!contact) throw new Error("An insert answers with its row");
    await noteChanges(scope, customer.id, demoted, undefined, contact);
    return contact;
  }

  /**
   * @throws NotFoundError where there is no such contact, or its customer is in the trash
   * @throws BadUserInputError with every problem of the patch
   */
  async update(scope: TenantScope, id: string, patch: ContactPatch): Promise<Contact> {
    const { record: before } = await lockOwnerOf(scope, Contact, id);
    const problems = validateInput(patch, ["input"]);
    const phone = await readPhone(scope, patch.phone, problems);
    throwIfAny(problems);
    const after = {
      id,
      name: patch.name ?? before.name,
      title: patch.title === undefined ? before.title : patch.title,
      email: patch.email === undefined ? before.email : patch.email,
      phone: phone === undefined ? before.phone : phone,
      isPrimary: patch.isPrimary ?? before.isPrimary,
    };
    const isPromoted = after.isPrimary && !before.isPrimary;
    const demoted = isPromoted ? await demotePrimary(scope, before.customerId) : undefined;
    const changes = contactDifferences(before, Object.assign(new Contact(), before, after));
    if (changes.length === 0) return before;
    const [contact] = await scope.update(Contact, [after], { set: ["updated_at = now()"] });
    if (!contact) throw new Error("A contact whose customer is locked can be updated");
    await noteChanges(scope, before.customerId, demoted, before, contact);
    return contact;
  }

  /**
   * @returns the customer that it belonged to
   * @throws NotFoundError where there is no such contact, or its customer is in the trash
   * @throws ConflictError where it is the last one of a customer that needs one
   */
  async delete(scope: TenantScope, id: string): Promise<Customer> {
    const { record, customer } = await lockOwnerOf(scope, Contact, id);
    const { companyNeedsContact } = await readSettings(scope);
    if (companyNeedsContact && customer.kind === CustomerKind.COMPANY && (await isLast(scope, customer.id))) {
      throw new ConflictError("LAST_CONTACT");
    }
    await scope.delete(Contact, [record.id]);
    await noteChanges(scope, customer.id, undefined, record, undefined);
    return lockCustomer(scope, { id: customer.id }, ["id"]);
  }
}

/** @returns undefined where none is given, null where it is cleared */
async function readPhone(
  scope: TenantScope,
  phone: string | null | undefined,
  problems: Problem[],
): Promise<string | null | undefined> {
  if (phone == null) return phone;
  const { defaultRegion } = await readSettings(scope);
  const parsed = parsePhone(phone, defaultRegion);
  if (parsed === null) problems.push(problem(["input", "phone"], "INVALID_PHONE", { region: defaultRegion }));
  return parsed;
}

/** @returns the contact that was primary, as it was */
async function demotePrimary(scope: TenantScope, customerId: string): Promise<Contact | undefined> {
  const p = new Parameters();
  const where = `where t.tenant_id = $1 and t.customer_id = ${p.add(customerId)}::uuid and t.is_primary`;
  const [primary] = await scope.select(Contact, "t", where, p);
  if (primary) await scope.update(Contact, [{ id: primary.id, isPrimary: false }], { set: ["updated_at = now()"] });
  return primary;
}

async function isLast(scope: TenantScope, customerId: string): Promise<boolean> {
  const p = new Parameters();
  const where = `where t.tenant_id = $1 and t.customer_id = ${p.add(customerId)}::uuid limit 2`;
  return (await scope.select(Contact, "t", where, p)).length === 1;
}

async function noteChanges(
  scope: TenantScope,
  customerId: string,
  demoted: Contact | undefined,
  before: Contact | undefined,
  after: Contact | undefined,
): Promise<void> {
  const demotion = demoted && contactDifferences(demoted, Object.assign(new Contact(), demoted, { isPrimary: false }));
  const changes = [...(demotion ?? []), ...contactDifferences(before, after)];
  await touchCustomer(scope, customerId, changes, { isPart: true });
}
