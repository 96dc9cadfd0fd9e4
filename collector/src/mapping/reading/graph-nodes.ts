const PREBUILT_NODES = new Set(['agent', 'tools', 'model_request', 'call_model', 'generate_structured_response']);
const MIDDLEWARE = /\.(before|after)_(model|agent)$|\.wrap_/;

/** True for names of nodes that prebuilt LangGraph agents make for themselves; some only count inside a namespace. */
export function isInternalNodeName(node: string, nested: boolean): boolean {
  return node.startsWith('__') || MIDDLEWARE.test(node) || (nested && PREBUILT_NODES.has(node));
}

/** A level of a checkpoint namespace `node:uuid|node:uuid`. */
export interface NodeRunRef {
  node: string;
  /** Namespace up to and including this level: the id of the node run. */
  namespace: string;
}

/**
 * The node runs a namespace proves to be running, outermost first. Inside a prebuilt agent only the levels above the
 * agent's own can be nodes of a person's graph.
 */
export function enclosingNodeRuns(namespace: string, insideAgent: boolean): NodeRunRef[] {
  const parts = namespace.split('|');
  const runs: NodeRunRef[] = [];
  for (const [at, part] of parts.entries()) {
    const node = part.split(':', 1)[0] ?? '';
    const isAgentsOwn = insideAgent && at > 0;
    const isRootAgentsOwn = insideAgent && at === 0 && isInternalNodeName(node, true);
    if (node === '' || isAgentsOwn || isRootAgentsOwn || isInternalNodeName(node, at > 0)) continue;
    runs.push({ node, namespace: parts.slice(0, at + 1).join('|') });
  }
  return runs;
}
