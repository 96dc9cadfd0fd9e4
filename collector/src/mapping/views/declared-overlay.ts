import type { DeclaredGraph } from '../facts.ts';
import { mergeGraphs } from '../reading/declared-graph.ts';
import type { RunPart } from './run-part.ts';
import { END, START, type TakenEdges } from './observed-edges.ts';

/** A declared graph as views use it, or none. */
export interface Declaration {
  graph: DeclaredGraph | null;
  /** The sender's own names of start and end. */
  start: string;
  end: string;
}

const START_NAMES = new Set(['__start__', 'start']);
const END_NAMES = new Set(['__end__', 'end']);

/** What the parts declare together; the latest part that declares anything names it. */
export function readDeclaration(parts: readonly RunPart[]): Declaration {
  const graphs = parts.flatMap(({ derivation }) => (isDeclared(derivation) ? [derivation.run.graph] : [])).reverse();
  const graph = mergeGraphs(graphs.filter((each) => each !== undefined));
  const named = (names: ReadonlySet<string>): string | undefined =>
    graph?.nodes.find(({ id, type }) => names.has((type ?? '').toLowerCase()) || names.has(id.toLowerCase()))?.id;
  return { graph, start: named(START_NAMES) ?? START, end: named(END_NAMES) ?? END };
}

/** Messages that were sent make no declaration: they are the part of a graph that ran. */
function isDeclared({ run, structure }: RunPart['derivation']): boolean {
  if (run.graph === undefined) return false;
  if (run.graph.name !== null) return true;
  const sent = new Set(structure().messages.map(({ source, target }) => JSON.stringify([source, target])));
  return sent.size === 0 || run.graph.edges.some(({ source, target }) => !sent.has(JSON.stringify([source, target])));
}

/** Of the sources a step offers, those with a declared edge to the target; all where there is none. */
export function allowedBy({
  graph,
  start,
  end,
}: Declaration): (sources: readonly string[], target: string) => readonly string[] {
  if (graph === null) return (sources) => sources;
  const edges = new Set(graph.edges.map(({ source, target }) => JSON.stringify([source, target])));
  const own = (id: string): string => (id === START ? start : id === END ? end : id);
  return (sources, target) => {
    const good = sources.filter((source) => edges.has(JSON.stringify([own(source), own(target)])));
    return good.length > 0 ? good : sources;
  };
}

/** An edge of the view before it is drawn. */
export interface OverlaidEdge {
  source: string;
  target: string;
  label: string | null;
  conditional: boolean;
  taken: number;
  declared: boolean;
}

/**
 * Declared edges with how often they were taken, then those only observed. A declared graph may show the inside of a
 * sub-graph (`sub:inner`) in its place: what was seen to enter or leave the sub-graph is then the declared edge to or
 * from a node inside that was visited.
 */
export function overlayEdges(
  { graph, start, end }: Declaration,
  taken: TakenEdges,
  visited: ReadonlySet<string>,
): OverlaidEdge[] {
  const edges: OverlaidEdge[] = (graph?.edges ?? []).map((edge) => ({ ...edge, taken: 0, declared: true }));
  for (const { source, target, taken: times } of taken.list()) {
    const [from, to] = [source === START ? start : source, target === END ? end : target];
    const exact = edges.find((edge) => edge.source === from && edge.target === to);
    const through = exact === undefined ? edges.filter((edge) => edge.declared && leads(edge, from, to, visited)) : [];
    if (exact !== undefined) exact.taken += times;
    else if (through.length > 0) for (const edge of through) edge.taken += times;
    else edges.push({ source: from, target: to, label: null, conditional: false, taken: times, declared: false });
  }
  return edges;
}

function leads(edge: OverlaidEdge, from: string, to: string, visited: ReadonlySet<string>): boolean {
  return isOrInside(edge.source, from, visited) && isOrInside(edge.target, to, visited);
}

function isOrInside(id: string, node: string, visited: ReadonlySet<string>): boolean {
  return id === node || (id.startsWith(`${node}:`) && visited.has(id));
}
