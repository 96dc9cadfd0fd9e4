import { SERVICE_FORMATS } from './service-formats.ts';
import { BACKSLASH, isAlphanumeric, isEscapeLetter } from './characters.ts';
import { addSpan, type AnchoredRule, type Matcher, type Span } from './span.ts';

/** Token whose first letters give it away. */
export interface TokenFormat {
  rule: string;
  anchors: readonly string[];
  /** Sticky, tried where the anchor starts; a minimum length and one character class keep a failure cheap. */
  pattern: RegExp;
  /** For prefixes that words can contain: no letter or digit may stand before, and a digit must be inside. */
  isOrdinaryPrefix?: boolean;
  /** For tokens that end with their word: the fewest and most letters and digits behind the anchor. */
  word?: readonly [number, number];
}

/** Every format; other parts ask how a token of it begins. */
export const TOKEN_FORMATS: readonly TokenFormat[] = [
  {
    rule: 'aws_key',
    anchors: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}/y,
    word: [16, 16],
  },
  { rule: 'github', anchors: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], pattern: /gh[pousr]_[A-Za-z0-9]{20,255}/y },
  { rule: 'github', anchors: ['github_pat_'], pattern: /github_pat_[A-Za-z0-9_]{20,255}/y },
  {
    rule: 'gitlab',
    anchors: ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'glsoat-', 'glft-', 'glimt-', 'glagent-', 'gloas-'],
    pattern: /gl[a-z]{2,5}-[A-Za-z0-9_.-]{18,300}/y,
  },
  { rule: 'anthropic', anchors: ['sk-ant-'], pattern: /sk-ant-[A-Za-z0-9_-]{16,300}/y },
  {
    rule: 'openai',
    anchors: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'],
    pattern: /sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{16,300}/y,
  },
  { rule: 'openrouter', anchors: ['sk-or-v1-'], pattern: /sk-or-v1-[A-Za-z0-9]{16,300}/y },
  { rule: 'langfuse', anchors: ['sk-lf-', 'pk-lf-'], pattern: /[ps]k-lf-[A-Za-z0-9-]{16,100}/y },
  { rule: 'sk', anchors: ['sk-'], pattern: /sk-[A-Za-z0-9_-]{20,300}/y, isOrdinaryPrefix: true },
  { rule: 'google', anchors: ['AIza'], pattern: /AIza[A-Za-z0-9_-]{35}/y },
  { rule: 'google', anchors: ['GOCSPX-'], pattern: /GOCSPX-[A-Za-z0-9_-]{20,100}/y },
  { rule: 'google', anchors: ['ya29.'], pattern: /ya29\.[A-Za-z0-9_-]{20,2048}/y },
  { rule: 'google', anchors: ['1//0'], pattern: /1\/\/0[A-Za-z0-9_-]{30,200}/y },
  {
    rule: 'slack',
    anchors: ['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxc-', 'xoxd-', 'xapp-', 'xwfp-'],
    pattern: /x(?:ox[a-z]|app|wfp)-[A-Za-z0-9%-]{10,255}/y,
  },
  { rule: 'slack', anchors: ['xoxe.xox'], pattern: /xoxe\.xox[bp]-[A-Za-z0-9-]{10,255}/y },
  {
    rule: 'slack',
    anchors: ['hooks.slack.com/'],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_+-]{20,200}/y,
  },
  {
    rule: 'discord',
    anchors: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{10,25}\/[A-Za-z0-9_-]{40,100}/y,
  },
  {
    rule: 'stripe',
    anchors: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'],
    pattern: /[rs]k_(?:live|test)_[A-Za-z0-9]{10,255}/y,
  },
  { rule: 'stripe', anchors: ['whsec_'], pattern: /whsec_[A-Za-z0-9+/]{20,100}={0,2}/y },
  { rule: 'hugging_face', anchors: ['hf_', 'api_org_'], pattern: /(?:hf|api_org)_[A-Za-z0-9]{30,100}/y },
  { rule: 'npm', anchors: ['npm_'], pattern: /npm_[A-Za-z0-9]{36}/y },
  { rule: 'pypi', anchors: ['pypi-'], pattern: /pypi-[A-Za-z0-9_-]{40,400}/y },
  {
    rule: 'grafana',
    anchors: ['glsa_', 'glc_', 'eyJrIjoi'],
    pattern: /(?:glsa_[A-Za-z0-9_]{20,80}|glc_[A-Za-z0-9+/]{30,400}={0,2}|eyJrIjoi[A-Za-z0-9+/]{60,400}={0,2})/y,
  },
  { rule: 'sendgrid', anchors: ['SG.'], pattern: /SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,64}/y },
  { rule: 'twilio', anchors: ['SK'], pattern: /SK[0-9a-f]{32}/y, isOrdinaryPrefix: true, word: [32, 32] },
  { rule: 'digitalocean', anchors: ['dop_v1_', 'doo_v1_', 'dor_v1_'], pattern: /do[opr]_v1_[a-f0-9]{40,64}/y },
  {
    rule: 'shopify',
    anchors: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: /shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}/y,
  },
  { rule: 'langsmith', anchors: ['lsv2_', 'ls__'], pattern: /ls(?:v2_(?:pt|sk)_|__)[A-Za-z0-9_]{20,100}/y },
  { rule: 'vault', anchors: ['hvs.', 'hvb.', 'hvr.'], pattern: /hv[sbr]\.[A-Za-z0-9_-]{20,300}/y },
  { rule: 'databricks', anchors: ['dapi'], pattern: /dapi[a-f0-9]{32}(?:-\d)?/y },
  { rule: 'linear', anchors: ['lin_api_', 'lin_oauth_'], pattern: /lin_(?:api|oauth)_[A-Za-z0-9]{30,80}/y },
  { rule: 'notion', anchors: ['ntn_', 'secret_'], pattern: /(?:ntn|secret)_[A-Za-z0-9]{40,60}/y },
  { rule: 'groq', anchors: ['gsk_'], pattern: /gsk_[A-Za-z0-9]{32,100}/y },
  { rule: 'xai', anchors: ['xai-'], pattern: /xai-[A-Za-z0-9]{60,120}/y },
  { rule: 'replicate', anchors: ['r8_'], pattern: /r8_[A-Za-z0-9]{37}/y },
  { rule: 'perplexity', anchors: ['pplx-'], pattern: /pplx-[A-Za-z0-9]{32,80}/y },
  { rule: 'tavily', anchors: ['tvly-'], pattern: /tvly-[A-Za-z0-9-]{20,80}/y },
  { rule: 'sentry', anchors: ['sntrys_', 'sntryu_'], pattern: /sntry[su]_[A-Za-z0-9+/=_]{40,300}/y },
  { rule: 'new_relic', anchors: ['NRAK-'], pattern: /NRAK-[A-Z0-9]{27}/y },
  { rule: 'postman', anchors: ['PMAK-'], pattern: /PMAK-[a-f0-9]{24}-[a-f0-9]{34}/y },
  { rule: 'atlassian', anchors: ['ATATT3'], pattern: /ATATT3[A-Za-z0-9_=-]{50,300}/y },
  { rule: 'mailgun', anchors: ['key-'], pattern: /key-[a-f0-9]{32}/y, isOrdinaryPrefix: true, word: [32, 32] },
  {
    rule: 'supabase',
    anchors: ['sbp_', 'sb_secret_'],
    pattern: /(?:sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{20,80})/y,
  },
  { rule: 'planetscale', anchors: ['pscale_'], pattern: /pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{30,80}/y },
  { rule: 'docker', anchors: ['dckr_pat_', 'dckr_oat_'], pattern: /dckr_[po]at_[A-Za-z0-9_-]{20,60}/y },
  { rule: 'figma', anchors: ['figd_'], pattern: /figd_[A-Za-z0-9_-]{30,80}/y },
  { rule: 'rubygems', anchors: ['rubygems_'], pattern: /rubygems_[a-f0-9]{48}/y },
  { rule: 'age', anchors: ['AGE-SECRET-KEY-1'], pattern: /AGE-SECRET-KEY-1[A-Z0-9]{50,62}/y },
  { rule: 'square', anchors: ['sq0atp-', 'sq0csp-'], pattern: /sq0(?:atp|csp)-[A-Za-z0-9_-]{20,60}/y },
  { rule: 'alibaba', anchors: ['LTAI'], pattern: /LTAI[A-Za-z0-9]{16,24}(?![A-Za-z0-9+/])/y, isOrdinaryPrefix: true },
  { rule: 'yandex', anchors: ['AQVN', 'y0_Ag'], pattern: /(?:AQVN[A-Za-z0-9_-]{35,40}|y0_[A-Za-z0-9_-]{40,80})/y },
  ...SERVICE_FORMATS,
];

