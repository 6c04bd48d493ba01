import { Asset } from "../assets/asset.entity";
import { type CodeNumbers } from "../codes/code-numbers";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { lockOwnerOf } from "../customers/lock-owner";
import { given, RecordWriter } from "../customers/record-writer";
import { ForbiddenError, problem, type Problem } from "../errors/domain-errors";
import { type InsertRow, type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { isUuid } from "../validation/uuid";
import { throwIfAny, validateInput } from "../validation/validate-input";
import { WorkOrder, WorkOrderStatus } from "./work-order.entity";
import { type WorkOrderInput, type WorkOrderPatch } from "./work-order.input";

const KIND = {
  entity: WorkOrder,
  codes: { kind: "work_order", table: "work_orders", prefix: "WO-" },
  label: "work order",
  list: "workOrders",
} as const;

/** The scope that may open a work order again. */
const REOPEN_SCOPE = "settings:write";

/** The rules for work orders. */
export class WorkOrderService {
  private readonly writer: RecordWriter<WorkOrder>;

  constructor(codeNumbers: CodeNumbers) {
    this.writer = new RecordWriter<WorkOrder>(KIND, codeNumbers, ({ code }) => ({ codeKey: codeKey(code) }));
  }

  /**
   * @throws NotFoundError where there is no such customer
   * @throws BadUserInputError with every problem of the input; also where the asset is not one of the customer's
   * @throws ConflictError where another work order has the code
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: WorkOrderInput): Promise<WorkOrder> {
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    throwIfAny([...validateInput(input, ["input"]), ...(await assetProblems(scope, customer.id, input.assetId))]);
    return this.writer.create(scope, customer.id, input.code, {
      assetId: input.assetId ?? null,
      title: input.title,
      description: input.description ?? null,
      status: input.status,
      priority: input.priority,
      scheduledAt: input.scheduledAt ?? null,
      completedAt: input.status === WorkOrderStatus.COMPLETED ? new Date() : null,
    });
  }

  /**
   * Includes moving it through its states: completedAt follows the status.
   * @param mayReopen whether the caller may leave a final state
   * @throws NotFoundError where there is no such work order, or its customer is in the trash
   * @throws BadUserInputError with every problem of the patch; also where the asset is not one of the customer's
   * @throws ForbiddenError where a final state would be left by one who may not
   * @throws ConflictError where another work order has the code
   */
  async update(scope: TenantScope, id: string, patch: WorkOrderPatch, mayReopen: boolean): Promise<WorkOrder> {
    const { record, customer } = await lockOwnerOf(scope, WorkOrder, id);
    throwIfAny([...validateInput(patch, ["input"]), ...(await assetProblems(scope, customer.id, patch.assetId))]);
    const status = patch.status ?? record.status;
    if (isFinal(record.status) && status !== record.status && !mayReopen)
      throw new ForbiddenError(REOPEN_SCOPE, "FINAL_STATUS");
    const completedAt = status === WorkOrderStatus.COMPLETED ? (record.completedAt ?? new Date()) : null;
    return this.writer.update(scope, record, { ...given(patch), completedAt } as Partial<InsertRow<WorkOrder>>);
  }

  /**
   * @returns the id that it had
   * @throws NotFoundError where there is no such work order, or its customer is in the trash
   */
  async delete(scope: TenantScope, id: string): Promise<string> {
    const { record } = await lockOwnerOf(scope, WorkOrder, id);
    return this.writer.delete(scope, record);
  }
}

const isFinal = (status: WorkOrderStatus): boolean =>
  status === WorkOrderStatus.COMPLETED || status === WorkOrderStatus.CANCELLED;

async function assetProblems(
  scope: TenantScope,
  customerId: string,
  assetId: string | null | undefined,
): Promise<Problem[]> {
  if (assetId == null) return [];
  const [asset] = isUuid(assetId) ? await scope.findByIds(Asset, [assetId]) : [];
  if (asset?.customerId === customerId) return [];
  return [problem(["input", "assetId"], "UNKNOWN_REFERENCE", { what: "asset of this customer" })];
}
