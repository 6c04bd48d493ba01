import { Kind, type DocumentNode, type FieldNode, type OperationDefinitionNode, type SelectionSetNode } from "graphql";

/** A mutation that writes as the given one does, and selects nothing but the id of what was written. */
export function writingOperation(operation: OperationDefinitionNode, field: FieldNode): DocumentNode {
  const selecting = (node: FieldNode): SelectionSetNode => ({ kind: Kind.SELECTION_SET, selections: [node] });
  const id: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "id" } };
  const { alias, arguments: args, name, loc } = field;
  const written: FieldNode = {
    kind: Kind.FIELD,
    name,
    ...(alias && { alias }),
    ...(args && { arguments: args }),
    ...(loc && { loc }),
    selectionSet: selecting(id),
  };
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, selectionSet: selecting(written) }] };
}
