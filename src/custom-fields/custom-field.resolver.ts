import {
  Arg,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  ID,
} from "type-graphql";
import { Customer } from "../customers/customer.entity";
import { BadUserInputError } from "../errors/domain-errors";
import { nearest } from "../errors/nearest";
import { type RequestContext } from "../graphql/request-context";
import { JsonScalar } from "../graphql/scalars/json";
import { expression, lookup, many, Planned, sameRow } from "../read-planner/planned";
import { type Parameters } from "../tenancy/parameters";
import { codeKey, isCleanText } from "../text/text";
import { CustomerField } from "./customer-field.entity";
import { type CustomerFieldService } from "./customer-field.service";
import { CustomerFieldInput, CustomerFieldPatch } from "./custom-field.input";

@ObjectType({ description: "A custom field of a customer that has a value." })
export class CustomFieldValue {
  @Planned(sameRow)
  @Field(() => CustomerField, { description: "The field's definition." })
  field!: CustomerField;

  @Planned(expression((field, customer) => `${customer}.custom_values -> ${field}.id::text`))
  @Field(() => JsonScalar, {
    description:
      "TEXT, SELECT: string; NUMBER: number; BOOLEAN: boolean; DATE: YYYY-MM-DD; MULTI_SELECT: list of strings.",
  })
  value!: unknown;
}

@Resolver(() => CustomerField)
export class CustomerFieldResolver {
  constructor(private readonly customerFieldService: CustomerFieldService) {}

  @Authorized("customers:read")
  @Planned(many(CustomerField, (field) => `true order by ${field}.id`))
  @Query(() => [CustomerField], {
    description: "The definitions of all custom fields, in the order created. Scope customers:read.",
  })
  customerFields(@Ctx() { loaders }: RequestContext): Promise<CustomerField[]> {
    return loaders.customerFields();
  }

  @Authorized("taxonomy:write")
  @Mutation(() => CustomerField, {
    description: "Makes a custom field. CONFLICT where the code is taken. Scope taxonomy:write.",
  })
  createCustomerField(
    @Arg("input", () => CustomerFieldInput, { description: "The field." }) input: CustomerFieldInput,
    @Ctx() context: RequestContext,
  ): Promise<CustomerField> {
    return context.write((scope) => this.customerFieldService.create(scope, input));
  }

  @Authorized("taxonomy:write")
  @Mutation(() => CustomerField, {
    description:
      "Changes a custom field: what is left out stays, null clears. The type can change only while no customer has a value, and an option can go only while none has it: CONFLICT otherwise. NOT_FOUND where there is none. Scope taxonomy:write.",
  })
  updateCustomerField(
    @Arg("code", () => String, { description: "Its code, without regard to case." }) code: string,
    @Arg("input", () => CustomerFieldPatch, { description: "What to change." }) input: CustomerFieldPatch,
    @Ctx() context: RequestContext,
  ): Promise<CustomerField> {
    return context.write((scope) => this.customerFieldService.update(scope, code, input));
  }

  @Authorized("taxonomy:write")
  @Mutation(() => CustomerField, {
    description:
      "Gives a custom field another code; values stay. NOT_FOUND where there is none; CONFLICT where the new code is taken. Scope taxonomy:write.",
  })
  changeCustomerFieldCode(
    @Arg("from", () => String, { description: "Its present code, without regard to case." }) from: string,
    @Arg("to", () => String, { description: "Its new code, at most 64 characters." }) to: string,
    @Ctx() context: RequestContext,
  ): Promise<CustomerField> {
    return context.write((scope) => this.customerFieldService.changeCode(scope, from, to));
  }

  @Authorized("taxonomy:write")
  @Mutation(() => ID, {
    description:
      "Deletes a custom field, and answers with its id. CONFLICT while customers have a value, unless discardValues is true; values of customers in the trash are lost. Scope taxonomy:write.",
  })
  deleteCustomerField(
    @Arg("code", () => String, { description: "Its code, without regard to case." }) code: string,
    @Arg("discardValues", () => Boolean, { defaultValue: false, description: "Whether the values may be lost." })
    discardValues: boolean,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    return context.write((scope) => this.customerFieldService.delete(scope, code, discardValues));
  }
}

/** What custom fields add to customers. */
@Resolver(() => Customer)
export class CustomerCustomFieldsResolver {
  @Authorized("customers:read")
  @Planned(
    many(CustomerField, (field, customer) => `${customer}.custom_values ? ${field}.id::text order by ${field}.id`),
  )
  @FieldResolver(() => [CustomFieldValue], {
    description: "Every value that is set, in the order of the field definitions. Scope customers:read.",
  })
  async customFields(
    @Root() { customValues }: Customer,
    @Ctx() { loaders }: RequestContext,
  ): Promise<CustomFieldValue[]> {
    const fields = await loaders.customerFields();
    return fields
      .filter(({ id }) => customValues[id] !== undefined)
      .map((field) => ({ field, value: customValues[field.id] }));
  }

  @Authorized("customers:read")
  @Planned(
    lookup(({ code }) => {
      if (!isCleanText(code as string)) throw BadUserInputError.at(["code"], "INVALID_TEXT");
      const fieldSql = (select: string, p: Parameters): string =>
        `select ${select} from customer_fields f where f.tenant_id = $1 and f.code_key = ${p.add(codeKey(code as string))}`;
      return {
        sql: (customer, p) => `${customer}.custom_values -> (${fieldSql("f.id::text", p)})`,
        requires: (p) => `exists (${fieldSql("1", p)})`,
      };
    }),
  )
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description:
      "One value by its field's code; null where it is not set; BAD_USER_INPUT where there is no such field. Scope customers:read.",
  })
  async customField(
    @Root() { customValues }: Customer,
    @Arg("code", () => String, { description: "The field's code, without regard to case." }) code: string,
    @Ctx() { loaders }: RequestContext,
  ): Promise<unknown> {
    const fields = await loaders.customerFields();
    const field = fields.find((candidate) => candidate.codeKey === codeKey(code));
    if (!field)
      throw BadUserInputError.at(["code"], "UNKNOWN_FIELD", {
        nearest: nearest(
          code,
          fields.map((known) => known.code),
        ),
      });
    return customValues[field.id] ?? null;
  }
}
