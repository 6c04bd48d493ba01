import { v7 as uuidv7 } from "uuid";
import { Asset } from "../assets/asset.entity";
import { assignCode } from "../codes/assign-codes";
import { type CodeNumbers } from "../codes/code-numbers";
import { type CustomerKey } from "../customers/customer-key";
import { lockCustomer } from "../customers/customer-lock";
import { BadUserInputError } from "../errors/domain-errors";
import { type TenantScope } from "../tenancy/tenant-scope";
import { codeKey } from "../text/text";
import { isUuid } from "../validation/uuid";
import { validateInputOrThrow } from "../validation/validate-input";
import { WorkOrder, WorkOrderStatus } from "./work-order.entity";
import { type WorkOrderInput } from "./work-order.input";

/** The rules for work orders. */
export class WorkOrderService {
  constructor(private readonly codeNumbers: CodeNumbers) {}

  /**
   * @throws BadUserInputError with every problem of the input; also where the asset is not one of the customer's
   * @throws NotFoundError where there is no such customer
   * @throws ConflictError where another work order has the code
   */
  async create(scope: TenantScope, customerKey: CustomerKey, input: WorkOrderInput): Promise<WorkOrder> {
    validateInputOrThrow(input, ["input"]);
    const customer = await lockCustomer(scope, customerKey, ["customer"]);
    await checkAsset(scope, customer.id, input.assetId ?? null);
    const space = { kind: "work_order", table: "work_orders", prefix: "WO-" } as const;
    const code = await assignCode(scope, this.codeNumbers, space, input.code, "work order");
    const [workOrder] = await scope.insert(WorkOrder, [
      {
        id: uuidv7(),
        customerId: customer.id,
        assetId: input.assetId ?? null,
        code,
        codeKey: codeKey(code),
        title: input.title,
        description: input.description ?? null,
        status: input.status,
        priority: input.priority,
        scheduledAt: input.scheduledAt ?? null,
        completedAt: input.status === WorkOrderStatus.COMPLETED ? new Date() : null,
      },
    ]);
    if (!workOrder) throw new Error("An insert answers with its row");
    return workOrder;
  }
}

async function checkAsset(scope: TenantScope, customerId: string, assetId: string | null): Promise<void> {
  if (assetId === null) return;
  const [asset] = isUuid(assetId) ? await scope.findByIds(Asset, [assetId]) : [];
  if (asset?.customerId !== customerId) {
    throw BadUserInputError.at(["input", "assetId"], "UNKNOWN_REFERENCE", { what: "asset of this customer" });
  }
}
