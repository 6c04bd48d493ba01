import { v7 as uuidv7 } from "uuid";
import { Asset } from "../assets/asset.entity";
import { BankAccount } from "../bank-accounts/bank-account.entity";
import { Contact } from "../contacts/contact.entity";
import { Contract } from "../contracts/contract.entity";
import { BadUserInputError, ConflictError, NotFoundError, type ArgumentPath } from "../errors/domain-errors";
import { CustomerChange, CustomerChangeAction, type FieldChange } from "../history/customer-change.entity";
import { differences, recordChanges } from "../history/record-changes";
import { Invoice } from "../invoices/invoice.entity";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { WorkOrder } from "../work-orders/work-order.entity";
import { derivedName, distinctTags, findableColumns } from "./customer-draft";
import { replaceFinderRows } from "./customer-finder-rows";
import { contactDifferences, customerDifferences } from "./customer-history";
import { checkCustomerKey, customerIdSql, type CustomerKey } from "./customer-key";
import { checkVersion, lockCustomersById } from "./customer-lock";
import { type ExpectedVersion } from "./customer-merge.input";
import { readCustomerReferences } from "./customer-references";
import { Customer, CustomerKind, CustomerPreviousCode } from "./customer.entity";

/** Customers merged into one at once. */
const MAX_MERGED = 20;

/** What moves to the customer that is kept as it is. */
const MOVED = [BankAccount, Asset, WorkOrder, Contract, Invoice, CustomerPreviousCode, CustomerChange] as const;

/** Fields of the one kept that are filled from the others where they are empty. */
const FILLED = [
  "company",
  "firstName",
  "lastName",
  "email",
  "fax",
  "website",
  "taxId",
  "paymentTerms",
  "address",
  "billingAddress",
  "branchId",
  "statusId",
  "typeId",
  "groupId",
] as const;

/** Makes one customer of several. */
export class CustomerMergeService {
  /**
   * Moves what the others have to the one kept, fills its empty fields from them in the order given, and moves them to the
   * trash, marked with what they were merged into. Their codes find the one kept from now on.
   * @throws BadUserInputError where none, too many, or a customer twice is named; where a company would be without contact
   * @throws NotFoundError where there is no such customer, or it is in the trash
   * @throws ConflictError where a version is not the one expected
   */
  async merge(
    scope: TenantScope,
    keep: CustomerKey,
    from: readonly CustomerKey[],
    expectedVersions: readonly ExpectedVersion[],
  ): Promise<Customer> {
    if (from.length === 0) throw BadUserInputError.at(["from"], "TOO_FEW", { min: 1 });
    if (from.length > MAX_MERGED) throw BadUserInputError.at(["from"], "TOO_MANY", { max: MAX_MERGED });
    const keepId = await findId(scope, keep, ["keep"]);
    const fromIds: string[] = [];
    for (const [index, key] of from.entries()) fromIds.push(await findId(scope, key, ["from", index]));
    if (new Set([keepId, ...fromIds]).size <= fromIds.length) throw BadUserInputError.at(["from"], "MERGE_WITH_ITSELF");

    const locked = new Map(
      (await lockCustomersById(scope, [keepId, ...fromIds])).map((customer) => [customer.id, customer]),
    );
    for (const [index, { id, version }] of expectedVersions.entries()) {
      const customer = locked.get(id);
      if (!customer) {
        const what = "customer among those to merge";
        throw BadUserInputError.at(["expectedVersions", index, "id"], "UNKNOWN_REFERENCE", { what });
      }
      checkVersion(customer, version, ["expectedVersions", index, "version"]);
    }
    const kept = locked.get(keepId);
    const merged = fromIds.flatMap((id) => locked.get(id) ?? []);
    if (!kept || merged.length < fromIds.length) throw new NotFoundError("Customer");

    const demotions = await this.moveContacts(scope, keepId, fromIds);
    await Promise.all(MOVED.map((entity) => moveAll(scope, entity, keepId, fromIds)));
    const after = await this.fill(scope, kept, merged, demotions);
    await this.retire(scope, after, merged);
    return after;
  }

  /** The primary contact stays the one of the customer kept, where it has one. */
  private async moveContacts(scope: TenantScope, keepId: string, fromIds: readonly string[]): Promise<FieldChange[]> {
    const p = new Parameters();
    const ids = p.add([keepId, ...fromIds]);
    const primaries = await scope.select(
      Contact,
      "t",
      `where t.tenant_id = $1 and t.customer_id = any(${ids}::uuid[]) and t.is_primary order by array_position(${ids}::uuid[], t.customer_id)`,
      p,
    );
    const demoted = primaries.slice(1);
    const rows = demoted.map(({ id }) => ({ id, isPrimary: false }));
    await scope.update(Contact, rows, { set: ["updated_at = now()"] });
    await moveAll(scope, Contact, keepId, fromIds);
    return demoted.flatMap((contact) =>
      contactDifferences(contact, Object.assign(new Contact(), contact, { isPrimary: false })),
    );
  }

