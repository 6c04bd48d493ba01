import { Field, ID, InputType } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { DateTimeScalar } from "../graphql/scalars/date-time";
import { DateTimeRange } from "../pagination/range.input";
import { Code, NotNull, PresentCode, PresentText, RequiredText, Text } from "../validation/validators";
import { Priority, WorkOrderStatus } from "./work-order.entity";

@InputType({ description: "A new work order for a customer." })
export class WorkOrderInput {
  @Field(() => String, {
    nullable: true,
    description: "Unique within the tenant, at most 64 characters. Assigned (WO-10001, ...) when left out.",
  })
  @Code()
  code?: string | null;

  @Field(() => String, { description: "What is to be done, in a line; at most 300 characters." })
  @RequiredText(300, "A title")
  title!: string;

  @Field(() => String, { nullable: true, description: "The details, at most 10,000 characters." })
  @Text(10_000)
  description?: string | null;

  @Field(() => WorkOrderStatus, { defaultValue: WorkOrderStatus.OPEN, description: "How far it is." })
  status!: WorkOrderStatus;

  @Field(() => Priority, { defaultValue: Priority.NORMAL, description: "How urgent it is." })
  priority!: Priority;

  @Field(() => DateTimeScalar, { nullable: true, description: "When it is planned for." })
  scheduledAt?: Date | null;

  @Field(() => ID, { nullable: true, description: "The asset to work on, one of the same customer." })
  assetId?: string | null;
}

@InputType({
  description:
    "What to change of a work order: what is left out stays, null clears; what has to be there cannot be cleared.",
})
export class WorkOrderPatch {
  @Field(() => String, {
    nullable: true,
    description: "Unique within the tenant, at most 64 characters. Not null.",
  })
  @PresentCode()
  code?: string | null;

  @Field(() => String, { nullable: true, description: "What is to be done, in a line; at most 300 characters." })
  @PresentText(300, "A title")
  title?: string | null;

  @Field(() => String, { nullable: true, description: "The details, at most 10,000 characters." })
  @Text(10_000)
  description?: string | null;

  @Field(() => WorkOrderStatus, { nullable: true, description: "How far it is." })
  @NotNull()
  status?: WorkOrderStatus | null;

  @Field(() => Priority, { nullable: true, description: "How urgent it is." })
  @NotNull()
  priority?: Priority | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "When it is planned for." })
  scheduledAt?: Date | null;

  @Field(() => ID, { nullable: true, description: "The asset to work on, one of the same customer." })
  assetId?: string | null;
}

@InputType({
  description:
    "Which work orders. All conditions that are given must hold; null is refused, an empty list matches nothing.",
})
export class WorkOrderFilter {
  @Field(() => CustomerKey, {
    nullable: true,
    description: "Those of this customer; none where there is no such customer.",
  })
  customer?: CustomerKey;

  @Field(() => ID, { nullable: true, description: "Those on the asset with this id." })
  asset?: string;

  @Field(() => [WorkOrderStatus], { nullable: true, description: "Any of these states." })
  status?: WorkOrderStatus[];

  @Field(() => [Priority], { nullable: true, description: "Any of these priorities." })
  priority?: Priority[];

  @Field(() => Boolean, {
    nullable: true,
    description: "true: neither COMPLETED nor CANCELLED; false: one of the two.",
  })
  active?: boolean;

  @Field(() => DateTimeRange, { nullable: true, description: "When it is planned for." })
  scheduledAt?: DateTimeRange;
}
