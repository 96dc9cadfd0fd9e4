import { END, START, StateGraph } from '@langchain/langgraph';
import { coder, riskyTools, tools } from './coder.ts';
import { planner } from './planner.ts';
import { AgentState } from './state.ts';
import { afterValidator, validator } from './validator.ts';

/** Planner, coder, tools and validator; risky tools wait for a person, several of them at the same time. */
export const graph = new StateGraph(AgentState)
  .addNode('planner', planner)
  .addNode('coder', coder, { ends: ['tools', 'risky_tools', 'validator'] })
  .addNode('tools', tools)
  .addNode('risky_tools', riskyTools)
  .addNode('validator', validator)
  .addEdge(START, 'planner')
  .addEdge('planner', 'coder')
  .addEdge('tools', 'validator')
  .addEdge('risky_tools', 'validator')
  .addConditionalEdges('validator', afterValidator, { planner: 'planner', coder: 'coder', __end__: END })
  .compile({ name: 'price_report' });
