import { type RequestContext } from "../graphql/request-context";

/** Turns what SQL read into what is answered. */
export type Finish = (value: unknown, context: RequestContext) => unknown;

/** Finishes properties of an object; undefined where there is none to finish. */
export function finishObject(finishes: readonly [string, Finish][]): Finish | undefined {
  if (finishes.length === 0) return undefined;
  return (value, context) => {
    if (value === null) return null;
    const object = value as Record<string, unknown>;
    for (const [key, finish] of finishes) object[key] = finish(object[key], context);
    return object;
  };
}

/** Finishes each entry of a list. */
export function finishList(finish: Finish): Finish {
  return (value, context) =>
    value == null ? null : (value as readonly unknown[]).map((entry) => finish(entry, context));
}
