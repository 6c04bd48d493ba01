import { Field, ID, InputType, registerEnumType } from "type-graphql";
import { CountryCodeScalar } from "../graphql/scalars/country-code";
import { JsonScalar } from "../graphql/scalars/json";
import { DateTimeRange } from "../pagination/range.input";
import { CustomerKind } from "./customer.entity";

/** What a filter says about the trash. */
export enum TrashFilter {
  EXCLUDE = "EXCLUDE",
  INCLUDE = "INCLUDE",
  ONLY = "ONLY",
}

registerEnumType(TrashFilter, {
  name: "TrashFilter",
  description: "Whether customers in the trash are listed.",
  valuesConfig: {
    EXCLUDE: { description: "Those in the trash are left out." },
    INCLUDE: { description: "Those in the trash are listed among the others." },
    ONLY: { description: "Those in the trash alone." },
  },
});

/** What customers can be ordered by. */
export enum CustomerOrderField {
  CREATED_AT = "CREATED_AT",
  UPDATED_AT = "UPDATED_AT",
  NAME = "NAME",
  CODE = "CODE",
}

registerEnumType(CustomerOrderField, {
  name: "CustomerOrderField",
  description: "What customers can be ordered by. Ties are broken by id.",
  valuesConfig: {
    CREATED_AT: { description: "When they were created." },
    UPDATED_AT: { description: "When they were last changed." },
    NAME: { description: "The display name, without regard to case and accents." },
    CODE: {
      description: "The code, without regard to case and accents, character by character: C-10 comes before C-9.",
    },
  },
});

/** Which way a list runs. */
export enum OrderDirection {
  ASC = "ASC",
  DESC = "DESC",
}

registerEnumType(OrderDirection, {
  name: "OrderDirection",
  description: "Which way a list runs.",
  valuesConfig: {
    ASC: { description: "From the first to the last: A to Z, oldest to newest." },
    DESC: { description: "From the last to the first: Z to A, newest to oldest." },
  },
});

@InputType({ description: "One criterion of an order. Several in a list apply one after another." })
export class CustomerOrder {
  @Field(() => CustomerOrderField, { description: "What to order by." })
  field!: CustomerOrderField;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: "Which way." })
  direction!: OrderDirection;
}

@InputType({
  description:
    "Conditions on a text; all that are given must hold. eq and in compare the whole value (a code without regard to case, an e-mail in lower case); startsWith and contains compare without regard to case or accents. A list can hold 1,000 values.",
})
export class StringFilter {
  @Field(() => String, { nullable: true, description: "The whole value is this." })
  eq?: string;

  @Field(() => [String], {
    nullable: true,
    description: "The whole value is one of these. An empty list matches nothing.",
  })
  in?: string[];

  @Field(() => String, { nullable: true, description: "The value starts with this." })
  startsWith?: string;

  @Field(() => String, { nullable: true, description: "The value contains this." })
  contains?: string;

  @Field(() => Boolean, { nullable: true, description: "true: there is no value; false: there is one." })
  isNull?: boolean;
}

@InputType({
  description:
    "Conditions on a custom field; all that are given must hold. Values have the shape of the field's type; of a MULTI_SELECT each chosen option counts. A value of another shape, or an unknown field, is BAD_USER_INPUT.",
})
export class CustomFieldFilter {
  @Field(() => String, { description: "The field's code, without regard to case." })
  field!: string;

  @Field(() => JsonScalar, { nullable: true, description: "The value is this." })
  eq?: unknown;

  @Field(() => [JsonScalar], {
    nullable: true,
    description: "The value is one of these. An empty list matches nothing.",
  })
  in?: unknown[];

  @Field(() => JsonScalar, { nullable: true, description: "The value is this or more. NUMBER and DATE only." })
  gte?: unknown;

  @Field(() => JsonScalar, { nullable: true, description: "The value is less than this. NUMBER and DATE only." })
  lt?: unknown;

