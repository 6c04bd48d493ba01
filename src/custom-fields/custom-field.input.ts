import { Field, InputType } from "type-graphql";
import { JsonScalar } from "../graphql/scalars/json";
import { NotNull, PresentText, RequiredCode, RequiredText, Text, Texts } from "../validation/validators";
import { CustomFieldType } from "./customer-field.entity";

@InputType({ description: "The value of one custom field." })
export class CustomFieldInput {
  @Field(() => String, { description: "The field's code, without regard to case." })
  field!: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      "TEXT, SELECT: string; NUMBER: number; BOOLEAN: boolean; DATE: YYYY-MM-DD; MULTI_SELECT: list of strings. Null, a blank text or an empty list is no value.",
  })
  value?: unknown;
}

@InputType({ description: "A new custom field." })
export class CustomerFieldInput {
  @Field(() => String, {
    description: "Unique among the tenant's custom fields, without regard to case; at most 64 characters.",
  })
  @RequiredCode()
  code!: string;

  @Field(() => String, { description: "Display name, at most 200 characters." })
  @RequiredText(200, "A name")
  name!: string;

  @Field(() => CustomFieldType, { defaultValue: CustomFieldType.TEXT, description: "What its values are." })
  type!: CustomFieldType;

  @Field(() => [String], {
    nullable: true,
    description:
      "The allowed values: required for SELECT and MULTI_SELECT, not allowed for others. At most 500, of 200 characters each, none twice.",
  })
  @Texts(500, 200)
  options?: string[] | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: "Whether a customer cannot be created or replaced without it.",
  })
  required!: boolean;

  @Field(() => String, { nullable: true, description: "What it is for, at most 2,000 characters." })
  @Text(2000)
  description?: string | null;
}

@InputType({ description: "What to change of a custom field: what is left out stays, null clears." })
export class CustomerFieldPatch {
  @Field(() => String, { nullable: true, description: "Display name, at most 200 characters; not null." })
  @PresentText(200, "A name")
  name?: string | null;

  @Field(() => CustomFieldType, {
    nullable: true,
    description: "What its values are; can change only while no customer has one, else CONFLICT. Not null.",
  })
  @NotNull()
  type?: CustomFieldType | null;

  @Field(() => [String], {
    nullable: true,
    description:
      "The allowed values, all of them: required for SELECT and MULTI_SELECT, not allowed for others. CONFLICT where customers have one that is left out.",
  })
  @Texts(500, 200)
  options?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether a customer cannot be created or replaced without it. Not null.",
  })
  @NotNull()
  required?: boolean | null;

  @Field(() => String, { nullable: true, description: "What it is for, at most 2,000 characters." })
  @Text(2000)
  description?: string | null;
}
