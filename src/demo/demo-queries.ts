/** An operation to start from, shown by the explorer and when the server starts. */
export interface ReadyQuery {
  readonly title: string;
  readonly query: string;
  /** As JSON. */
  readonly variables?: string;
}

/** They fit the demo data; the first three, which need no variables, fit any tenant's. */
export const demoQueries: readonly ReadyQuery[] = [
  {
    title: "Customers and work",
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
    title: "Search without accents",
    query: `query Search {
  customers(filter: { search: "nguyen" }, orderBy: [{ field: NAME }]) {
    totalCount
    nodes { code name phone address { formatted } }
  }
}`,
  },
  {
    title: "What blocks deletion",
    query: `query InTheWay {
  customers(first: 5, filter: { hasActiveWorkOrders: true }) {
    nodes { code name deletion { allowed blockers { kind count remedy } } }
  }
}`,
  },
  {
    title: "One customer",
    query: `query OneCustomer($code: String!) {
  customer(by: { code: $code }) {
    id
    code
    name
    kind
    version
    tags
    address { formatted }
    status { name }
    type { name }
    group { name }
    branch { name }
    contacts { name title email phone isPrimary }
    bankAccounts { bankName maskedAccountNumber }
    customFields { field { code type } value }
    assets { nodes { code name category status } }
    workOrders { nodes { code title status priority scheduledAt } }
    contracts { nodes { code title status endsOn } }
    invoices { nodes { code amount currency status dueOn } }
  }
}`,
    variables: `{
  "code": "C-10007"
}`,
  },
  {
    title: "Filter",
    query: `# Companies of 50 people and more that make or move things,
# are content, and are neither in Germany nor gone.
query LargeAndContent {
  customers(
    first: 10
    filter: {
      kind: COMPANY
      customFields: [
        { field: "employees", gte: 50 }
        { field: "industry", in: ["Manufacturing", "Logistics", "Construction"] }
        { field: "satisfaction", gte: 7 }
      ]
      not: { or: [{ country: ["DE"] }, { status: ["former"] }] }
    }
  ) {
    totalCount
    nodes {
      code
      name
      address { city country }
      industry: customField(code: "industry")
      employees: customField(code: "employees")
      satisfaction: customField(code: "satisfaction")
    }
  }
}`,
  },
  {
    title: "Page by page",
    query: `# Put pageInfo.endCursor of the answer into "after" for the page that follows.
query Newest($first: Int!, $after: String) {
  customers(first: $first, after: $after, orderBy: [{ field: CREATED_AT, direction: DESC }, { field: NAME }]) {
    nodes { code name createdAt }
    pageInfo { hasNextPage endCursor }
  }
}`,
    variables: `{
  "first": 10,
  "after": null
}`,
  },
  {
    title: "Numbered page",
    query: `query BackOfficeTable($page: Int!) {
  customerPage(page: $page, perPage: 10, filter: { branch: ["HAN", "DAD", "SGN"] }, orderBy: [{ field: NAME }]) {
    page
    totalPages
    totalCount
    items { code name branch { name } primaryContact { name phone } }
  }
}`,
    variables: `{
  "page": 2
}`,
  },
  {
    title: "Urgent work",
    query: `query UrgentWork {
  workOrders(first: 10, filter: { active: true, priority: [URGENT, HIGH] }) {
    totalCount
    nodes {
      code
      title
      status
      priority
      scheduledAt
      asset { name location }
      customer { code name address { formatted } primaryContact { name phone } }
    }
  }
}`,
  },
  {
    title: "Taxonomy",
    query: `query Taxonomy {
  customerStatuses { ...term }
  customerTypes { ...term }
  customerGroups { ...term }
  branches { ...term }
  customerFields { code name type options }
}

fragment term on TaxonomyTerm {
  code
  name
  customerCount
}`,
  },
  {
    title: "Check only",
    query: `# Nothing is kept: take validateOnly away to create the customer.
mutation CheckCustomer {
  createCustomer(
    validateOnly: true
    input: {
      company: "Bún chả Sông Quê"
      phoneRegion: "VN"
      phones: ["095 123 45 67"]
      address: { street: "24 Tô Hiến Thành", city: "Hà Nội", country: "Việt Nam" }
    }
  ) {
    code
    name
    kind
    phone
    address { formatted country }
  }
}`,
  },
  {
    title: "Create",
    query: `mutation CreateCustomer($input: CustomerInput!) {
  createCustomer(input: $input) {
    id
    code
    name
    kind
    phones
    address { formatted }
    status { name customerCount }
    branch { name }
    contacts { name phone isPrimary }
    bankAccounts { bankName maskedAccountNumber }
    customFields { field { name } value }
  }
}`,
    variables: `{
  "input": {
    "company": "Xưởng gỗ Mộc Lan",
    "status": "active",
    "type": "small-business",
    "group": "service-plan",
    "branch": "DAD",
    "phoneRegion": "VN",
    "phones": ["0236 1555 010", "+49 30 23125 010"],
    "email": "xuong@moclan.example",
    "website": "https://moclan.example",
    "tags": ["large-site", "referral"],
    "address": {
      "street": "12 Bạch Đằng",
      "ward": "Phường Thạch Thang",
      "district": "Quận Hải Châu",
      "city": "Đà Nẵng",
      "postalCode": "50200",
      "country": "VN"
    },
    "contacts": [
      { "name": "Lê Thị Mai", "title": "Giám đốc", "phone": "095 555 00 10", "isPrimary": true },
      { "name": "Trần Văn Sơn", "email": "son@moclan.example" }
    ],
    "bankAccounts": [
      { "bankName": "Vietcombank", "bankCode": "VCB", "accountNumber": "0071 0000 12345", "accountHolderName": "XUONG GO MOC LAN" }
    ],
    "customFields": [
      { "field": "industry", "value": "Manufacturing" },
      { "field": "employees", "value": 18 },
      { "field": "preferred_channels", "value": ["Zalo", "Phone"] },
      { "field": "newsletter", "value": true }
    ]
  }
}`,
  },
];
