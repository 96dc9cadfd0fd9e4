import type { MayDecide, Principal, RiskReason } from '@signalbox/event-model';

/** Risk tiers in order. */
export const RISKS = ['low', 'medium', 'high', 'critical'] as const;

/** One of {@link RISKS}. */
export type Risk = (typeof RISKS)[number];

/** Roles as Grafana names them; the console's administrator is an Admin. */
export type Role = 'Viewer' | 'Editor' | 'Admin';

/** Who asks, as proven. */
export interface Asker {
  principal: Principal;
  role: Role;
}

/** People who may decide about some actions. Every list that is given must fit; `*` in a pattern stands for anything. */
export interface ApproverRule {
  logins?: string[] | undefined;
  roles?: Role[] | undefined;
  workflows?: string[] | undefined;
  tools?: string[] | undefined;
  /** The highest risk they may decide. */
  maxRisk?: Risk | undefined;
}

/** Who may decide what, for how long, and when it takes two. */
export interface Policy {
  approvers: ApproverRule[];
  /** Who may stop runs and change plans; those who may decide anything, when left out. */
  operators?: Pick<ApproverRule, 'logins' | 'roles' | 'workflows'>[] | undefined;
  /** Whether people may approve what their own run asks. */
  selfApproval: boolean;
  /** Risks that take two people to approve. */
  twoPerson: Risk[];
  /** Minutes until a request lapses, by risk. */
  timeLimitMinutes: Record<Risk, number>;
  /** Minutes by which whoever may decide can put off the end of a request, as often as a day allows; 0 for never. */
  extendMinutes: number;
  /** Risk of actions, first match wins; what the agent says counts where nothing matches, but never lowers a match. */
  risks: { tool: string; workflow?: string | undefined; risk: Risk }[];
}

/** Without a policy file: Editors and Admins decide about everything, nothing takes two, requests lapse after an hour. */
export const DEFAULT_POLICY: Policy = {
  approvers: [{ roles: ['Editor', 'Admin'] }],
  selfApproval: true,
  twoPerson: [],
  timeLimitMinutes: { low: 60, medium: 60, high: 60, critical: 60 },
  extendMinutes: 15,
  risks: [],
};

/** What a decision is about, as far as the policy looks at it. */
export interface Matter {
  action: string;
  workflow: string | null;
  risk: string;
  /** Login of whoever started the run, when known. */
  startedBy: string | null;
}

/** Risk of an action, and why: the policy's where it names the action, else the agent's word, else medium. */
export function weighRisk(
  policy: Policy,
  { action, workflow, risk }: Omit<Matter, 'startedBy' | 'risk'> & { risk: string | null },
): { risk: Risk; reasons: RiskReason[] } {
  const ruled = policy.risks.find(
    (rule) => fits(rule.tool, action) && (rule.workflow === undefined || fits(rule.workflow, workflow ?? '')),
  );
  const stated = RISKS.find((each) => each === risk);
  const reasons: RiskReason[] = [
    ...(ruled === undefined ? [] : [{ source: 'policy' as const, risk: ruled.risk, rule: ruled.tool }]),
    ...(stated === undefined ? [] : [{ source: 'agent' as const, risk: stated, rule: null }]),
  ];
  if (reasons.length === 0) reasons.push({ source: 'default', risk: 'medium', rule: null });
  return { risk: ruled?.risk ?? stated ?? 'medium', reasons };
}

/** Milliseconds a request of this risk may wait, never more than a day. */
export function timeLimitMs(policy: Policy, risk: Risk, askedMs: number | null): number {
  const most = Math.min(policy.timeLimitMinutes[risk], 24 * 60) * 60_000;
  return askedMs === null ? most : Math.max(1, Math.min(askedMs, most));
}

/** Whether the asker may decide, why not, and who can. */
export function mayDecide(policy: Policy, asker: Asker, matter: Matter): MayDecide {
  const about = policy.approvers.filter((rule) => concerns(rule, matter));
  const who = [...new Set(about.flatMap((rule) => namesOf(rule)))];
  const { login } = asker.principal;
  if (!about.some((rule) => covers(rule, asker))) {
    const reason = isApprover(policy, asker)
      ? `You may not decide about "${matter.action}" at ${matter.risk} risk${matter.workflow === null ? '' : ` in ${matter.workflow}`}.`
      : `${login} (${asker.role}) may not decide about approvals here.`;
    return { allowed: false, reason, who };
  }
  if (!policy.selfApproval && matter.startedBy !== null && matter.startedBy === login)
    return { allowed: false, reason: 'You started this run, so somebody else must decide.', who };
  return { allowed: true, reason: null, who };
}

/** Whether the asker may decide about anything at all. */
export function isApprover(policy: Policy, asker: Asker): boolean {
  return policy.approvers.some((rule) => covers(rule, asker));
}

/** Whether the asker may stop runs and change plans. */
export function maySteer(policy: Policy, asker: Asker, workflow: string | null): MayDecide {
  const rules = (policy.operators ?? policy.approvers).filter((rule) => matches(rule.workflows, workflow ?? ''));
  const who = [...new Set(rules.flatMap((rule) => namesOf(rule)))];
  const allowed = rules.some((rule) => covers(rule, asker));
  return { allowed, reason: allowed ? null : `${asker.principal.login} (${asker.role}) may not steer runs here.`, who };
}

/** People an approval of this risk takes. */
export function votesNeeded(policy: Policy, risk: Risk): number {
  return policy.twoPerson.includes(risk) ? 2 : 1;
}

function concerns(rule: ApproverRule, { action, workflow, risk }: Matter): boolean {
  const level = RISKS.findIndex((each) => each === risk);
  const most = rule.maxRisk === undefined ? RISKS.length : RISKS.indexOf(rule.maxRisk);
  // A risk in other words is as bad as the worst.
  return (
    matches(rule.workflows, workflow ?? '') &&
    matches(rule.tools, action) &&
    (level < 0 ? RISKS.length - 1 : level) <= most
  );
}

function covers(rule: Pick<ApproverRule, 'logins' | 'roles'>, { principal, role }: Asker): boolean {
  if (rule.logins === undefined && rule.roles === undefined) return false;
  return rule.logins?.includes(principal.login) === true || rule.roles?.includes(role) === true;
}

function namesOf({ logins = [], roles = [] }: Pick<ApproverRule, 'logins' | 'roles'>): string[] {
  return [...logins, ...roles];
}

function matches(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => fits(pattern, text));
}

/** `*` stands for any run of characters; the rest is literal. Linear in pattern times text, whatever they are. */
function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
