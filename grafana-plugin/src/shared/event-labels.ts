import { t } from '@grafana/i18n';

/** Names of event types for people; a type of a newer collector is shown as it is spelled. */
export function typeLabel(type: string): string {
  const label = TYPE_LABELS[type];
  return label ? label() : type.replaceAll('_', ' ');
}

/** The state of an event in one word or two. */
export function statusLabel(status: string): string {
  const label = STATUS_LABELS[status];
  return label ? label() : status.replaceAll('_', ' ');
}

const TYPE_LABELS: Record<string, () => string> = {
  user_input: () => t('type.user-input', 'User input'),
  model_request: () => t('type.model-request', 'Model request'),
  model_response: () => t('type.model-response', 'Model response'),
  tool_call: () => t('type.tool-call', 'Tool call'),
  tool_result: () => t('type.tool-result', 'Tool result'),
  plan_update: () => t('type.plan-update', 'Plan update'),
  approval_request: () => t('type.approval-request', 'Approval request'),
  approval_decision: () => t('type.approval-decision', 'Approval decision'),
  error: () => t('type.error', 'Error'),
  agent_started: () => t('type.agent-started', 'Agent started'),
  agent_completed: () => t('type.agent-completed', 'Agent completed'),
  agent_failed: () => t('type.agent-failed', 'Agent failed'),
  node_started: () => t('type.node-started', 'Node started'),
  node_completed: () => t('type.node-completed', 'Node completed'),
  node_failed: () => t('type.node-failed', 'Node failed'),
  agent_message: () => t('type.agent-message', 'Agent message'),
  chat_message: () => t('type.chat-message', 'Chat message'),
  command: () => t('type.command', 'Command'),
  component_generated: () => t('type.component-generated', 'Component generated'),
  component_modified: () => t('type.component-modified', 'Component modified'),
  test_completed: () => t('type.test-completed', 'Test completed'),
  learning_iteration: () => t('type.learning-iteration', 'Learning iteration'),
  version_promoted: () => t('type.version-promoted', 'Version promoted'),
  autonomy_level_changed: () => t('type.autonomy-level-changed', 'Autonomy changed'),
  prediction: () => t('type.prediction', 'Prediction'),
  experiment: () => t('type.experiment', 'Experiment'),
};

const STATUS_LABELS: Record<string, () => string> = {
  in_progress: () => t('status.in-progress', 'In progress'),
  waiting: () => t('status.waiting', 'Waiting for a person'),
  completed: () => t('status.completed', 'Completed'),
  error: () => t('status.error', 'Failed'),
  rejected: () => t('status.rejected', 'Rejected'),
  cancelled: () => t('status.cancelled', 'Cancelled'),
  lost: () => t('status.lost', 'Lost'),
};
