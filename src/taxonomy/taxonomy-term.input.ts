import { Field, InputType } from "type-graphql";
import { PresentText, RequiredCode, RequiredText, Text } from "../validation/validators";

@InputType({ description: "A new status, type, group or branch." })
export class TaxonomyTermInput {
  @Field(() => String, {
    description: "Unique within the tenant and the kind of term, without regard to case; at most 64 characters.",
  })
  @RequiredCode()
  code!: string;

  @Field(() => String, { description: "Display name, at most 200 characters." })
  @RequiredText(200, "A name")
  name!: string;

  @Field(() => String, { nullable: true, description: "What it is for, at most 2,000 characters." })
  @Text(2000)
  description?: string | null;
}

@InputType({ description: "What to change of a status, type, group or branch: what is left out stays, null clears." })
export class TaxonomyTermPatch {
  @Field(() => String, { nullable: true, description: "Display name, at most 200 characters; not null." })
  @PresentText(200, "A name")
  name?: string | null;

  @Field(() => String, { nullable: true, description: "What it is for, at most 2,000 characters." })
  @Text(2000)
  description?: string | null;
}
