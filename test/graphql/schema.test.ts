import { readFileSync } from "node:fs";
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
  type GraphQLSchema,
} from "graphql";
import { createSchemaAlone } from "../../src/app";

let schema: GraphQLSchema;
beforeAll(() => {
  schema = createSchemaAlone();
});

/** Every name of the schema with its description. */
function described(): [name: string, description: string | null | undefined][] {
  const own = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith("__") && !isSpecifiedScalarType(type),
  );
  return own.flatMap((type): [string, string | null | undefined][] => {
    const parts: [string, string | null | undefined][] = [[type.name, type.description]];
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        parts.push([`${type.name}.${field.name}`, field.description]);
        for (const argument of field.args)
          parts.push([`${type.name}.${field.name}(${argument.name})`, argument.description]);
      }
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        parts.push([`${type.name}.${field.name}`, field.description]);
    }
    if (isEnumType(type))
      for (const value of type.getValues()) parts.push([`${type.name}.${value.name}`, value.description]);
    return parts;
  });
}

test("schema/schema.graphql is the schema of this code: npm run schema:emit", () => {
  const file = readFileSync("schema/schema.graphql", "utf8");
  const emitted = file.slice(file.indexOf("\n\n") + 2);
  expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(emitted);
});

test("the schema is valid, also by the rules that graphql-js checks only when it executes", () => {
  expect(validateSchema(schema)).toEqual([]);
});

test("every type, field, argument, input field and enum value says what it is", () => {
  const parts = described();
  expect(parts.length).toBeGreaterThan(400);
  const silent = parts.filter(([, description]) => !description?.trim()).map(([name]) => name);
  // TypeGraphQL has no place for a description of these two.
  expect(silent.filter((name) => !["Query", "Mutation"].includes(name))).toEqual([]);
});

test("descriptions are whole sentences", () => {
  const cut = described().filter(([, description]) => description && !/^\S.*\.$/s.test(description));
  expect(cut.map(([name, description]) => `${name}: ${description}`)).toEqual([]);
});

test("every root field but viewer says which scope it needs", () => {
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}),
  );
  const silent = fields.filter(({ description }) => !/Scope (`?)[a-z-]+:[a-z]+\1\./.test(description ?? ""));
  expect(silent.map(({ name }) => name)).toEqual(["viewer"]);
});

test("no field names a tenant to work for: the credential alone does", () => {
  const names = described().map(([name]) => name);
  expect(names.filter((name) => /tenantId|\(tenant\)|Input\.tenant/i.test(name))).toEqual([]);
});