  @Field(() => Boolean, { nullable: true, description: "true: there is a value; false: there is none." })
  isSet?: boolean;
}

@InputType({
  description:
    "Which customers. All conditions that are given must hold. A filter never widens: null is refused as an operand, an empty list matches nothing, and an unknown code matches nothing. It can be nested 5 levels deep and hold 100 conditions.",
})
export class CustomerFilter {
  @Field(() => [CustomerFilter], { nullable: true, description: "All of these hold. An empty list matches nothing." })
  and?: CustomerFilter[];

  @Field(() => [CustomerFilter], {
    nullable: true,
    description: "At least one of these holds. An empty list matches nothing.",
  })
  or?: CustomerFilter[];

  @Field(() => CustomerFilter, {
    nullable: true,
    description: "This does not hold; customers whose value is null are included.",
  })
  not?: CustomerFilter;

  @Field(() => String, {
    nullable: true,
    description:
      "Every word occurs in name, code, e-mail, phone or tax id, without regard to case or accents: nguyen finds Nguyễn. How a phone number is written does not matter. Blank is as if absent. At most 200 characters.",
  })
  search?: string;

  @Field(() => [ID], {
    nullable: true,
    description: "The id is one of these, 1,000 at most. An id that no customer has finds none.",
  })
  id?: string[];

  @Field(() => StringFilter, { nullable: true, description: "The code it has now." })
  code?: StringFilter;

  @Field(() => StringFilter, { nullable: true, description: "The display name." })
  name?: StringFilter;

  @Field(() => StringFilter, { nullable: true, description: "The e-mail address." })
  email?: StringFilter;

  @Field(() => StringFilter, { nullable: true, description: "The tax identification number." })
  taxId?: StringFilter;

  @Field(() => String, {
    nullable: true,
    description:
      "One of its phone numbers, in any usual way to write it (national for the tenant's default region); compared in E.164. One that cannot be read finds none.",
  })
  phone?: string;

  @Field(() => String, {
    nullable: true,
    description:
      "One of its bank accounts has this number: the whole of it, letters and digits compared without regard to case, spaces and punctuation. Needs the scope bank-accounts:reveal, FORBIDDEN without it.",
  })
  accountNumber?: string;

  @Field(() => CustomerKind, { nullable: true, description: "Person or company." })
  kind?: CustomerKind;

  @Field(() => [String], {
    nullable: true,
    description: "Codes of statuses; any of them. A code that no status has finds none.",
  })
  status?: string[];

  @Field(() => [String], {
    nullable: true,
    description: "Codes of types; any of them. A code that no type has finds none.",
  })
  type?: string[];

  @Field(() => [String], {
    nullable: true,
    description: "Codes of groups; any of them. A code that no group has finds none.",
  })
  group?: string[];

  @Field(() => [String], {
    nullable: true,
    description: "Codes of branches; any of them. A code that no branch has finds none.",
  })
  branch?: string[];

  @Field(() => [String], { nullable: true, description: "Tags; any of them, without regard to case." })
  tag?: string[];

  @Field(() => [CountryCodeScalar], { nullable: true, description: "The country of the address; any of these." })
  country?: string[];

  @Field(() => DateTimeRange, { nullable: true, description: "When it was created." })
  createdAt?: DateTimeRange;

  @Field(() => DateTimeRange, { nullable: true, description: "When it was last changed." })
  updatedAt?: DateTimeRange;

  @Field(() => [CustomFieldFilter], {
    nullable: true,
    description: "Conditions on custom fields; all of them hold. An empty list matches nothing.",
  })
  customFields?: CustomFieldFilter[];

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether it has work orders that are neither COMPLETED nor CANCELLED.",
  })
  hasActiveWorkOrders?: boolean;

  @Field(() => TrashFilter, { nullable: true, description: "EXCLUDE when absent. Only at the top level of a filter." })
  trash?: TrashFilter;
}
