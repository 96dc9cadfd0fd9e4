/** Places a secret turns up in, by name. */
export const CONTEXTS: readonly [string, (secret: string) => string][] = [
  ['plain', (secret) => secret],
  ['sentence', (secret) => `I used ${secret} for the call.`],
  ['JSON', (secret) => JSON.stringify({ note: `use ${secret} here`, next: 1 })],
  ['JSON in JSON', (secret) => JSON.stringify({ body: JSON.stringify({ note: secret, next: [1] }) })],
  [
    'JSON in JSON in JSON',
    (secret) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ note: `\n${secret}\n` }) }) }),
  ],
  ['Markdown', (secret) => `- key: **${secret}**\n- \`${secret}\``],
  ['Russian prose', (secret) => `Возьми ключ ${secret}, он нужен для вызова «погоды».`],
  ['glued', (secret) => `my_${secret}`],
  ['glued on both sides', (secret) => `key=${secret}&next=1;${secret}/end`],
  ['after an escape', (secret) => `line\\n${secret}\\tend`],
  ['percent-encoded', (secret) => `https://example.org/?note=${encodeURIComponent(` ${secret} `)}`],
  ['percent-encoded to the last letter', (secret) => `?note=${percentEncoded(`a ${secret} b`)}`],
  ['escaped as \\u00xx', (secret) => `{"a":"${secret.replace(/[-_.:/]/g, unicodeEscape)}"}`],
  ['base64', (secret) => `data ${Buffer.from(`the key is ${secret}.`).toString('base64')} end`],
  ['base64 of JSON', (secret) => `{"blob":"${Buffer.from(JSON.stringify({ note: secret })).toString('base64')}"}`],
  ['base64 for URLs', (secret) => `/callback?state=${Buffer.from(`?? ${secret} >>`).toString('base64url')}&x=1`],
  ['base64 in lines', (secret) => inLines(Buffer.from(`${'a line. '.repeat(9)}${secret}`).toString('base64'))],
  [
    'zero-width characters inside',
    (secret) => `${secret.slice(0, 3)}\u200b${secret.slice(3, 9)}\u2060${secret.slice(9)}`,
  ],
];

/** What a reader could make of a text: itself, decoded, unescaped, without invisible characters, base64 undone. */
export function everyReading(text: string): string {
  const unescaped = text.replace(/\\+u00([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const visible = unescaped.replace(/[\u200b\u2060]/g, '');
  const decoded = [...text.matchAll(/[A-Za-z0-9+/]{24,}/g)].map(([run]) =>
    Buffer.from(run, 'base64').toString('latin1'),
  );
  return [
    text,
    visible,
    visible.replace(/%([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    ...decoded,
  ].join('\n');
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function percentEncoded(text: string): string {
  return [...text].map((char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
}

function inLines(base64: string): string {
  return base64.replace(/.{76}/g, '$&\n');
}
