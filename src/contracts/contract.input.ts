import { Field, InputType } from "type-graphql";
import { CustomerKey } from "../customers/customer-key";
import { DateScalar } from "../graphql/scalars/date";
import { Code, NotNull, PresentCode, PresentText, RequiredText } from "../validation/validators";
import { ContractStatus } from "./contract.entity";

@InputType({ description: "A new contract with a customer." })
export class ContractInput {
  @Field(() => String, {
    nullable: true,
    description: "Unique within the tenant, at most 64 characters. Assigned (CT-10001, ...) when left out.",
  })
  @Code()
  code?: string | null;

  @Field(() => String, { description: "What it is about, in a line; at most 300 characters." })
  @RequiredText(300, "A title")
  title!: string;

  @Field(() => ContractStatus, { defaultValue: ContractStatus.DRAFT, description: "Where it stands." })
  status!: ContractStatus;

  @Field(() => DateScalar, { nullable: true, description: "Its first day." })
  startsOn?: string | null;

  @Field(() => DateScalar, { nullable: true, description: "Its last day; not before startsOn." })
  endsOn?: string | null;
}

@InputType({
  description:
    "What to change of a contract: what is left out stays, null clears; what has to be there cannot be cleared.",
})
export class ContractPatch {
  @Field(() => String, {
    nullable: true,
    description: "Unique within the tenant, at most 64 characters. Not null.",
  })
  @PresentCode()
  code?: string | null;

  @Field(() => String, { nullable: true, description: "What it is about, in a line; at most 300 characters." })
  @PresentText(300, "A title")
  title?: string | null;

  @Field(() => ContractStatus, { nullable: true, description: "Where it stands." })
  @NotNull()
  status?: ContractStatus | null;

  @Field(() => DateScalar, { nullable: true, description: "Its first day." })
  startsOn?: string | null;

  @Field(() => DateScalar, { nullable: true, description: "Its last day; not before startsOn." })
  endsOn?: string | null;
}

@InputType({
  description:
    "Which contracts. All conditions that are given must hold; null is refused, an empty list matches nothing.",
})
export class ContractFilter {
  @Field(() => CustomerKey, {
    nullable: true,
    description: "Those of this customer; none where there is no such customer.",
  })
  customer?: CustomerKey;

  @Field(() => [ContractStatus], { nullable: true, description: "Any of these states." })
  status?: ContractStatus[];
}