// Steps of a failed look that later anchors in the same text need not repeat.
const HOPELESS_STRIDE = 100;

/** Rules for tokens that a prefix gives away; patterns follow the issuers' published formats. */
export function createTokenRules(): readonly AnchoredRule[] {
  return TOKEN_FORMATS.map((format) => ({
    anchors: format.anchors.map((anchor) => anchor.toLowerCase()),
    match: format.isOrdinaryPrefix === true ? createOrdinaryMatcher(format) : createMatcher(format),
  }));
}

function createMatcher({ pattern, rule, word }: TokenFormat): Matcher {
  const endsRight = word === undefined ? undefined : createWordCheck(word);
  return (text, start, end, spans) => {
    if (endsRight?.(text, end, spans) === false) return -1;
    pattern.lastIndex = start;
    return pattern.test(text) ? addSpan(spans, text, { start, end: pattern.lastIndex, rule }) : -1;
  };
}

// `AKIAAKIA…` is one word that every anchor in it would walk to its end: 300 ms a megabyte. Its end is remembered instead;
// every scan has its own list of spans, which tells one scan from the next.
function createWordCheck([least, most]: readonly [number, number]): (
  text: string,
  at: number,
  spans: Span[],
) => boolean {
  let scan: Span[] | undefined;
  let start = 0;
  let end = 0;
  return (text, at, spans) => {
    if (scan !== spans || at < start || at > end) {
      scan = spans;
      start = end = at;
      while (end < text.length && isAlphanumeric(text.charCodeAt(end))) end++;
    }
    return end - at >= least && end - at <= most;
  };
}

