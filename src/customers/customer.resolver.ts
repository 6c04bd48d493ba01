import {
  Arg,
  Authorized,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import { type AccountNumberIndex } from "../bank-accounts/account-number-index";
import { BadUserInputError, NotFoundError, problem } from "../errors/domain-errors";
import { listConnection } from "../graphql/list-connection";
import { type RequestContext } from "../graphql/request-context";
import { createConnectionType, type Connection } from "../pagination/connection";
import { readCount, type List } from "../pagination/list";
import { MAX_PAGE_SIZE } from "../pagination/slice";
import {
  computed,
  connection,
  expression,
  numberedPage,
  one,
  oneBy,
  oneOfFew,
  Planned,
  type RowCondition,
} from "../read-planner/planned";
import { Branch, CustomerGroup, CustomerStatus, CustomerType } from "../taxonomy/taxonomy-term.entity";
import { Parameters } from "../tenancy/parameters";
import { type TenantScope } from "../tenancy/tenant-scope";
import { customerCondition } from "./customer-conditions";
import { Customer } from "./customer.entity";
import { CustomerFilter, CustomerOrder } from "./customer.filter";
import { checkCustomerKey, CustomerKey, customerIdSql } from "./customer-key";
import { customerOrder } from "./customer-order";
import { Deletion, type DeletionBlocker } from "./deletion";
import { blockersSql, toBlockers, type BlockerRow } from "./deletion-blockers";
import { CustomerDuplicate, findDuplicates, MAX_DUPLICATES } from "./customer-duplicates";

export const CustomerConnection = createConnectionType(Customer);

const DEFAULT_PER_PAGE = 25;
const MAX_PAGE = 1_000_000;

@ObjectType({
  description:
    "A numbered page, for back-office tables. For long lists, the connection is faster: a page far back costs as much as all before it.",
})
export class CustomerPage {
  private items: Promise<Customer[]> | undefined;
  private total: Promise<number> | undefined;

  constructor(
    private readonly source: { items: () => Promise<Customer[]>; count: () => Promise<number> },
    page: number,
    perPage: number,
  ) {
    this.page = page;
    this.perPage = perPage;
  }

  @Field(() => Int, { description: "The page's number, from 1." })
  readonly page: number;

  @Field(() => Int, { description: "How many customers a page has." })
  readonly perPage: number;

  @Field(() => [Customer], { name: "items", description: "The customers of the page; none beyond the last page." })
  readItems(): Promise<Customer[]> {
    return (this.items ??= this.source.items());
  }

  @Field(() => Int, {
    description: "How many pages there are; 0 where no customer matches. Counted only when asked for.",
  })
  async totalPages(): Promise<number> {
    return Math.ceil((await this.totalCount()) / this.perPage);
  }

  @Field(() => Int, { description: "How many customers match. Counted only when asked for." })
  totalCount(): Promise<number> {
    return (this.total ??= this.source.count());
  }
}

@Resolver(() => Customer)
export class CustomerResolver {
  constructor(private readonly accountNumbers: AccountNumberIndex) {}

  @Authorized("customers:read")
  @Planned(oneBy(Customer, ({ by }) => customerByKey(by as CustomerKey)))
  @Query(() => Customer, {
    nullable: true,
    description: "One customer. Null where there is none, or it is in the trash. Scope customers:read.",
  })
  async customer(
    @Arg("by", () => CustomerKey, { description: "Which one." }) by: CustomerKey,
    @Ctx() { scope }: RequestContext,
  ): Promise<Customer | null> {
    return (await findCustomer(scope, by)) ?? null;
  }

  @Authorized("customers:read")
  @Planned(connection(Customer, (args, context) => customerList(args as ListArguments, context)))
  @Query(() => CustomerConnection, {
    description:
      "The tenant's customers as a Relay connection: first and after page forward, last and before backward. By creation, newest last, unless ordered. Cursors stay valid while rows come and go, and belong to one order. Scope customers:read.",
  })
  async customers(
    @Arg("first", () => Int, {
      nullable: true,
      description: "How many from the start: 0 to 100, 20 when neither first nor last is given.",
    })
    first: number | null,
    @Arg("after", () => String, {
      nullable: true,
      description: "A cursor of this list and order: the page begins after it.",
    })
    after: string | null,
    @Arg("last", () => Int, { nullable: true, description: "How many from the end: 0 to 100." }) last: number | null,
    @Arg("before", () => String, {
      nullable: true,
      description: "A cursor of this list and order: the page ends before it.",
    })
    before: string | null,
    @Arg("filter", () => CustomerFilter, {
      nullable: true,
      description: "Which of them; all that are not in the trash when left out.",
    })
    filter: CustomerFilter | null,
    @Arg("orderBy", () => [CustomerOrder], {
      nullable: true,
      description: "Criteria one after another; ties are broken by id.",
    })
    orderBy: CustomerOrder[] | null,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Customer>> {
    const list = await customerList({ filter, orderBy }, context, this.accountNumbers);
    return listConnection(CustomerConnection, context, list, { first, after, last, before });
  }

  @Authorized("customers:read")
  @Planned(numberedPage(Customer, (args, context) => customersOfPage(args as PageArguments, context)))
  @Query(() => CustomerPage, {
    description:
      "The tenant's customers in numbered pages. By creation, newest last, unless ordered. Scope customers:read.",
  })
  async customerPage(
    @Arg("page", () => Int, { defaultValue: 1, description: "Which page, from 1." }) page: number,
    @Arg("perPage", () => Int, {
      defaultValue: DEFAULT_PER_PAGE,
      description: "How many customers a page has: 1 to 100.",
    })
    perPage: number,
    @Arg("filter", () => CustomerFilter, {
      nullable: true,
      description: "Which of them; all that are not in the trash when left out.",
    })
    filter: CustomerFilter | null,
    @Arg("orderBy", () => [CustomerOrder], {
      nullable: true,
      description: "Criteria one after another; ties are broken by id.",
    })
    orderBy: CustomerOrder[] | null,
    @Ctx() context: RequestContext,
  ): Promise<CustomerPage> {
    const { list } = await customersOfPage({ page, perPage, filter, orderBy }, context, this.accountNumbers);
    const items = (): Promise<Customer[]> => {
      const p = new Parameters();
      const limits = `limit ${p.add(perPage)} offset ${p.add((page - 1) * perPage)}::bigint`;
      const where = `where t.tenant_id = $1 and ${list.condition("t", p)} order by ${list.order.sql("t")} ${limits}`;
      return context.scope.select(Customer, "t", where, p);
    };
    return new CustomerPage({ items, count: () => readCount(context.scope, list) }, page, perPage);
  }

  @Authorized("customers:read")
  @Extensions({ size: MAX_DUPLICATES })
  @Query(() => [CustomerDuplicate], {
    description:
      "Customers that may be the same as this one, with the reasons; those with most reasons first, 50 at most. NOT_FOUND where there is no such customer. Scope customers:read.",
  })
  async customerDuplicates(
    @Arg("by", () => CustomerKey, { description: "Which one." }) by: CustomerKey,
    @Ctx() { scope }: RequestContext,
  ): Promise<CustomerDuplicate[]> {
    const customer = await findCustomer(scope, by);
    if (!customer) throw new NotFoundError("Customer");
    return findDuplicates(scope, customer);
  }

  @Planned(expression((customer) => `${customer}.phones[1]`))
  @FieldResolver(() => String, { nullable: true, description: "The first of phones; null where there is none." })
  phone(@Root() { phones }: Customer): string | null {
    return phones[0] ?? null;
  }

  @Authorized("customers:read")
  @Planned(
    expression(
      (customer) =>
        `(select coalesce(json_agg(o.code order by o.id), '[]'::json) from customer_previous_codes o
          where o.tenant_id = $1 and o.customer_id = ${customer}.id)`,
    ),
  )
  @FieldResolver(() => [String], {
    description:
      "Codes it had before, oldest first. They keep finding it, until another customer takes one (then it is no longer listed here). Scope customers:read.",
  })
  async previousCodes(@Root() { id }: Customer, @Ctx() { loaders }: RequestContext): Promise<string[]> {
    return (await loaders.previousCodesByCustomerId.load(id)).map(({ code }) => code);
  }

  @Authorized("customers:read")
  @Planned(oneOfFew(Branch, (customer) => `${customer}.branch_id`))
  @FieldResolver(() => Branch, { nullable: true, description: "The office that it belongs to. Scope customers:read." })
  async branch(@Root() { branchId }: Customer, @Ctx() { loaders }: RequestContext): Promise<Branch | null> {
    return branchId === null ? null : loaders.termById(Branch).load(branchId);
  }

  @Authorized("customers:read")
  @Planned(oneOfFew(CustomerStatus, (customer) => `${customer}.status_id`))
  @FieldResolver(() => CustomerStatus, { nullable: true, description: "Where it stands. Scope customers:read." })
  async status(@Root() { statusId }: Customer, @Ctx() { loaders }: RequestContext): Promise<CustomerStatus | null> {
    return statusId === null ? null : loaders.termById(CustomerStatus).load(statusId);
  }

  @Authorized("customers:read")
  @Planned(oneOfFew(CustomerType, (customer) => `${customer}.type_id`))
  @FieldResolver(() => CustomerType, {
    nullable: true,
    description: "What sort of customer it is. Scope customers:read.",
  })
  async type(@Root() { typeId }: Customer, @Ctx() { loaders }: RequestContext): Promise<CustomerType | null> {
    return typeId === null ? null : loaders.termById(CustomerType).load(typeId);
  }

  @Authorized("customers:read")
  @Planned(oneOfFew(CustomerGroup, (customer) => `${customer}.group_id`))
  @FieldResolver(() => CustomerGroup, {
    nullable: true,
    description: "The segment that it is counted in. Scope customers:read.",
  })
  async group(@Root() { groupId }: Customer, @Ctx() { loaders }: RequestContext): Promise<CustomerGroup | null> {
    return groupId === null ? null : loaders.termById(CustomerGroup).load(groupId);
  }

  @Authorized("customers:read")
  @Planned(one(Customer, (kept, customer) => `${kept}.id = ${customer}.merged_into_id`))
  @FieldResolver(() => Customer, {
    nullable: true,
    description:
      "The customer that it was merged into; set while it is in the trash for that reason. Scope customers:read.",
  })
  async mergedInto(@Root() { mergedIntoId }: Customer, @Ctx() { loaders }: RequestContext): Promise<Customer | null> {
    return mergedIntoId === null ? null : loaders.customerById.load(mergedIntoId);
  }

  @Authorized("customers:read")
  @Planned(computed(blockersSql, (raw) => toDeletion(toBlockers(raw as BlockerRow[]))))
  @FieldResolver(() => Deletion, {
    description: "Whether it can be deleted now, and what is in the way. Scope customers:read.",
  })
  async deletion(@Root() { id }: Customer, @Ctx() { loaders }: RequestContext): Promise<Deletion> {
    return toDeletion(await loaders.blockersByCustomerId.load(id));
  }
}

function toDeletion(blockers: readonly DeletionBlocker[]): Deletion {
  return { allowed: blockers.length === 0, blockers };
}

function customerByKey(by: CustomerKey): RowCondition {
  checkCustomerKey(by, ["by"]);
  return (alias, p) => `${alias}.id = ${customerIdSql(by, p)}`;
}

interface ListArguments {
  readonly filter: CustomerFilter | null;
  readonly orderBy: CustomerOrder[] | null;
}

interface PageArguments extends ListArguments {
  readonly page: number;
  readonly perPage: number;
}

/** @throws BadUserInputError for a page that there cannot be, or a filter that does not fit */
async function customersOfPage(
  { page, perPage, filter, orderBy }: PageArguments,
  context: RequestContext,
  accountNumbers?: AccountNumberIndex,
): Promise<{ list: List<Customer>; page: number; perPage: number }> {
  const problems = [
    ...(page < 1 || page > MAX_PAGE ? [problem(["page"], "OUT_OF_RANGE", { min: 1, max: MAX_PAGE })] : []),
    ...(perPage < 1 || perPage > MAX_PAGE_SIZE
      ? [problem(["perPage"], "OUT_OF_RANGE", { min: 1, max: MAX_PAGE_SIZE })]
      : []),
  ];
  if (problems.length > 0) throw new BadUserInputError(problems);
  return { list: await customerList({ filter, orderBy }, context, accountNumbers), page, perPage };
}

async function findCustomer(scope: TenantScope, by: CustomerKey): Promise<Customer | undefined> {
  const p = new Parameters();
  const where = `where c.tenant_id = $1 and ${customerByKey(by)("c", p, "")}`;
  const [customer] = await scope.select(Customer, "c", where, p);
  return customer;
}

async function customerList(
  { filter, orderBy }: ListArguments,
  context: RequestContext,
  accountNumbers?: AccountNumberIndex,
): Promise<List<Customer>> {
  const { scope } = context;
  const condition = await customerCondition(filter, {
    scope,
    customerFields: () => context.loaders.customerFields(),
    defaultRegion: () => context.loaders.defaultRegion(),
    accountNumberDigest: async (accountNumber) => {
      if (!accountNumbers) throw new Error("A filter by account number is for the resolver");
      context.requireScope("bank-accounts:reveal");
      return accountNumbers.find(scope.tenantId, accountNumber);
    },
  });
  return { entity: Customer, order: customerOrder(orderBy), condition };
}
