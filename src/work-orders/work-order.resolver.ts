import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from "type-graphql";
import { Asset } from "../assets/asset.entity";
import { includesScope } from "../auth/scopes";
import { CustomerKey } from "../customers/customer-key";
import { createRecordResolvers } from "../customers/customer-record.resolver";
import { childConnection } from "../graphql/list-connection";
import { type RequestContext } from "../graphql/request-context";
import { createConnectionType, type Connection } from "../pagination/connection";
import { DEFAULT_PAGE_SIZE } from "../pagination/slice";
import { connection, one, Planned } from "../read-planner/planned";
import { WorkOrder } from "./work-order.entity";
import { WorkOrderFilter, WorkOrderInput, WorkOrderPatch } from "./work-order.input";
import { workOrderList } from "./work-order.list";
import { type WorkOrderService } from "./work-order.service";

export const WorkOrderConnection = createConnectionType(WorkOrder);

export const workOrderFields = createRecordResolvers({
  entity: WorkOrder,
  connection: WorkOrderConnection,
  filter: WorkOrderFilter,
  list: workOrderList,
  one: "workOrder",
  many: "workOrders",
  label: "work orders, newest first",
});

@Resolver(() => WorkOrder)
export class WorkOrderResolver {
  constructor(private readonly workOrders: WorkOrderService) {}

  @Authorized("customers:read")
  @Planned(one(Asset, (asset, workOrder) => `${asset}.id = ${workOrder}.asset_id`))
  @FieldResolver(() => Asset, {
    nullable: true,
    description: "The asset to work on; null where it is on none. Scope customers:read.",
  })
  async asset(@Root() workOrder: WorkOrder, @Ctx() { loaders }: RequestContext): Promise<Asset | null> {
    return workOrder.assetId === null ? null : loaders.assetById.load(workOrder.assetId);
  }

  @Authorized("work:write")
  @Mutation(() => WorkOrder, {
    description:
      "Records work to be done for a customer. NOT_FOUND where there is no such customer; CONFLICT where the code is taken. Scope work:write.",
  })
  createWorkOrder(
    @Arg("customer", () => CustomerKey, { description: "For whom." }) customer: CustomerKey,
    @Arg("input", () => WorkOrderInput, { description: "The work order." }) input: WorkOrderInput,
    @Ctx() context: RequestContext,
  ): Promise<WorkOrder> {
    return context.write((scope) => this.workOrders.create(scope, customer, input));
  }

  @Authorized("work:write")
  @Mutation(() => WorkOrder, {
    description:
      "Changes a work order: what is left out stays, null clears. Includes moving it through its states: completedAt is set when it becomes COMPLETED, and cleared when it no longer is. COMPLETED and CANCELLED are final: only a credential with the scope settings:write may leave them, FORBIDDEN otherwise. NOT_FOUND where there is none; CONFLICT where the code is taken. Scope work:write.",
  })
  updateWorkOrder(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Arg("input", () => WorkOrderPatch, { description: "What to change." }) input: WorkOrderPatch,
    @Ctx() context: RequestContext,
  ): Promise<WorkOrder> {
    return context.write((scope) =>
      this.workOrders.update(scope, id, input, includesScope(context.credential.scopes, "settings:write")),
    );
  }

  @Authorized("work:write")
  @Mutation(() => ID, {
    description:
      "Deletes a work order for good, and answers with its id. NOT_FOUND where there is none. Scope work:write.",
  })
  deleteWorkOrder(
    @Arg("id", () => ID, { description: "Its id." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    return context.write((scope) => this.workOrders.delete(scope, id));
  }
}

/** The column of a work order that holds its asset. */
const PARENT = "asset_id";

/** What work orders add to assets. */
@Resolver(() => Asset)
export class AssetWorkOrdersResolver {
  @Authorized("customers:read")
  @Planned(connection(WorkOrder, ({ filter }) => workOrderList(filter as WorkOrderFilter | null), PARENT))
  @FieldResolver(() => WorkOrderConnection, {
    description: "The work orders on it, newest first. Scope customers:read.",
  })
  workOrders(
    @Root() asset: Asset,
    @Arg("first", () => Int, { defaultValue: DEFAULT_PAGE_SIZE, description: "How many: 0 to 100." }) first: number,
    @Arg("after", () => String, { nullable: true, description: "A cursor of this list: the page begins after it." })
    after: string | null,
    @Arg("filter", () => WorkOrderFilter, { nullable: true, description: "Which of them; all when left out." })
    filter: WorkOrderFilter | null,
    @Ctx() context: RequestContext,
  ): Connection<WorkOrder> {
    const child = {
      key: `asset.workOrders ${JSON.stringify(filter)}`,
      list: workOrderList(filter),
      parentColumn: PARENT,
    };
    return childConnection(WorkOrderConnection, context, child, asset.id, { first, after });
  }
}
