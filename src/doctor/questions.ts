import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isScalarType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from "graphql";
import { type GivenAnswer } from "./asker";
import { type WholeTenant } from "./whole-tenant";

/** One place where an id or a text goes in. */
export interface Place {
  /** The field and its argument, then the way within the argument: `Query.assets.filter`, `customer`, `id`. */
  readonly way: readonly string[];
  /** `CustomerKey.id`, or `Query.asset.id` where the argument is the id itself. */
  readonly name: string;
}

/** A place of a field. */
export interface Question {
  /** The type that has the field. */
  readonly owner: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly place: Place;
}

/** Every place of the schema where an id or a text goes in. */
export function questionsOf(schema: GraphQLSchema): Question[] {
  return fieldsOf(schema).flatMap(({ owner, field }) =>
    placesOf(owner, field).map((place) => ({ owner, field, place })),
  );
}

/** What a question is called in a report: `Query.assets(filter.customer.id)`. */
export const nameOf = ({ owner, field, place }: Question): string => `${owner}.${field.name}(${place.way.join(".")})`;

/** Every field of the schema. */
function fieldsOf(schema: GraphQLSchema): { owner: string; field: GraphQLField<unknown, unknown> }[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith("__"))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ owner: type.name, field })));
}

/** Every ID, String and JSON that a field takes; of filters within a filter, one is followed. */
function placesOf(owner: string, field: GraphQLField<unknown, unknown>): Place[] {
  const within = (type: GraphQLInputType, way: string[], name: string): Place[] => {
    const named = getNamedType(type);
    if (isInputObjectType(named)) {
      return Object.values(named.getFields())
        .filter((entry) => getNamedType(entry.type) !== named || (entry.name === "or" && !way.includes("or")))
        .flatMap((entry) => within(entry.type, [...way, entry.name], `${named.name}.${entry.name}`));
    }
    return isScalarType(named) && ["ID", "String", "JSON"].includes(named.name) ? [{ way, name }] : [];
  };
  return field.args.flatMap(({ name, type }) => within(type, [name], `${owner}.${field.name}.${name}`));
}

/** What a mutation changes where the place in question is another one: a record that the asker has. */
function ownRecord(fieldName: string, argument: string, filled: WholeTenant): unknown {
  const { customers, assets, workOrders, contracts, invoices } = filled;
  const [, type = ""] = /^(?:update|delete|change)(\w+?)(?:Code)?$/.exec(fieldName) ?? [];
  const ids: Record<string, string | undefined> = {
    Contact: customers[0]?.contacts[0]?.id,
    BankAccount: customers[0]?.bankAccounts[0]?.id,
    Asset: assets[0]?.id,
    WorkOrder: workOrders[0]?.id,
    Contract: contracts[0]?.id,
    Invoice: invoices[0]?.id,
  };
  const codes: Record<string, string> = {
    Customer: "K-1",
    CustomerStatus: "s-1",
    CustomerType: "t-1",
    CustomerGroup: "g-1",
    Branch: "b-1",
    CustomerField: "number",
  };
  if (fieldName === "mergeCustomers" && argument === "from") return [{ code: "K-2" }];
  return argument === "id" ? ids[type] : ["code", "from"].includes(argument) ? codes[type] : undefined;
}

/** What must be given beside, the shortest that is accepted; every filled tenant has a K-1 and a field "number". */
function required(type: GraphQLInputType, name: string): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [required(nullable.ofType, name)];
  if (isInputObjectType(nullable)) {
    if (nullable.name === "CustomerKey") return { code: "K-1" };
    return Object.fromEntries(
      Object.values(nullable.getFields())
        .filter(isRequiredInputField)
        .map((entry) => [entry.name, required(entry.type, entry.name)]),
    );
  }
  return { code: "number", field: "number", amount: "1.50", currency: "VND", version: 1 }[name] ?? "x";
}

/** An argument in which a value stands at the end of a way. */
function argumentWith(type: GraphQLInputType, way: readonly string[], value: unknown): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [argumentWith(nullable.ofType, way, value)];
  const [name = "", ...rest] = way;
  if (!isInputObjectType(nullable)) return value;
  const entry = nullable.getFields()[name];
  const others = nullable.name === "CustomerKey" ? {} : (required(nullable, "") as object);
  return entry ? { ...others, [name]: argumentWith(entry.type, rest, value) } : value;
}

/** Everything of an object that is one statement away at most. */
const SELECTIONS: Record<string, string> = {
  Customer: `id code previousCodes name email phones tags status { id code } branch { id } contacts { id name } bankAccounts { id bankName }
    customFields { field { id code } value } workOrders { totalCount nodes { id code } } version`,
  CustomerChange: "id action fields { path before after }",
  CustomerDuplicate: "reasons customer { id code name }",
  Contact: "id name customer { id code name }",
  BankAccount: "id bankName accountNumber customer { id code name }",
  Asset: "id code name customer { id name } workOrders { totalCount nodes { id code } }",
  WorkOrder: "id code title customer { id name } asset { id code name }",
  Contract: "id code title customer { id name }",
  Invoice: "id code customer { id name }",
  CustomerField: "id code name options",
  TenantSettings: "defaultStatus codePrefix",
};

function selectionOf({ type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  const node = named.name.replace("Connection", "");
  if (!isCompositeType(named)) return "";
  if (node !== named.name) {
    return `{ totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { ${SELECTIONS[node]} } }`;
  }
  if (named.name === "CustomerPage") return `{ totalCount totalPages items { ${SELECTIONS["Customer"]} } }`;
  return `{ ${SELECTIONS[named.name] ?? "id code name"} }`;
}

/** Asks with a value at the place, all else being the asker's own. */
export function ask(filled: WholeTenant, { owner, field, place }: Question, value: unknown): Promise<GivenAnswer> {
  const [argumentName = "", ...way] = place.way;
  const given = field.args.filter((argument) => argument.name === argumentName || isRequiredArgument(argument));
  const variables = Object.fromEntries(
    given.map(({ name, type }: GraphQLArgument) => [
      name,
      name === argumentName
        ? argumentWith(type, way, value)
        : ((owner === "Mutation" ? ownRecord(field.name, name, filled) : undefined) ?? required(type, name)),
    ]),
  );
  const declared = given.map(({ name, type }) => `$${name}: ${String(type)}`).join(", ");
  const passed = given.map(({ name }) => `${name}: $${name}`).join(", ");
  const call = `${field.name}(${passed}) ${selectionOf(field)}`;
  const around: Record<string, string> = {
    Query: `{ ${call} }`,
    Mutation: `{ ${call} }`,
    Customer: `{ customers { nodes { id ${call} } } }`,
    Asset: `{ assets { nodes { id ${call} } } }`,
  };
  const kind = owner === "Mutation" ? "mutation" : "query";
  return filled.tenant.execute(`${kind} (${declared}) ${around[owner]}`, variables);
}
