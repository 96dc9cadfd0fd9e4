import type { DeclaredGraph } from '../facts.ts';
import { asBoolean, asFields, asList, asStructure, asText, firstField } from './coerce.ts';

/** A graph from lists of nodes and edges, as objects or JSON of them; null when it has no node. */
export function readGraph(name: unknown, nodes: unknown, edges: unknown): DeclaredGraph | null {
  const graph: DeclaredGraph = { name: asText(name), nodes: [], edges: [] };
  for (const node of asList(asStructure(nodes))) {
    const fields = asFields(node);
    const id = asText(node) ?? firstField(fields, ['id', 'name']);
    if (id !== null) graph.nodes.push({ id, type: firstField(fields, ['type']), label: firstField(fields, ['label']) });
  }
  for (const edge of asList(asStructure(edges))) {
    const read = readEdge(edge);
    if (read !== null) graph.edges.push(read);
  }
  return graph.nodes.length === 0 ? null : graph;
}

/** `{source, target}` under the names in use, or the text `a -> b` (OpenLLMetry). */
function readEdge(edge: unknown): DeclaredGraph['edges'][number] | null {
  const words = /^(.+?)\s*->\s*(.+)$/.exec(asText(edge) ?? '');
  if (words?.[1] !== undefined && words[2] !== undefined)
    return { source: words[1].trim(), target: words[2].trim(), label: null, conditional: false };
  const fields = asFields(edge);
  const source = firstField(fields, ['source', 'source_id', 'from']);
  const target = firstField(fields, ['target', 'target_id', 'to']);
  if (source === null || target === null) return null;
  const conditional =
    asBoolean(fields?.['conditional']) ?? firstField(fields, ['condition_name', 'condition']) !== null;
  return { source, target, label: firstField(fields, ['label', 'condition_name']), conditional };
}

/** All parts as one graph; null when there is none. */
export function mergeGraphs(parts: readonly DeclaredGraph[]): DeclaredGraph | null {
  const first = parts[0];
  if (first === undefined || parts.length === 1) return first ?? null;
  const nodes = new Map<string, DeclaredGraph['nodes'][number]>();
  const edges = new Map<string, DeclaredGraph['edges'][number]>();
  for (const part of parts) {
    for (const node of part.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node);
    for (const edge of part.edges) {
      const key = JSON.stringify([edge.source, edge.target]);
      if (!edges.has(key)) edges.set(key, edge);
    }
  }
  const name = parts.find((part) => part.name !== null)?.name ?? null;
  return { name, nodes: [...nodes.values()], edges: [...edges.values()] };
}
