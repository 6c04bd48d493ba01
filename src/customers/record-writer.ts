import { v7 as uuidv7 } from "uuid";
import { assignCode, findHolders, type CodeSpace } from "../codes/assign-codes";
import { type CodeNumbers } from "../codes/code-numbers";
import { ConflictError } from "../errors/domain-errors";
import { type FieldChange } from "../history/customer-change.entity";
import { recordDifferences } from "../history/told-record";
import { type EntityClass, type InsertRow, type TenantScope, type UpdateRow } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { type CustomerRecord } from "./customer-record.resolver";
import { touchCustomer } from "./touch-customer";

/** A record that belongs to a customer and has a code. */
export interface CodedRecord extends CustomerRecord {
  readonly code: string;
}

/** What tells one kind of coded record from another. */
export interface RecordKind<T extends CodedRecord> {
  readonly entity: EntityClass<T>;
  readonly codes: CodeSpace;
  /** What one is called: "work order". */
  readonly label: string;
  /** How the customer's field of them is called: workOrders. */
  readonly list: string;
}

/** Writes the records of a kind, each with its code and its place in the customer's history. The customer is locked. */
export class RecordWriter<T extends CodedRecord> {
  constructor(
    private readonly kind: RecordKind<T>,
    private readonly codeNumbers: CodeNumbers,
    /** The columns that follow from others, such as the code's key. */
    private readonly derived: (record: Omit<InsertRow<T>, "id" | "customerId"> & { code: string }) => object,
  ) {}

  /** @throws ConflictError where another record of the kind has the code */
  async create(
    scope: TenantScope,
    customerId: string,
    code: string | null | undefined,
    columns: Omit<InsertRow<T>, "id" | "customerId" | "code">,
  ): Promise<T> {
    const { entity, codes, label, list } = this.kind;
    const given = { ...columns, code: await assignCode(scope, this.codeNumbers, codes, code, label) };
    const row = { id: uuidv7(), customerId, ...given, ...this.derived(given as never) };
    const [[record]] = await Promise.all([
      scope.insert(entity, [row as unknown as InsertRow<T>]),
      touchCustomer(scope, customerId, recordDifferences(list, undefined, row)),
    ]);
    if (!record) throw new Error("An insert answers with its row");
    return record;
  }

  /**
   * @param columns those to change
   * @throws ConflictError where another record of the kind has the code
   */
  async update(scope: TenantScope, before: T, columns: Partial<InsertRow<T>>): Promise<T> {
    const { entity, codes, label, list } = this.kind;
    const after = { ...before, ...columns };
    const changes = recordDifferences(list, before, after);
    if (changes.length === 0) return before;
    if (codeKey(after.code) !== codeKey(before.code)) {
      const holder = (await findHolders(scope, codes, [codeKey(after.code)])).get(codeKey(after.code));
      if (holder) throw ConflictError.codeTaken(label, holder);
    }
    const row = { id: before.id, ...columns, ...this.derived(after) };
    const [[record]] = await Promise.all([
      scope.update(entity, [row as unknown as UpdateRow<T>], { set: ["updated_at = now()"] }),
      touchCustomer(scope, before.customerId, changes),
    ]);
    if (!record) throw new Error("A record whose customer is locked can be updated");
    return record;
  }

  /** @param others what else of the customer's changes with it */
  async delete(scope: TenantScope, record: T, others: readonly FieldChange[] = []): Promise<string> {
    const { entity, list } = this.kind;
    await Promise.all([
      scope.delete(entity, [record.id]),
      touchCustomer(scope, record.customerId, [...recordDifferences(list, record, undefined), ...others]),
    ]);
    return record.id;
  }
}

/** The parts of a patch that were given. */
export function given<P extends object>(patch: P): { [K in keyof P]?: Exclude<P[K], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [K in keyof P]?: Exclude<P[K], undefined>;
  };
}
