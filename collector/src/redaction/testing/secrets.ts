const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

// Made up at run time: a file with whole tokens in it would set off every scanner that reads this repository.
function madeFrom(seed: number): (length: number, alphabet?: string) => string {
  let state = seed >>> 0;
  return (length, alphabet = ALPHABET) => {
    let text = '';
    for (let at = 0; at < length; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      text += alphabet[(state >>> 12) % alphabet.length];
    }
    return text;
  };
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** One made-up secret a format, by the name of its issuer; another seed makes others. */
export function makeSecrets(seed: number): readonly [string, string][] {
  const made = madeFrom(seed);
  const hex = (length: number) => made(length, '0123456789abcdef');
  const upper = (length: number) => made(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
  return [
    ['fake sk- key', 'sk-FAKE-0000000000000000000000000000'],
    ['AWS access key', `AKIA${upper(16)}`],
    ['AWS session key', `ASIA${upper(16)}`],
    ['GitHub', `ghp_${made(36)}`],
    ['GitHub server', `ghs_${made(36)}`],
    ['GitHub fine-grained', `github_pat_${made(22)}_${made(59)}`],
    ['GitLab', `glpat-${made(20)}`],
    ['OpenAI project', `sk-proj-${made(48)}`],
    ['OpenAI service account', `sk-svcacct-${made(48)}`],
    ['OpenAI legacy', `sk-${made(20)}T3BlbkFJ${made(20)}`],
    ['Anthropic', `sk-ant-api03-${made(93)}AA`],
    ['OpenRouter', `sk-or-v1-${hex(64)}`],
    ['Langfuse', `sk-lf-${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
    ['Google API', `AIza${made(35)}`],
    ['Google OAuth client', `GOCSPX-${made(28)}`],
    ['Google access token', `ya29.${made(80)}`],
    ['Slack bot', `xoxb-${made(12, '0123456789')}-${made(12, '0123456789')}-${made(24)}`],
    ['Slack app', `xapp-1-${made(11)}-${made(13, '0123456789')}-${hex(64)}`],
    ['Slack hook', `hooks.slack.com/services/T${upper(8)}/B${upper(8)}/${made(24)}`],
    ['Discord hook', `discord.com/api/webhooks/${made(18, '123456789')}/${made(68)}`],
    ['Stripe', `sk_live_${made(24)}`],
    ['Stripe restricted', `rk_test_${made(24)}`],
    ['Stripe hook', `whsec_${made(32)}`],
    ['Hugging Face', `hf_${made(34)}`],
    ['npm', `npm_${made(36)}`],
    ['PyPI', `pypi-AgEIcHlwaS5vcmc${made(60)}`],
    ['Grafana service account', `glsa_${made(32)}_${hex(8)}`],
    ['Grafana cloud', `glc_${made(60)}`],
    ['SendGrid', `SG.${made(22)}.${made(43)}`],
    ['DigitalOcean', `dop_v1_${hex(64)}`],
    ['Shopify', `shpat_${hex(32)}`],
    ['LangSmith', `lsv2_pt_${hex(32)}_${hex(10)}`],
    ['Vault', `hvs.${made(90)}`],
    ['Databricks', `dapi${hex(32)}`],
    ['Linear', `lin_api_${made(40)}`],
    ['Notion', `ntn_${made(46)}`],
    ['Groq', `gsk_${made(52)}`],
    ['xAI', `xai-${made(80)}`],
    ['Replicate', `r8_${made(37)}`],
    ['Perplexity', `pplx-${made(48)}`],
    ['Tavily', `tvly-${made(32)}`],
    ['New Relic', `NRAK-${upper(27)}`],
    ['Postman', `PMAK-${hex(24)}-${hex(34)}`],
    ['Atlassian', `ATATT3${made(180)}`],
    ['Supabase', `sbp_${hex(40)}`],
    ['PlanetScale', `pscale_tkn_${made(43)}`],
    ['Docker', `dckr_pat_${made(27)}`],
    ['Figma', `figd_${made(40)}`],
    ['RubyGems', `rubygems_${hex(48)}`],
    ['age', `AGE-SECRET-KEY-1${upper(58)}`],
    ['Square', `sq0atp-${made(22)}`],
    ['JWT', `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1234567890', name: 'x' })}.${made(43)}`],
  ];
}

/** The secrets of one seed, for tests that need one of each. */
export const SECRETS = makeSecrets(31);
