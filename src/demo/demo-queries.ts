/** An operation to start from, shown by the explorer and when the server starts. */
export interface ReadyQuery {
  readonly title: string;
  readonly query: string;
  /** As JSON. */
  readonly variables?: string;
}

/** They fit the demo data, and any tenant's. */
export const demoQueries: readonly ReadyQuery[] = [
  {
    title: "Customers with what hangs on them",
    query: `query CustomersWithWork {
  customers(first: 5) {
    totalCount
    nodes {
      code
      name
      status { name }
      contacts { name phone isPrimary }
      workOrders(first: 3) { totalCount nodes { code title status asset { name } } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    title: "Search, whatever the accents",
    query: `query Search {
  customers(filter: { search: "nguyen" }, orderBy: [{ field: NAME }]) {
    totalCount
    nodes { code name phone address { formatted } }
  }
}`,
  },
  {
    title: "Who cannot be deleted, and why",
    query: `query InTheWay {
  customers(first: 5, filter: { hasActiveWorkOrders: true }) {
    nodes { code name deletion { allowed blockers { kind count remedy } } }
  }
}`,
  },
];
