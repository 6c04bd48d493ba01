import { getMetadataStorage } from "type-graphql";

/** What TypeGraphQL knows of a field. */
export interface FieldMetadata {
  /** The property that holds it. */
  readonly property: string;
  /** The scopes that it asks for. */
  readonly scopes: readonly string[];
  /** Whether a method resolves it. */
  readonly hasResolver: boolean;
}

/** A class, as TypeGraphQL knows it. */
type AnyClass = abstract new (...args: never[]) => object;

/** The class behind an object type. */
export function classOf(typeName: string): AnyClass | undefined {
  return getMetadataStorage().objectTypes.find(({ name }) => name === typeName)?.target as AnyClass | undefined;
}

/** A field of a type, or of a type that its class extends; undefined where nothing is known of it. */
export function fieldMetadata(typeName: string, fieldName: string): FieldMetadata | undefined {
  const { objectTypes, interfaceTypes, fieldResolvers, queries } = getMetadataStorage();
  if (typeName === "Query") {
    const query = queries.find(({ schemaName }) => schemaName === fieldName);
    return query && { property: fieldName, scopes: scopesOf(query.roles), hasResolver: true };
  }
  const target = classOf(typeName);
  if (!target) return undefined;
  const isOfType = (owner: unknown): boolean =>
    target === owner || (owner instanceof Object && Object.prototype.isPrototypeOf.call(owner, target));
  const fields = [...objectTypes, ...interfaceTypes]
    .filter(({ target: owner }) => isOfType(owner))
    .flatMap(({ fields: own = [] }) => own.filter(({ schemaName }) => schemaName === fieldName));
  const resolvers = fieldResolvers.filter(
    ({ schemaName, getObjectType }) => schemaName === fieldName && isOfType(getObjectType?.()),
  );
  const [field] = fields;
  const property = field?.name ?? resolvers[0]?.methodName;
  if (property === undefined) return undefined;
  const scopes = [...fields, ...resolvers].flatMap(({ roles }) => scopesOf(roles));
  return { property, scopes: [...new Set(scopes)], hasResolver: resolvers.length > 0 };
}

function scopesOf(roles: readonly unknown[] | undefined): string[] {
  return (roles ?? []).map(String);
}
