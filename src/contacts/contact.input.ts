import { Field, ID, InputType } from "type-graphql";
import { Email, NotNull, PresentText, RequiredText, Text } from "../validation/validators";

@InputType({
  description: "A contact of a customer. At most one of a list may be primary; making one primary demotes the other.",
})
export class ContactInput {
  @Field(() => ID, {
    nullable: true,
    description: "The contact that is meant, inside a customer's list only. BAD_USER_INPUT elsewhere.",
  })
  id?: string | null;

  @Field(() => String, { description: "The person's name, at most 300 characters." })
  @RequiredText(300, "A name")
  name!: string;

  @Field(() => String, { nullable: true, description: "What the person does there, at most 200 characters." })
  @Text(200)
  title?: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address." })
  @Email()
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Phone number: international, or national for the region that applies to the customer's.",
  })
  @Text(64)
  phone?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: "Whether this is the one to reach first." })
  isPrimary!: boolean;
}

@InputType({ description: "What to change of a contact: what is left out stays, null clears." })
export class ContactPatch {
  @Field(() => String, { nullable: true, description: "The person's name, at most 300 characters; not null." })
  @PresentText(300, "A name")
  name?: string | null;

  @Field(() => String, { nullable: true, description: "What the person does there, at most 200 characters." })
  @Text(200)
  title?: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address." })
  @Email()
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Phone number: international, or national for the tenant's default region.",
  })
  @Text(64)
  phone?: string | null;

  @Field(() => Boolean, { nullable: true, description: "true demotes the one that is primary; not null." })
  @NotNull()
  isPrimary?: boolean | null;
}
