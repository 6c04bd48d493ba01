import { v7 as uuidv7 } from "uuid";
import { findHolders } from "../codes/assign-codes";
import { ConflictError, NotFoundError, type Problem } from "../errors/domain-errors";
import { CustomerChangeAction } from "../history/customer-change.entity";
import { differences, recordChanges } from "../history/record-changes";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { checkCode } from "../validation/check-code";
import { throwIfAny } from "../validation/validate-input";
import { releasePreviousCodes } from "./customer-creation.service";
import { customerCodes } from "./customer-references";
import { Customer, CustomerPreviousCode } from "./customer.entity";
import { findableColumns } from "./customer-draft";

/** Renames customers: the code given up keeps finding its customer until another one takes it. */
export class CustomerCodeService {
  /**
   * @param from the present code
   * @throws NotFoundError where no customer has that code
   * @throws ConflictError where another customer has the new one
   * @throws BadUserInputError where the new one is no code
   */
  async change(scope: TenantScope, from: string, to: string): Promise<Customer> {
    const problems: Problem[] = [];
    const wanted = checkCode(to, ["to"], problems);
    const present = checkCode(from, ["from"], problems);
    throwIfAny(problems);
    const p = new Parameters();
    const [customer] = await scope.select(
      Customer,
      "c",
      `where c.tenant_id = $1 and c.code_key = ${p.add(codeKey(present))} and c.deleted_at is null for no key update`,
      p,
    );
    if (!customer) throw new NotFoundError("Customer");
    if (customer.code === wanted) return customer;
    const renamed = await this.assign(scope, customer, wanted);
    const named = customer.nameIsDerived && customer.name === customer.code ? { ...renamed, name: wanted } : renamed;
    const rows = [{ id: customer.id, name: named.name, ...findableColumns(named) }];
    const [[updated]] = await Promise.all([
      scope.update(Customer, rows, { set: ["version = t.version + 1", "updated_at = now()"] }),
      recordChanges(scope, [
        {
          customerId: customer.id,
          action: CustomerChangeAction.CODE_CHANGED,
          fields: differences([], { code: customer.code, name: customer.name }, { code: wanted, name: named.name }),
        },
      ]),
    ]);
    if (!updated) throw new Error("A locked customer can be updated");
    return updated;
  }

  /**
   * Gives a locked customer a code, and keeps the one it had. Columns that follow from the code are the caller's to write.
   * @param wanted null, or the present one: it stays
   * @throws ConflictError where another customer has it
   */
  async assign(scope: TenantScope, customer: Customer, wanted: string | null): Promise<Customer> {
    if (wanted === null || wanted === customer.code) return customer;
    const key = codeKey(wanted);
    const holder = (await findHolders(scope, customerCodes(""), [key])).get(key);
    if (holder && holder.id !== customer.id) throw ConflictError.codeTaken("customer", holder);
    const isOther = key !== customer.codeKey;
    const previous = { id: uuidv7(), customerId: customer.id, code: customer.code, codeKey: customer.codeKey };
    await Promise.all([
      releasePreviousCodes(scope, [key]),
      scope.insert(CustomerPreviousCode, isOther ? [previous] : []),
      scope.update(Customer, [{ id: customer.id, code: wanted, codeKey: key }]),
    ]);
    return Object.assign(new Customer(), customer, { code: wanted, codeKey: key });
  }
}
