import { Attributes } from '../../telemetry/attributes.ts';
import { createRedactor } from '../redactor.ts';
import { CONTEXTS, everyReading } from '../testing/contexts.ts';
import { makeEmails } from '../testing/secrets.ts';

const redactor = createRedactor({ hmacKey: 'test' });
const clean = (text: string) => redactor.text(text);
const MARK = /\[redacted:(?:email|base64):[0-9a-f]{8}\]/;
const withMark = (text: string) => clean(text).replace(/\[redacted:email:[0-9a-f]{8}\]/g, 'MARK');
const ADDRESSES = [31, 7919].flatMap((seed) => makeEmails(seed));

describe.each(CONTEXTS)('%s', (_name, wrap) => {
  test.each(ADDRESSES)('of an %s %s the name goes', (_kind, address) => {
    const redacted = clean(wrap(address));

    expect(redacted).toMatch(MARK);
    expect(everyReading(redacted)).not.toContain(address);
    expect(everyReading(redacted)).not.toContain(`${address.split('@')[0]}`);
    expect(clean(redacted)).toBe(redacted);
  });
});

test.each([
  ['anna@corp.com', 'MARK@corp.com'],
  ['Anna P. <anna.p@mail.corp.co.uk>,', 'Anna P. <MARK@mail.corp.co.uk>,'],
  ['[mail me](mailto:anna@corp.com?subject=x).', '[mail me](mailto:MARK@corp.com?subject=x).'],
  ['noreply@corp.com', 'MARK@corp.com'],
  ['1234567@qq.com', 'MARK@qq.com'],
  ["o'neill@corp.com", 'MARK@corp.com'],
  ["['anna@corp.com', f'ivan@corp.com']", "['MARK@corp.com', f'MARK@corp.com']"],
  ['"anna p"@corp.com', '"MARK"@corp.com'],
  ['{"to":"\\"anna p\\"@corp.com"}', '{"to":"\\"MARK\\"@corp.com"}'],
  ['Пишите анна@почта.рф, ждём.', 'Пишите MARK@почта.рф, ждём.'],
  ['jürgen@bücher.de', 'MARK@bücher.de'],
  ['anna@xn--e1a.xn--p1ai', 'MARK@xn--e1a.xn--p1ai'],
  ['请联系anna@corp.com或', 'MARK@corp.com或'],
  [`anna@corp.com${'或者'.repeat(40)}`, `MARK@corp.com${'或者'.repeat(40)}`],
  ['line\\nanna@corp.com\\tend', 'line\\nMARK@corp.com\\tend'],
  ['\\u00abanna@corp.com\\u00bb', '\\u00abMARK@corp.com\\u00bb'],
  ['\\u0430\\u043d\\u043d\\u0430@corp.com', 'MARK@corp.com'],
  ['?to=anna%2Bnews%40corp.com&x=%20ivan@corp.com', '?to=MARK%40corp.com&x=%20MARK@corp.com'],
  ['%D0%B0%D0%BD%D0%BD%D0%B0%40corp.com', 'MARK%40corp.com'],
  ['nick!anna@corp.com|b@corp.com;c@corp.com', 'nick!MARK@corp.com|MARK@corp.com;MARK@corp.com'],
  ['reports/anna@corp.com.csv', 'reports/MARK@corp.com.csv'],
  ['Ask anna@corp.com.Then wait - ivan@corp.com-', 'Ask MARK@corp.com.Then wait - MARK@corp.com-'],
  ['anna@corp.com:hunter', 'MARK@corp.com:hunter'],
  ['https://corp.com,anna@corp.com', 'https://corp.com,MARK@corp.com'],
])('%s: the host stays readable', (text, redacted) => {
  expect(withMark(text)).toBe(redacted);
});

test('equal addresses are recognised as equal, different ones are told apart', () => {
  expect(clean('anna@corp.com')).toBe(clean('anna@corp.com'));
  expect(clean('anna@corp.com')).not.toBe(clean('ivan@corp.com'));
});

test.each([
  ['remotes of Git', 'git@github.com:org/repo.git ssh://git@gitlab.corp.com/x git+ssh://git@corp.com/x'],
  ['remotes with a path', 'scp a.txt deploy@host.corp.com:/srv me@host.corp.com:team/app root@host.corp.com:~'],
  ['logins of URLs', 'https://anna@corp.com/x postgres://app:password@db.corp.com:5432/x'],
  ['packages', 'react@18.2.0 @scope/pkg@1.2.3-beta.x golang.org/x/text@v0.3.0 lib@1.0.0-rc.alpha yarn@npm:4'],
  ['images of Docker', `postgres@sha256:${'ab'.repeat(32)}`],
  ['decorators', '@app.route("/x") class A {x@app.route("/")} @pytest.fixture'],
  ['style sheets', 'a{color:red}@media.screen @media (min-width: 1px) .b@import.url(x)'],
  ['accounts of the Fediverse', 'follow @user@mastodon.social and (@a.b@chaos.social)'],
  ['addresses nobody can own', 'me@example.com me@mail.example.org you@corp.example x@a.test root@localhost'],
  ['numbers of hosts', 'root@192.168.0.1 root@10.0.0.1:22'],
  ['pictures and files', 'logo@2x.png icon@3x.min.png main@index.js'],
  ['references of Kotlin', 'this@Main.name super@Outer.run'],
  ['units of systemd', 'getty@tty1.service'],
  ['templates', '${user}@corp.com $USER@corp.com {{name}}@corp.com <user>@corp.com %s@corp.com *@corp.com'],
  ['languages of texts', '"chat"@en. "Haus"@de, x'],
  ['calls', 'obj@mod.method(1)'],
])('%s stay as they are', (_why, text) => {
  expect(clean(`see ${text} now`)).toBe(`see ${text} now`);
});

test.each([
  'user.id',
  'user.name',
  'user.email',
  'user.full_name',
  'enduser.id',
  'client.user.email',
  'ai.telemetry.metadata.userId',
  'langsmith.metadata.user_id',
  'traceloop.association.properties.user_id',
  'signalbox.approval.by',
  'signalbox.component.created_by',
])('%s says who somebody is and keeps the address', (name) => {
  expect(redactor.value('anna@corp.com', name)).toBe('anna@corp.com');
  expect(redactor.value('ghp_0123456789abcdef0123456789@corp.com', name)).toMatch(
    /^\[redacted:github:\w+\]@corp\.com$/,
  );
});

test('in metadata only the user keeps the address', () => {
  const text = '{"user_id": "anna@corp.com", "to": "ivan@corp.com"}';
  const fields = new Attributes(['userId', 'to'], ['anna@corp.com', 'ivan@corp.com']);

  expect(redactor.value(text, 'metadata')).toMatch(/^\{"user_id": "anna@corp\.com", "to": "\[redacted:email:/);
  expect((redactor.value(fields, 'metadata') as Attributes).values).toEqual([
    'anna@corp.com',
    expect.stringMatching(MARK),
  ]);
});

test.each(['gen_ai.prompt', 'input.value', 'user.message', 'note'])('%s does not keep it', (name) => {
  expect(redactor.value('anna@corp.com', name)).toMatch(/^\[redacted:email:\w+\]@corp\.com$/);
});
