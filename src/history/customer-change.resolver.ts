import { Arg, Authorized, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import { Customer } from "../customers/customer.entity";
import { childConnection } from "../graphql/list-connection";
import { type RequestContext } from "../graphql/request-context";
import { everyRow } from "../pagination/conditions";
import { createConnectionType, type Connection } from "../pagination/connection";
import { newestFirst } from "../pagination/order";
import { DEFAULT_PAGE_SIZE } from "../pagination/slice";
import { connection, Planned } from "../read-planner/planned";
import { CustomerChange } from "./customer-change.entity";

const CustomerChangeConnection = createConnectionType(CustomerChange);

const HISTORY = {
  key: "customer.history",
  list: { entity: CustomerChange, order: newestFirst("customerChanges"), condition: everyRow },
  parentColumn: "customer_id",
};

/** What the history adds to customers. */
@Resolver(() => Customer)
export class CustomerHistoryResolver {
  @Authorized("customers:read")
  @Planned(connection(CustomerChange, () => HISTORY.list, HISTORY.parentColumn))
  @FieldResolver(() => CustomerChangeConnection, {
    description:
      "What was done to it and to what belongs to it, newest first: it outlives the trash, not the purge. Scope customers:read.",
  })
  history(
    @Root() customer: Customer,
    @Arg("first", () => Int, { defaultValue: DEFAULT_PAGE_SIZE, description: "How many: 0 to 100." }) first: number,
    @Arg("after", () => String, { nullable: true, description: "A cursor of this list: the page begins after it." })
    after: string | null,
    @Ctx() context: RequestContext,
  ): Connection<CustomerChange> {
    return childConnection(CustomerChangeConnection, context, HISTORY, customer.id, { first, after });
  }
}
