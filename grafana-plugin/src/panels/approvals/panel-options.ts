/** What an editor of a dashboard chooses for the approvals panel. */
export interface ApprovalsPanelOptions {
  /** Run id; empty for all. */
  run?: string;
  /** Workflow; empty for all. */
  workflow?: string;
}
