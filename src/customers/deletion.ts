import { Ctx, Extensions, Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import { message, type Language } from "../errors/messages";
import { type RequestContext } from "../graphql/request-context";
import { Planned, property } from "../read-planner/planned";

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
  constructor(kind: DeletionBlockerKind, count: number, ids: string[]) {
    this.kind = kind;
    this.count = count;
    this.ids = ids;
  }

  @Field(() => DeletionBlockerKind, { description: "What it is." })
  readonly kind: DeletionBlockerKind;

  @Field(() => Int, { description: "How many there are." })
  readonly count: number;

  @Field(() => [ID], { description: "The ids of the first ten, oldest first." })
  readonly ids: string[];

  @Planned(property((blocker: DeletionBlocker, { language }) => blocker.remedyIn(language)))
  @Field(() => String, { description: "What to do about it, in a sentence, in the language of the request." })
  remedy(@Ctx() { language }: RequestContext): string {
    return this.remedyIn(language);
  }

  remedyIn(language: Language): string {
    return message(`REMEDY_${this.kind}`, { max: this.count }, language);
  }
}

@ObjectType({ description: "Whether a customer can be moved to the trash now." })
export class Deletion {
  @Field(() => Boolean, { description: "true where nothing is in the way." })
  allowed!: boolean;

  @Extensions({ size: 3 })
  @Field(() => [DeletionBlocker], { description: "What is in the way, a kind each; empty where nothing is." })
  blockers!: readonly DeletionBlocker[];
}
