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

const pem = (kind: string, body: string) => `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----`;

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
    ['GitHub OAuth', `gho_${made(36)}`],
    ['GitHub refresh', `ghr_${made(76)}`],
    ['GitLab runner', `glrt-${made(20)}`],
    ['GitLab routable', `glpat-${made(27)}.${made(2, '01')}.${made(9, 'abcdefghij0123456789')}`],
    ['Slack rotated', `xoxe.xoxp-1-${made(40)}`],
    ['Slack refresh', `xoxe-1-${made(40)}`],
    ['Slack user', `xoxp-${made(12, '0123456789')}-${made(12, '0123456789')}-${made(12, '0123456789')}-${hex(32)}`],
    ['Stripe restricted live', `rk_live_${made(99)}`],
    ['Hugging Face organisation', `api_org_${made(34)}`],
    ['Langfuse public', `pk-lf-${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
    ['LangSmith service', `lsv2_sk_${hex(32)}_${hex(10)}`],
    ['Vault batch', `hvb.${made(120)}`],
    ['Twilio', `SK${hex(32)}`],
    ['Telegram', `${made(9, '123456789')}:AA${made(33)}`],
    ['Azure application', `8Q~${made(34)}`],
    ['Azure DevOps', `JQQJ99${made(46)}`],
    ['AWS Bedrock', `ABSK${made(128)}`],
    ['Azure signature', `?sig=${made(43)}%3D`],
    ['AWS signature', `X-Amz-Signature=${hex(64)}`],
    ['Heroku', `HRKU-AA${made(58)}`],
    ['Terraform', `.atlasv1.${made(67)}`],
    ['Vercel', `vcp_${made(56)}`],
    ['Netlify', `nfp_${made(36)}`],
    ['Doppler', `dp.st.dev.${made(43)}`],
    ['Pulumi', `pul-${hex(40)}`],
    ['Airtable', `pat${made(14)}.${hex(64)}`],
    ['Brevo', `xkeysib-${hex(64)}-${made(16)}`],
    ['Resend', `re_${made(8)}_${made(24)}`],
    ['Sonar', `sqp_${hex(40)}`],
    ['Artifactory', `AKCp${made(69)}`],
    ['NuGet', `oy2${made(43, 'abcdefghijklmnop0123456789')}`],
    ['NVIDIA', `nvapi-${made(64)}`],
    ['ElevenLabs', `sk_${hex(48)}`],
    ['Together', `tgp_v1_${made(43)}`],
    ['Pinecone', `pcsk_${made(70)}`],
    ['LlamaCloud', `llx-${made(48)}`],
    ['Firecrawl', `fc-${hex(32)}`],
    ['JWT without a signature', `${part({ alg: 'none' })}.${part({ sub: '1234567890', name: made(9) })}.`],
    ['encrypted JWT', `${part({ alg: 'dir', enc: 'A256GCM' })}..${made(16)}.${made(60)}.${made(22)}`],
    ['OpenSSH key', pem('OPENSSH PRIVATE KEY', made(64))],
    ['EC key', pem('EC PRIVATE KEY', made(64))],
    ['encrypted key', pem('ENCRYPTED PRIVATE KEY', made(64))],
    ['PGP key', pem('PGP PRIVATE KEY BLOCK', made(64))],
    ['JWT', `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1234567890', name: 'x' })}.${made(43)}`],
  ];
}

/** The secrets of one seed, for tests that need one of each. */
export const SECRETS = makeSecrets(31);

/** One made-up number of a person a format. They have no prefix, so a letter or digit glued to them hides them. */
export function makePersonalNumbers(seed: number): readonly [string, string][] {
  const made = madeFrom(seed);
  const digits = (length: number) => made(length, '0123456789');
  const area = () => made(1, '23456789') + made(1, '023456789') + made(1, '0123456789');
  const mobile = () => `9${digits(2)}`;
  return [
    ['phone in one piece', `+7${mobile()}${digits(6)}1`],
    ['German phone', `+49 151 ${digits(7)}3`],
    ['British phone', `+44 20 ${digits(4)} ${digits(3)}7`],
    ['Russian phone', `+7 (${mobile()}) ${digits(3)}-${digits(2)}-${digits(1)}5`],
    ['Russian phone from inside', `8 (${mobile()}) ${digits(3)}-${digits(2)}-${digits(2)}`],
    ['Russian phone with hyphens', `8-${mobile()}-${digits(3)}-${digits(2)}-${digits(2)}`],
    ['American phone', `(${area()}) ${area()}-${digits(4)}`],
    ['American phone with hyphens', `${area()}-${area()}-${digits(4)}`],
    ['American phone with its country', `+1 ${area()} ${area()} ${digits(3)}4`],
    ['social security number', `${made(3, '12345')}-${made(2, '123456789')}-${made(4, '123456789')}`],
    ['German account', iban('DE', digits(18))],
    ['British account in groups', iban('GB', `WEST${digits(14)}`).replace(/.{4}(?=.)/g, '$& ')],
    ['Norwegian account', iban('NO', digits(11))],
    ['French account', iban('FR', `${digits(10)}${made(11, 'ABCDEFGH0123456789')}${digits(2)}`)],
  ];
}

function iban(country: string, rest: string): string {
  const written = [...`${rest}${country}00`].map((char) => String(Number.parseInt(char, 36))).join('');
  return `${country}${String(98n - (BigInt(written) % 97n)).padStart(2, '0')}${rest}`;
}

/** One made-up e-mail address a kind. */
export function makeEmails(seed: number): readonly [string, string][] {
  const made = madeFrom(seed);
  const word = (length: number) => made(length, 'abcdefghijklmnopqrstuvwxyz');
  return [
    ['address', `${word(9)}@${word(6)}.com`],
    ['address with dots', `${word(5)}.${word(7)}@mail.${word(6)}.co.uk`],
    ['address with a label', `${word(6)}+${word(5)}@${word(6)}.io`],
    ['address of digits', `${made(9, '0123456789')}@163.com`],
    ['address with signs', `${word(4)}_${made(3)}-${word(4)}@${word(4)}-${word(4)}.org`],
    ['address in capitals', `${word(8).toUpperCase()}@${word(5).toUpperCase()}.NET`],
  ];
}

export const EMAILS = makeEmails(31);

export const PERSONAL_NUMBERS = makePersonalNumbers(31);
