import {
  coerceInputValue,
  type GraphQLError,
  isInputType,
  isNonNullType,
  Kind,
  typeFromAST,
  valueFromAST,
  visit,
  type ASTNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type DocumentNode,
} from "graphql";
import { BadUserInputError, problem, type ArgumentPath, type Problem } from "../errors/domain-errors";

const MAX_PROBLEMS = 50;
/** Lists and objects within each other: more than any input has, and few enough to walk through recursively. */
const MAX_DEPTH = 100;

/**
 * Coerces the variables of an operation, as graphql-js does when it executes; but this names every problem with its path in the
 * arguments, and repeats no value.
 * @throws BadUserInputError with the problems of all variables
 */
export function coerceVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const problems: Problem[] = [];
  const coerced = Object.create(null) as Record<string, unknown>;
  let places: ReadonlyMap<string, ArgumentPath> | undefined;
  const placeOf = (name: string): ArgumentPath => (places ??= argumentsOf(document)).get(name) ?? [name];

  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    if (!isInputType(type)) continue; // validation has refused the operation already
    const isGiven = Object.hasOwn(given, name) && given[name] !== undefined;
    if (isNonNullType(type) && given[name] == null) {
      if (isGiven || !defaultValue) problems.push(problem(placeOf(name), "REQUIRED"));
    } else if (isGiven && isTooDeep(given[name])) {
      const what = `Must not be nested deeper than ${MAX_DEPTH} lists and objects.`;
      problems.push(problem(placeOf(name), "INVALID_VALUE", { what }));
    } else if (isGiven) {
      coerced[name] = coerceInputValue(given[name], type, (path, _value, error) => {
        if (problems.length < MAX_PROBLEMS) problems.push(toProblem([...placeOf(name), ...path], error));
      });
    }
    if (!isGiven && defaultValue) coerced[name] = valueFromAST(defaultValue, type);
  }
  if (problems.length > 0) throw new BadUserInputError(problems);
  return coerced;
}

/** Level by level: what it is to keep out would exhaust the stack. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    level = level.flatMap((entry): unknown[] =>
      typeof entry === "object" && entry !== null ? Object.values(entry) : [],
    );
  }
  return level.length > 0;
}

/** The problem that graphql-js found with a value. */
export function toProblem(path: ArgumentPath, error: GraphQLError): Problem {
  const missing = /^Field "(?:\w+\.)?(\w+)" of required type/.exec(error.message)?.[1];
  if (missing !== undefined) return problem([...path, missing], "REQUIRED");
  const unknown = /^Field "(\w+)" is not defined by type "(\w+)"/.exec(error.message);
  if (unknown)
    return problem([...path, unknown[1] ?? ""], "INVALID_VALUE", { what: `${unknown[2]} has no such field.` });
  const enumType = /^(?:Value "[^"]*" does not exist in|Enum) "(\w+)"/.exec(error.message)?.[1];
  if (enumType !== undefined)
    return problem(path, "INVALID_VALUE", { what: `Must be one of the values of ${enumType}.` });
  const required = /^Expected non-nullable type "([^"]+)" not to be null/.exec(error.message)?.[1];
  if (required !== undefined) return problem(path, "REQUIRED");
  const standard = /^(Int|Float|String|Boolean|ID) cannot represent/.exec(error.message)?.[1];
  if (standard !== undefined) return problem(path, "INVALID_VALUE", { what: `Must be ${STANDARD_TYPES[standard]}.` });
  const object = /^Expected type "(\w+)" to be an object/.exec(error.message)?.[1];
  if (object !== undefined) return problem(path, "INVALID_VALUE", { what: `Must be an object of type ${object}.` });
  // Our own scalars say what would be right, without the value.
  return problem(path, "INVALID_VALUE", error.extensions["code"] === "BAD_USER_INPUT" ? { what: error.message } : {});
}

const STANDARD_TYPES: Record<string, string> = {
  Int: "a whole number from -2147483648 to 2147483647",
  Float: "a number",
  String: "a string",
  Boolean: "true or false",
  ID: "an id: a string",
};

/** Where each variable is used first, as a path in the arguments of its field. */
function argumentsOf(document: DocumentNode): Map<string, ArgumentPath> {
  const places = new Map<string, ArgumentPath>();
  visit(document, {
    Variable(node, _key, parent, _path, ancestors) {
      const name = node.name.value;
      const place = argumentPath(nodesOf([...ancestors, parent, node]));
      if (place.length > 0 && !places.has(name)) places.set(name, place);
    },
  });
  return places;
}

/** The nested nodes that lead to a node; a visitor's ancestors and parent may be lists of siblings. */
function nodesOf(line: readonly (ASTNode | readonly ASTNode[] | undefined)[]): ASTNode[] {
  return line.filter((entry): entry is ASTNode => entry !== undefined && !Array.isArray(entry));
}

/** The path in the arguments that leads to the last of nested nodes; empty where it is in no argument. */
function argumentPath(nodes: readonly ASTNode[]): ArgumentPath {
  const path: (string | number)[] = [];
  nodes.forEach((node, index) => {
    if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) path.push(node.name.value);
    const next = nodes[index + 1];
    if (node.kind === Kind.LIST && next) path.push(node.values.findIndex((value) => value === next));
  });
  return path;
}

const VALUE_KINDS: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

/** The problem of a literal that a validation error is about; undefined where it is about something else. */
export function literalProblem(document: DocumentNode, error: GraphQLError): Problem | undefined {
  const node = error.nodes?.[0];
  if (!node) return undefined;
  if (node.kind === Kind.FIELD) {
    const missing = /^Field "\w+" argument "(\w+)" of type "[^"]+" is required/.exec(error.message)?.[1];
    return missing === undefined ? undefined : problem([missing], "REQUIRED");
  }
  if (!VALUE_KINDS.has(node.kind)) return undefined;
  const path = argumentPathOf(document, node);
  if (path.length === 0) return undefined;
  // The problem of a field that the type does not have begins with the type's own path.
  return toProblem(node.kind === Kind.OBJECT_FIELD ? path.slice(0, -1) : path, error);
}

/** The path in the arguments of a node anywhere in a document. */
function argumentPathOf(document: DocumentNode, wanted: ASTNode): ArgumentPath {
  let path: ArgumentPath = [];
  visit(document, {
    enter(node, _key, parent, _path, ancestors) {
      if (node === wanted) path = argumentPath(nodesOf([...ancestors, parent, node]));
    },
  });
  return path;
}
