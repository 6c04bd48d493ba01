import {
  coerceInputValue,
  getNullableType,
  isInputObjectType,
  isListType,
  type GraphQLInputType,
  type GraphQLSchema,
} from "graphql";
import { type ArgumentPath, type Problem } from "../errors/domain-errors";
import { toProblem } from "./variable-problems";

type InputClass = new () => object;

/** Reads inputs that come as JSON from elsewhere than GraphQL, by the same schema: types, defaults, unknown fields. */
export class InputReader {
  private readonly classes: ReadonlyMap<string, InputClass>;

  /** @param classes the input classes that are read, and those nested in them */
  constructor(
    private readonly schema: GraphQLSchema,
    classes: readonly InputClass[],
  ) {
    this.classes = new Map(classes.map((inputClass) => [inputClass.name, inputClass]));
  }

  /**
   * @param path where the value stands, for the problems
   * @returns the input, and every way in which the value is not one; with problems the input is not to be used
   */
  read<T extends object>(
    inputClass: new () => T,
    json: unknown,
    path: ArgumentPath = [],
  ): { input: T; problems: Problem[] } {
    const type = this.schema.getType(inputClass.name);
    if (!isInputObjectType(type)) throw new Error(`The schema has no input ${inputClass.name}`);
    const problems: Problem[] = [];
    const value: unknown = coerceInputValue(json, type, (at, _value, error) =>
      problems.push(toProblem([...path, ...at], error)),
    );
    return { input: this.instantiate(type, value) as T, problems };
  }

  /** The rules for inputs are written on their classes. */
  private instantiate(type: GraphQLInputType, value: unknown): unknown {
    const nullable = getNullableType(type);
    if (value == null) return value;
    if (isListType(nullable)) {
      return Array.isArray(value) ? value.map((entry) => this.instantiate(nullable.ofType, entry)) : value;
    }
    if (!isInputObjectType(nullable)) return value;
    const inputClass = this.classes.get(nullable.name);
    if (!inputClass) throw new Error(`InputReader was not given the class ${nullable.name}`);
    const fields = nullable.getFields();
    const input = Object.create(inputClass.prototype as object) as Record<string, unknown>;
    for (const [name, nested] of Object.entries(value)) {
      const field = fields[name];
      if (field) input[name] = this.instantiate(field.type, nested);
    }
    return input;
  }
}
