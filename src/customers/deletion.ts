import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";

/** What can be in the way of a deletion. */
export enum DeletionBlockerKind {
  ACTIVE_WORK_ORDER = "ACTIVE_WORK_ORDER",
  ACTIVE_CONTRACT = "ACTIVE_CONTRACT",
  PENDING_INVOICE = "PENDING_INVOICE",
}

registerEnumType(DeletionBlockerKind, {
  name: "DeletionBlockerKind",
  description: "What can be in the way of deleting a customer.",
  valuesConfig: {
    ACTIVE_WORK_ORDER: { description: "Work orders that are neither COMPLETED nor CANCELLED." },
    ACTIVE_CONTRACT: { description: "Contracts that are ACTIVE." },
    PENDING_INVOICE: { description: "Invoices that are PENDING." },
  },
});

@ObjectType({
  description:
    "One kind of thing that is in the way. A refused deletion carries the same list in its error's extensions.blockers.",
})
export class DeletionBlocker {
  @Field(() => DeletionBlockerKind, { description: "What it is." })
  kind!: DeletionBlockerKind;

  @Field(() => Int, { description: "How many there are." })
  count!: number;

  @Field(() => [ID], { description: "The ids of the first ten, oldest first." })
  ids!: string[];

  @Field(() => String, { description: "What to do about it, in a sentence." })
  remedy!: string;
}

@ObjectType({ description: "Whether a customer can be moved to the trash now." })
export class Deletion {
  @Field(() => Boolean, { description: "true where nothing is in the way." })
  allowed!: boolean;

  @Field(() => [DeletionBlocker], { description: "What is in the way, a kind each; empty where nothing is." })
  blockers!: readonly DeletionBlocker[];
}
