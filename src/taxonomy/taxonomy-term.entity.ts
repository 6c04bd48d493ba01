import { Field, ID, InterfaceType, ObjectType } from "type-graphql";
import { Column, Entity } from "typeorm";
import { TenantOwned } from "../tenancy/tenant-owned.entity";

/** What customer statuses, types, groups and branches have in common: one shape, four tables. */
@InterfaceType({
  description:
    "What customer statuses, types, groups and branches have in common: a term that customers can carry, one of each kind. Lists of them are ordered by code.",
})
export abstract class TaxonomyTerm extends TenantOwned {
  @Field(() => ID, { description: "A UUID (version 7), given at creation, never changed and never used again." })
  override id!: string;

  @Field(() => String, {
    description:
      "Unique within the tenant and the kind of term, compared without regard to case. At most 64 characters.",
  })
  @Column({ type: "text" })
  code!: string;

  /** The code as it is compared: lower case. */
  @Column({ name: "code_key", type: "text" })
  codeKey!: string;

  @Field(() => String, { description: "Display name, at most 200 characters." })
  @Column({ type: "text" })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: "What it is for, at most 2,000 characters. Null where nobody said.",
  })
  @Column({ type: "text", nullable: true })
  description!: string | null;
}

@ObjectType({ implements: TaxonomyTerm, description: "Where a customer stands, such as active, prospect or blocked." })
@Entity("customer_statuses")
export class CustomerStatus extends TaxonomyTerm {}

@ObjectType({
  implements: TaxonomyTerm,
  description: "What sort of customer it is, such as commercial or residential.",
})
@Entity("customer_types")
export class CustomerType extends TaxonomyTerm {}

@ObjectType({
  implements: TaxonomyTerm,
  description: "The segment that a customer is counted in, such as key accounts.",
})
@Entity("customer_groups")
export class CustomerGroup extends TaxonomyTerm {}

@ObjectType({ implements: TaxonomyTerm, description: "The office that a customer belongs to. A taxonomy term too." })
@Entity("branches")
export class Branch extends TaxonomyTerm {}

/** A kind of term. */
export type TaxonomyTermClass<T extends TaxonomyTerm = TaxonomyTerm> = new () => T;

/** The kinds of term: their table, the field that lists them, the customer's column that names one, the argument that takes its code, and its name. */
export const TERM_KINDS = [
  {
    term: CustomerStatus,
    table: "customer_statuses",
    many: "customerStatuses",
    property: "statusId",
    column: "status_id",
    argument: "status",
    label: "customer status",
  },
  {
    term: CustomerType,
    table: "customer_types",
    many: "customerTypes",
    property: "typeId",
    column: "type_id",
    argument: "type",
    label: "customer type",
  },
  {
    term: CustomerGroup,
    table: "customer_groups",
    many: "customerGroups",
    property: "groupId",
    column: "group_id",
    argument: "group",
    label: "customer group",
  },
  {
    term: Branch,
    table: "branches",
    many: "branches",
    property: "branchId",
    column: "branch_id",
    argument: "branch",
    label: "branch",
  },
] as const;

/** The kind of a class of terms. @throws Error for a class that is none */
export function termKind(term: unknown): (typeof TERM_KINDS)[number] {
  const kind = TERM_KINDS.find((candidate) => candidate.term === term);
  if (!kind) throw new Error("Not a kind of taxonomy term");
  return kind;
}
