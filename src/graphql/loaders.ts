import type DataLoader from "dataloader";
import { Asset } from "../assets/asset.entity";
import { BankAccount } from "../bank-accounts/bank-account.entity";
import { Contact, contactOrder } from "../contacts/contact.entity";
import { CustomerField } from "../custom-fields/customer-field.entity";
import { Customer, CustomerPreviousCode } from "../customers/customer.entity";
import { readBlockersByCustomer } from "../customers/deletion-blockers";
import { type DeletionBlocker } from "../customers/deletion";
import { readCountsByParent, readPagesByParent, type List, type Page } from "../pagination/list";
import { type Slice } from "../pagination/slice";
import { readSettings } from "../settings/read-settings";
import { type TenantSettings } from "../settings/tenant-settings.entity";
import { readCustomerCounts } from "../taxonomy/customer-counts";
import { TERM_KINDS, type TaxonomyTerm, type TaxonomyTermClass } from "../taxonomy/taxonomy-term.entity";
import { Parameters } from "../tenancy/parameters";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { type EntityClass, type TenantScope } from "../tenancy/tenant-scope";
import { manyByKey, oneByKey, valueByKey } from "./batch";

/** A part of the list that each of many parents has. */
export interface ChildSlice<T extends TenantOwned> {
  /** Tells this list and filter from others over the same parents. */
  readonly key: string;
  readonly list: List<T>;
  readonly parentColumn: string;
}

/**
 * The loaders of one operation, a relation each. They are made from a scope, so their keys are plain ids and cannot cross
 * tenants; what they have read is forgotten with them.
 */
export class Loaders {
  readonly customerById = this.byId(Customer);
  readonly assetById = this.byId(Asset);
  readonly contactsByCustomerId = this.ofCustomer(Contact, contactOrder("t"));
  readonly bankAccountsByCustomerId = this.ofCustomer(BankAccount, "t.id");
  readonly previousCodesByCustomerId = this.ofCustomer(CustomerPreviousCode, "t.id");
  readonly blockersByCustomerId: DataLoader<string, readonly DeletionBlocker[]> = valueByKey(
    (ids) => readBlockersByCustomer(this.scope, ids),
    () => [],
  );

  private readonly termsById = new Map<unknown, DataLoader<string, TaxonomyTerm | null>>(
    TERM_KINDS.map(({ term }) => [term, this.byId<TaxonomyTerm>(term)]),
  );
  private readonly customerCounts = new Map<unknown, DataLoader<string, number>>(
    TERM_KINDS.map(({ term, column }) => [
      term,
      valueByKey(
        (ids) => readCustomerCounts(this.scope, column, ids),
        () => 0,
      ),
    ]),
  );
  private readonly pages = new Map<string, unknown>();
  private readonly counts = new Map<string, unknown>();
  private fields: Promise<CustomerField[]> | undefined;
  private settings: Promise<TenantSettings> | undefined;

  constructor(readonly scope: TenantScope) {}

  /** A taxonomy term of a kind. */
  termById(kind: TaxonomyTermClass): DataLoader<string, TaxonomyTerm | null> {
    return required(this.termsById, kind);
  }

  /** How many customers, not in the trash, carry a term of a kind. */
  customerCountByTermId(kind: unknown): DataLoader<string, number> {
    return required(this.customerCounts, kind);
  }

  /** A page of a list of each parent: every parent that asks for the same slice is served by one statement. */
  pageByParentId<T extends TenantOwned>(child: ChildSlice<T>, slice: Slice): DataLoader<string, Page<T>> {
    const load = (ids: readonly string[]): Promise<Map<string, Page<T>>> =>
      readPagesByParent(this.scope, child.list, child.parentColumn, slice, ids);
    const empty: Page<T> = { nodes: [], cursors: [], hasNextPage: false, hasPreviousPage: false };
    return memoized(this.pages, `${child.key} ${JSON.stringify(slice)}`, () => valueByKey(load, () => empty));
  }

  /** How long a list of each parent is. */
  countByParentId<T extends TenantOwned>(child: ChildSlice<T>): DataLoader<string, number> {
    const load = (ids: readonly string[]): Promise<Map<string, number>> =>
      readCountsByParent(this.scope, child.list, child.parentColumn, ids);
    return memoized(this.counts, child.key, () => valueByKey(load, () => 0));
  }

  /** The definitions of all custom fields, in the order created. */
  customerFields(): Promise<CustomerField[]> {
    return (this.fields ??= this.scope.select(CustomerField, "f", "where f.tenant_id = $1 order by f.id"));
  }

  /** The tenant's settings, the defaults where none was ever changed. */
  tenantSettings(): Promise<TenantSettings> {
    return (this.settings ??= readSettings(this.scope));
  }

  /** The region of phone numbers and addresses that are written without one. */
  async defaultRegion(): Promise<string | null> {
    return (await this.tenantSettings()).defaultRegion;
  }

  private byId<T extends TenantOwned>(entity: EntityClass<T>): DataLoader<string, T | null> {
    return oneByKey(
      (ids) => this.scope.findByIds(entity, ids),
      (row) => row.id,
    );
  }

  private ofCustomer<T extends TenantOwned & { customerId: string }>(
    entity: EntityClass<T>,
    order: string,
  ): DataLoader<string, readonly T[]> {
    return manyByKey(
      (ids) => {
        const p = new Parameters();
        return this.scope.select(
          entity,
          "t",
          `where t.tenant_id = $1 and t.customer_id = any(${p.add(ids)}::uuid[]) order by ${order}`,
          p,
        );
      },
      (row) => row.customerId,
    );
  }
}

function required<V>(map: ReadonlyMap<unknown, V>, key: unknown): V {
  const value = map.get(key);
  if (!value) throw new Error("Not a kind of taxonomy term");
  return value;
}

function memoized<V>(map: Map<string, unknown>, key: string, make: () => V): V {
  const value = (map.get(key) as V | undefined) ?? make();
  map.set(key, value);
  return value;
}
