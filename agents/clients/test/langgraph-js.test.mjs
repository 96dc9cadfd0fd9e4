import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { contentOf, eventsOf, get, settledRuns, telemetryTo, until } from './support.mjs';

const folder = path.resolve(import.meta.dirname, '..', '..', 'reference');
let agent;
before(async () => (agent = await startAgent()));
after(() => agent.stop());

test('LangGraph.js with OpenInference: a failure, a new plan, two questions and their answers', async () => {
  const { thread_id: thread } = await agent.call('/threads', {});
  const ask = (body) => agent.call(`/threads/${thread}/runs`, { assistant_id: 'reference', ...body });
  const state = () => agent.call(`/threads/${thread}`);
  await ask({ input: { messages: [{ role: 'user', content: 'Write the price report for the phone.' }] } });
  const { interrupts } = await until(state, ({ status }) => status === 'interrupted');
  const questions = Object.values(interrupts).flat();
  const [asked] = await until(
    () => settledRuns(thread),
    ([{ counts }]) => counts.approval_request === 2 && counts.node_completed === 12 && counts.plan_update === 9,
  );
  await checkQuestions(asked, questions);

  const answers = questions.map(({ id, value }) => [id, { approved: value.action === 'publish_report' }]);
  await ask({ command: { resume: Object.fromEntries(answers) } });
  await until(state, ({ status }) => status === 'idle');
  const runs = await until(
    () => settledRuns(thread, 2),
    ([, last]) =>
      last.status === 'completed' && last.counts.node_completed === 3 && last.counts.approval_decision === 2,
  );
  await checkAnswers(runs, questions);
});

async function checkQuestions(run, questions) {
  const { workflow, service, status, models, usage, counts } = run;
  assert.deepEqual(
    { workflow, service, status, models, usage },
    {
      workflow: 'price_report',
      service: 'report-writer',
      status: 'waiting',
      models: ['qwen3:8b'],
      usage: { input: 634, output: 429 },
    },
  );
  assert.deepEqual(counts, {
    user_input: 1,
    node_started: 14,
    node_completed: 12,
    model_request: 9,
    model_response: 9,
    tool_call: 7,
    tool_result: 3,
    error: 1,
    plan_update: 9,
    approval_request: 2,
  });
  const events = await eventsOf(run.sessionId);
  const input = events.find(({ type }) => type === 'user_input');
  assert.deepEqual([input.summary, input.target.name], ['Write the price report for the phone.', 'price_report']);
  const failed = await contentOf(events, ({ type }) => type === 'error');
  assert.equal(failed.message, 'live.shop.example answered 503');
  for (const { id, value } of questions) {
    const asks = ({ type, summary }) => type === 'approval_request' && summary.startsWith(value.action);
    const { approval, correlationKey } = await contentOf(events, asks);
    assert.deepEqual(approval.arguments, { kind: 'json', value: value.args });
    assert.deepEqual([approval.risk, approval.reason], [value.risk, value.reason]);
    const { status: state, actor } = events.find(asks);
    assert.deepEqual([state, actor], ['waiting', { kind: 'node', name: 'risky_tools' }]);
    assert.ok(correlationKey.includes(id) || correlationKey.startsWith('langgraph:'), correlationKey);
  }
  await checkPlan(run);
  assert.deepEqual(await graphOf(run), {
    nodes: [
      '__start__ 1 completed',
      'coder 4 completed',
      'planner 2 completed',
      'risky_tools 2 waiting',
      'tools 3 completed',
      'validator 3 completed',
    ],
    edges: [
      '__start__ > planner 1',
      'coder > risky_tools 2',
      'coder > tools 3',
      'planner > coder 2',
      'tools > validator 3',
      'validator > coder 2',
      'validator > planner 1',
    ],
  });
}

async function checkPlan(run) {
  const { revisions } = await get(`/api/runs/${run.id}/plan`);
  const told = revisions.map(({ actor, reason, items }) => ({
    by: actor.name,
    reason,
    items: items.map(({ id, status }) => `${id} ${status}`).join(', '),
  }));
  const [first, replanned] = [told[0], told.find(({ items }) => items.includes('2b'))];
  assert.equal(told.length, 9);
  assert.deepEqual(first, {
    by: 'planner',
    reason: 'these steps lead to the report',
    items: '1 pending, 2 pending, 3 pending',
  });
  assert.deepEqual(replanned, {
    by: 'planner',
    reason: 'fetch_page failed: live.shop.example answered 503, so the copy has to do',
    items: '1 completed, 2 failed, 2b pending, 3 pending',
  });
  assert.equal(told.at(-1).items, '1 completed, 2 failed, 2b completed, 3 in_progress');
}

async function checkAnswers([asked, resumed], questions) {
  assert.deepEqual([asked.status, resumed.status, resumed.continuesRunId], ['completed', 'completed', asked.id]);
  const events = await eventsOf(asked.sessionId);
  const decisions = events.filter(({ type }) => type === 'approval_decision');
  assert.equal(decisions.length, questions.length);
  for (const [action, decision] of [
    ['publish_report', 'approve'],
    ['delete_drafts', 'reject'],
  ]) {
    const decided = ({ type, summary }) => type === 'approval_decision' && summary.endsWith(action);
    const content = await contentOf(events, decided);
    assert.deepEqual([content.decision, content.by, content.action], [decision, 'human', action]);
  }
  const { nodes, edges } = await graphOf(resumed);
  assert.ok(nodes.includes('risky_tools 2 completed'), nodes.join());
  assert.ok(nodes.includes('validator 4 completed'), nodes.join());
  assert.ok(edges.includes('risky_tools > validator 2') && edges.includes('validator > __end__ 1'), edges.join());
}

async function graphOf(run) {
  const { nodes, edges } = await get(`/api/runs/${run.id}/graph`);
  return {
    nodes: nodes.map(({ id, visits, status }) => `${id} ${visits} ${status}`).sort(),
    edges: edges.map(({ source, target, taken }) => `${source} > ${target} ${taken}`).sort(),
  };
}

/** The reference agent in a process of its own, with its scripted model. */
async function startAgent() {
  const port = await freePort();
  const child = spawn(process.execPath, ['src/main.ts', '--port', String(port), '--think', '1'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LOG_LEVEL: 'error',
      ...telemetryTo('http/protobuf', 'report-writer'),
    },
  });
  let printed = '';
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (/^\{"url"/m.test(printed)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the agent ended with ${code}: ${printed}`)));
  });
  return { call: (route, body) => call(`http://127.0.0.1:${port}${route}`, body), stop: () => stop(child) };
}

async function call(url, body) {
  const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url, body === undefined ? {} : sent);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function stop(child) {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