  /** @param demotions what changed in the contacts already */
  private async fill(
    scope: TenantScope,
    kept: Customer,
    merged: readonly Customer[],
    demotions: readonly FieldChange[],
  ): Promise<Customer> {
    const references = await readCustomerReferences(scope, [], [kept, ...merged]);
    if (references.settings.companyNeedsContact && kept.kind === CustomerKind.COMPANY)
      await needContact(scope, kept.id);
    const filled = Object.fromEntries(
      FILLED.map((name) => [
        name,
        kept[name] ?? merged.map((customer) => customer[name]).find((value) => value !== null) ?? null,
      ]),
    );
    const all = [kept, ...merged];
    const notes = kept.notes ?? merged.map((customer) => customer.notes).find((value) => value !== null) ?? null;
    const columns = {
      ...filled,
      notes,
      phones: [...new Set(all.flatMap(({ phones }) => phones))],
      tags: distinctTags(all.flatMap(({ tags }) => tags)),
      customValues: Object.assign(
        {},
        ...[...all].reverse().map(({ customValues }) => customValues),
      ) as Customer["customValues"],
    };
    const joined = Object.assign(new Customer(), kept, columns);
    const name = kept.nameIsDerived ? (derivedName(joined) ?? kept.code) : kept.name;
    const after = Object.assign(joined, { name });
    const row = { id: kept.id, ...columns, name, ...findableColumns(after) };
    const [[updated]] = await Promise.all([
      scope.update(Customer, [row], { set: ["version = t.version + 1", "updated_at = now()"] }),
      replaceFinderRows(scope, [{ before: kept, after }]),
      recordChanges(scope, [
        {
          customerId: kept.id,
          action: CustomerChangeAction.MERGED,
          fields: [
            { path: ["mergedFrom"], before: null, after: merged.map(({ id }) => id) },
            { path: ["previousCodes"], before: null, after: merged.map(({ code }) => code) },
            ...customerDifferences(kept, after, references),
            ...demotions,
          ],
        },
      ]),
    ]);
    if (!updated) throw new ConflictError("TRY_AGAIN");
    return updated;
  }

  /** The others go to the trash, and their codes find the one kept. */
  private async retire(scope: TenantScope, kept: Customer, merged: readonly Customer[]): Promise<void> {
    const deletedAt = new Date();
    await Promise.all([
      scope.update(
        Customer,
        merged.map(({ id }) => ({ id, deletedAt, mergedIntoId: kept.id })),
        { set: ["version = t.version + 1", "updated_at = now()"] },
      ),
      scope.insert(
        CustomerPreviousCode,
        merged.map(({ code, codeKey: key }) => ({ id: uuidv7(), customerId: kept.id, code, codeKey: key })),
      ),
      recordChanges(
        scope,
        merged.map(({ id }) => ({
          customerId: id,
          action: CustomerChangeAction.MERGED_AWAY,
          fields: differences([], { mergedInto: null, deletedAt: null }, { mergedInto: kept.id, deletedAt }),
        })),
      ),
    ]);
  }
}

async function findId(scope: TenantScope, key: CustomerKey, path: ArgumentPath): Promise<string> {
  checkCustomerKey(key, path);
  const p = new Parameters();
  const [row] = await scope.query<{ id: string }>(
    `select c.id from customers c where c.tenant_id = $1 and c.id = ${customerIdSql(key, p)}`,
    p,
  );
  if (!row) throw new NotFoundError("Customer");
  return row.id;
}

/** @throws BadUserInputError where the customer kept has no contact, though the tenant asks for one */
async function needContact(scope: TenantScope, customerId: string): Promise<void> {
  const p = new Parameters();
  const where = `where t.tenant_id = $1 and t.customer_id = ${p.add(customerId)}::uuid limit 1`;
  const [contact] = await scope.select(Contact, "t", where, p);
  if (!contact) throw BadUserInputError.at(["keep"], "CONTACT_REQUIRED");
}

async function moveAll(
  scope: TenantScope,
  entity: new () => object,
  keepId: string,
  fromIds: readonly string[],
): Promise<void> {
  const p = new Parameters();
  const to = p.add(keepId);
  await scope.query(
    `update ${scope.table(entity)} t set customer_id = ${to}::uuid where t.tenant_id = $1 and t.customer_id = any(${p.add(fromIds)}::uuid[])`,
    p,
  );
}
