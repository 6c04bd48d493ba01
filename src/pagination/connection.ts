import { Field, Int, ObjectType, type ClassType } from "type-graphql";
import { type Page } from "./list";

@ObjectType({ description: "Where a page of a connection lies in the whole list." })
export class PageInfo {
  @Field(() => Boolean, {
    description: "Whether more rows follow. When paging backward: whether the page was reached with a before cursor.",
  })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: "Whether rows come before. When paging forward: whether the page was reached with an after cursor.",
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "The cursor of the first entry; null on an empty page." })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: "The cursor of the last entry; null on an empty page." })
  endCursor!: string | null;
}

/** Where a connection's content comes from: each is asked for at most once, and only when a field of it is selected. */
export interface ConnectionSource<T> {
  page(): Promise<Page<T>>;
  count(): Promise<number>;
}

/** A page of a list, read when it is looked at: asking for totalCount alone reads no rows, and the other way round. */
export class Connection<T> {
  private loaded: Promise<Page<T>> | undefined;

  constructor(private readonly source: ConnectionSource<T>) {}

  async edges(): Promise<{ cursor: string; node: T }[]> {
    const { nodes, cursors } = await this.page();
    return nodes.map((node, index) => ({ cursor: cursors[index] ?? "", node }));
  }

  async nodes(): Promise<readonly T[]> {
    return (await this.page()).nodes;
  }

  async pageInfo(): Promise<PageInfo> {
    const { cursors, hasNextPage, hasPreviousPage } = await this.page();
    return { hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null };
  }

  totalCount(): Promise<number> {
    return this.source.count();
  }

  private page(): Promise<Page<T>> {
    return (this.loaded ??= this.source.page());
  }
}

/** The GraphQL types of a connection over a type: `<Name>Connection` and `<Name>Edge`. */
export function createConnectionType<T extends object>(
  nodeType: ClassType<T>,
): new (source: ConnectionSource<T>) => Connection<T> {
  const { name } = nodeType;

  @ObjectType(`${name}Edge`, { description: `An entry of ${name}Connection.` })
  class Edge {
    @Field(() => String, { description: "Its place in the list: opaque, valid while rows come and go." })
    cursor!: string;

    @Field(() => nodeType, { description: "The entry itself." })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { description: "A page of a list, by the Relay cursor connections specification." })
  class NamedConnection extends Connection<T> {
    @Field(() => [Edge], { description: "The entries with their cursors." })
    override edges(): Promise<Edge[]> {
      return super.edges();
    }

    @Field(() => [nodeType], { description: "The entries alone, for those who need no cursor of each." })
    override nodes(): Promise<readonly T[]> {
      return super.nodes();
    }

    @Field(() => PageInfo, { description: "Where the page lies in the list." })
    override pageInfo(): Promise<PageInfo> {
      return super.pageInfo();
    }

    @Field(() => Int, { description: "How many entries the whole list has. Counted only when asked for." })
    override totalCount(): Promise<number> {
      return super.totalCount();
    }
  }

  return NamedConnection;
}
