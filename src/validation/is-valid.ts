import { getMetadataStorage, ValidationTypes, type ValidationArguments } from "class-validator";

/** The rules of one property, as class-validator was told of them. */
interface PropertyRules {
  readonly property: string;
  /** All must hold for the others to count. */
  readonly conditions: readonly ((object: object, value: unknown) => boolean)[];
  readonly checks: readonly ((object: object, value: unknown) => boolean)[];
  readonly isNested: boolean;
}

/** Null: the class has a kind of rule that is not known here. */
const rulesOfClass = new WeakMap<object, readonly PropertyRules[] | null>();

/**
 * Whether an input keeps the rules written on its class, told quickly. False says only that class-validator has to be asked.
 * It looks its rules up anew and prepares a report of each property every time; nearly all inputs need none.
 */
export function isValid(input: object): boolean {
  const inputClass = input.constructor;
  let rules = rulesOfClass.get(inputClass);
  if (rules === undefined) rulesOfClass.set(inputClass, (rules = readRules(inputClass)));
  return rules !== null && rules.every((property) => keeps(input, property));
}

function keeps(input: object, { property, conditions, checks, isNested }: PropertyRules): boolean {
  const value = (input as Record<string, unknown>)[property];
  if (!conditions.every((holds) => holds(input, value))) return true;
  if (!checks.every((holds) => holds(input, value))) return false;
  if (!isNested || value === undefined) return true;
  return Array.isArray(value) ? value.every(isValidObject) : isValidObject(value);
}

function isValidObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && isValid(value);
}

function readRules(inputClass: unknown): PropertyRules[] | null {
  const storage = getMetadataStorage();
  const all = storage.getTargetValidationMetadatas(inputClass as () => void, "", false, false);
  const rules: PropertyRules[] = [];
  for (const [property, metadatas] of Object.entries(storage.groupByPropertyName(all))) {
    const conditions: PropertyRules["conditions"][number][] = [];
    const checks: PropertyRules["checks"][number][] = [];
    let isNested = false;
    for (const { type, constraints, constraintCls, each, validateIf, groups } of metadatas) {
      if (validateIf ?? groups?.length) return null;
      if (type === ValidationTypes.CONDITIONAL_VALIDATION) {
        conditions.push(constraints[0] as PropertyRules["conditions"][number]);
      } else if (type === ValidationTypes.NESTED_VALIDATION) {
        isNested = true;
      } else if (type === ValidationTypes.CUSTOM_VALIDATION) {
        for (const { instance, async } of storage.getTargetValidatorConstraints(constraintCls)) {
          if (async) return null;
          const holds = (object: object, value: unknown): boolean => {
            const told: ValidationArguments = {
              object,
              value,
              property,
              constraints,
              targetName: object.constructor.name,
            };
            return each && Array.isArray(value)
              ? value.every((entry) => instance.validate(entry, told) === true)
              : instance.validate(value, told) === true;
          };
          checks.push(holds);
        }
      } else {
        return null;
      }
    }
    rules.push({ property, conditions, checks, isNested });
  }
  return rules;
}