// A long run without a digit is words joined by hyphens. `_sk-_sk-…` would walk it again from every anchor, so the next
// ones in it are passed over; every scan has its own list of spans, which tells one scan from the next.
function createOrdinaryMatcher({ pattern, rule, word }: TokenFormat): Matcher {
  const endsRight = word === undefined ? undefined : createWordCheck(word);
  let scan: Span[] | undefined;
  let hopelessUntil = 0;
  return (text, start, anchorEnd, spans) => {
    if (scan !== spans) hopelessUntil = 0;
    scan = spans;
    if (start < hopelessUntil || isInsideWord(text, start)) return -1;
    if (endsRight?.(text, anchorEnd, spans) === false) return -1;
    pattern.lastIndex = start;
    if (!pattern.test(text)) return -1;
    const end = pattern.lastIndex;
    if (/\d/.test(text.slice(start, end))) return addSpan(spans, text, { start, end, rule });
    hopelessUntil = Math.min(end, start + HOPELESS_STRIDE);
    return -1;
  };
}

/** Whether a letter or digit stands right before, other than the letter of an escape such as `\n`. */
export function isInsideWord(text: string, at: number): boolean {
  if (at === 0 || !isAlphanumeric(text.charCodeAt(at - 1))) return false;
  return text.charCodeAt(at - 2) !== BACKSLASH || !isEscapeLetter(text.charCodeAt(at - 1));
}
