import { type Connection, type ConnectionSource } from "../pagination/connection";
import { readCount, readPage, type List } from "../pagination/list";
import { toSlice, type ConnectionArguments } from "../pagination/slice";
import { type TenantOwned } from "../tenancy/tenant-owned.entity";
import { type ChildSlice } from "./loaders";
import { type RequestContext } from "./request-context";

/** A named connection type, as createConnectionType makes it. */
export type ConnectionClass<T> = new (source: ConnectionSource<T>) => Connection<T>;

/** A connection over a whole list. @throws BadUserInputError for arguments that do not fit */
export function listConnection<T extends TenantOwned>(
  type: ConnectionClass<T>,
  { scope }: RequestContext,
  list: List<T>,
  args: ConnectionArguments,
): Connection<T> {
  const slice = toSlice(args, list.order);
  return new type({ page: () => readPage(scope, list, slice), count: () => readCount(scope, list) });
}

/** A connection over a parent's part of a list. @throws BadUserInputError for arguments that do not fit */
export function childConnection<T extends TenantOwned>(
  type: ConnectionClass<T>,
  { loaders }: RequestContext,
  child: ChildSlice<T>,
  parentId: string,
  args: ConnectionArguments,
): Connection<T> {
  const slice = toSlice(args, child.list.order);
  return new type({
    page: () => loaders.pageByParentId(child, slice).load(parentId),
    count: () => loaders.countByParentId(child).load(parentId),
  });
}
