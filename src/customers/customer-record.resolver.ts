import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, type ClassType } from "type-graphql";
import { childConnection, listConnection, type ConnectionClass } from "../graphql/list-connection";
import { type RequestContext } from "../graphql/request-context";
import { type Connection } from "../pagination/connection";
import { type Condition, type List } from "../pagination/list";
import { DEFAULT_PAGE_SIZE } from "../pagination/slice";
import { connection as planConnection, oneBy, Planned } from "../read-planner/planned";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { type TenantScope } from "../tenancy/tenant-scope";
import { Customer } from "./customer.entity";
import { findOfTenant, oneOfTenant, ofItsCustomer, ofLiveCustomer } from "./of-customer";

/** A record that belongs to a customer. */
export interface CustomerRecord extends TenantOwned {
  readonly customerId: string;
}

/** The column of a record that holds its customer. */
const PARENT = "customer_id";

/** What the fields over a kind of record are made of. */
export interface RecordFields<T extends CustomerRecord, F extends object> {
  readonly entity: ClassType<T> & (new () => T);
  readonly connection: ConnectionClass<T>;
  readonly filter: ClassType<F>;
  /** The list that a filter means; more conditions narrow it. */
  readonly list: (filter: F | null | undefined, ...others: Condition[]) => List<T>;
  /** As `list`, over all of the tenant, where something has to be looked up first. */
  readonly tenantList?: (scope: TenantScope, filter: F | null | undefined, ...others: Condition[]) => Promise<List<T>>;
  /** The field for one, and for many: workOrder, workOrders. */
  readonly one: string;
  readonly many: string;
  /** The records in words: "work orders, newest first". */
  readonly label: string;
}

/**
 * The fields to read records that belong to customers, the same for each kind: one by id, all of the tenant, and all of a
 * customer.
 * Methods are named after their fields: TypeGraphQL tells the field resolvers that several classes add to a type apart by name.
 * @returns resolver classes
 */
export function createRecordResolvers<T extends CustomerRecord, F extends object>(
  fields: RecordFields<T, F>,
): (new () => object)[] {
  const { entity, connection, filter: filterType, list, one, many, label } = fields;
  const tenantList =
    fields.tenantList ?? ((_scope, filter, ...others: Condition[]) => Promise.resolve(list(filter, ...others)));

  @Resolver(() => entity)
  class RecordResolver {
    @Authorized("customers:read")
    @Planned(oneBy(entity, ({ id }) => oneOfTenant(id as string)))
    @Query(() => entity, {
      nullable: true,
      description: "One by its id. Null where there is none, or its customer is in the trash. Scope customers:read.",
    })
    async [one](
      @Arg("id", () => ID, { description: "The record's id." }) id: string,
      @Ctx() { scope }: RequestContext,
    ): Promise<T | null> {
      return findOfTenant(scope, entity, id);
    }

    @Authorized("customers:read")
    @Planned(planConnection(entity, ({ filter }, { scope }) => tenantList(scope, filter as F | null, ofLiveCustomer)))
    @Query(() => connection, {
      description: `All ${label}. Those of customers in the trash are left out. Scope customers:read.`,
    })
    async [many](
      @Arg("first", () => Int, { nullable: true, description: "How many: 0 to 100, 20 when left out." })
      first: number | null,
      @Arg("after", () => String, { nullable: true, description: "A cursor of this list: the page begins after it." })
      after: string | null,
      @Arg("filter", () => filterType, { nullable: true, description: "Which of them; all when left out." })
      filter: F | null,
      @Ctx() context: RequestContext,
    ): Promise<Connection<T>> {
      const all = await tenantList(context.scope, filter, ofLiveCustomer);
      return listConnection(connection, context, all, { first, after });
    }

    @Authorized("customers:read")
    @Planned(ofItsCustomer)
    @FieldResolver(() => Customer, { description: "The customer that it belongs to. Scope customers:read." })
    async customer(@Root() record: T, @Ctx() { loaders }: RequestContext): Promise<Customer | null> {
      return loaders.customerById.load(record.customerId);
    }
  }

  @Resolver(() => Customer)
  class CustomerRecordsResolver {
    @Authorized("customers:read")
    @Planned(planConnection(entity, ({ filter }) => list(filter as F | null), PARENT))
    @FieldResolver(() => connection, { description: `Its ${label}. Scope customers:read.` })
    [many](
      @Root() customer: Customer,
      @Arg("first", () => Int, { defaultValue: DEFAULT_PAGE_SIZE, description: "How many: 0 to 100." }) first: number,
      @Arg("after", () => String, { nullable: true, description: "A cursor of this list: the page begins after it." })
      after: string | null,
      @Arg("filter", () => filterType, { nullable: true, description: "Which of them; all when left out." })
      filter: F | null,
      @Ctx() context: RequestContext,
    ): Connection<T> {
      const child = {
        key: `customer.${many} ${JSON.stringify(filter)}`,
        list: list(filter),
        parentColumn: PARENT,
      };
      return childConnection(connection, context, child, customer.id, { first, after });
    }
  }

  return [RecordResolver, CustomerRecordsResolver];
}
