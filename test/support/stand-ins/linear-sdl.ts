/** The part of Linear's schema that the product uses, with the vendor's names and nullability. */
export const linearSdl = /* GraphQL */ `
  scalar DateTime
  scalar TimelessDate
  scalar JSON
  scalar JSONObject

  type Query {
    issue(id: String!): Issue!
    comment(id: String, hash: String): Comment!
    workflowStates(
      filter: WorkflowStateFilter
      before: String
      after: String
      first: Int
      last: Int
      includeArchived: Boolean
    ): WorkflowStateConnection!
  }

  type Mutation {
    issueCreate(input: IssueCreateInput!): IssuePayload!
    issueUpdate(id: String!, input: IssueUpdateInput!): IssuePayload!
    commentCreate(input: CommentCreateInput!): CommentPayload!
    attachmentCreate(input: AttachmentCreateInput!): AttachmentPayload!
  }

  type Issue {
    id: ID!
    identifier: String!
    url: String!
    title: String!
    description: String
    priority: Float!
    state: WorkflowState!
  }

  type Comment {
    id: ID!
    body: String!
  }

  type Attachment {
    id: ID!
    url: String!
    title: String!
  }

  type WorkflowState {
    id: ID!
    type: String!
    position: Float!
  }

  type WorkflowStateConnection {
    nodes: [WorkflowState!]!
  }

  type IssuePayload {
    lastSyncId: Float!
    issue: Issue
    success: Boolean!
  }

  type CommentPayload {
    lastSyncId: Float!
    comment: Comment!
    success: Boolean!
  }

  type AttachmentPayload {
    lastSyncId: Float!
    attachment: Attachment!
    success: Boolean!
  }

  input StringComparator {
    eq: String
    neq: String
    in: [String!]
  }

  input IDComparator {
    eq: ID
    neq: ID
    in: [ID!]
  }

  input TeamFilter {
    id: IDComparator
  }

  input WorkflowStateFilter {
    team: TeamFilter
    type: StringComparator
  }

  input IssueCreateInput {
    id: String
    title: String
    description: String
    assigneeId: String
    delegateId: String
    parentId: String
    priority: Int
    labelIds: [String!]
    teamId: String!
    projectId: String
    stateId: String
    dueDate: TimelessDate
  }

  input IssueUpdateInput {
    title: String
    description: String
    assigneeId: String
    delegateId: String
    priority: Int
    labelIds: [String!]
    addedLabelIds: [String!]
    removedLabelIds: [String!]
    stateId: String
    dueDate: TimelessDate
  }

  input CommentCreateInput {
    id: String
    body: String
    issueId: String
    parentId: String
  }

  input AttachmentCreateInput {
    id: String
    title: String!
    subtitle: String
    url: String!
    issueId: String!
    iconUrl: String
    metadata: JSONObject
  }
`;
