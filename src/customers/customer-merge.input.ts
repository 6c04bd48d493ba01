import { Field, ID, InputType, Int } from "type-graphql";

@InputType({ description: "The version that a customer is expected to have." })
export class ExpectedVersion {
  @Field(() => ID, { description: "The customer's id." })
  id!: string;

  @Field(() => Int, { description: "Its version, as it was read." })
  version!: number;
}
