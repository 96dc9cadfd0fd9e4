import { createRedactor } from '../redactor.ts';
import { CONTEXTS, everyReading } from '../testing/contexts.ts';
import { makePersonalNumbers } from '../testing/secrets.ts';

const redactor = createRedactor({ hmacKey: 'test' });
const clean = (text: string) => redactor.text(text);
const MARK = /\[redacted:(?:phone|ssn|iban|base64):[0-9a-f]{8}\]/;
// Without a prefix that says where such a number begins, one glued to a word is an order number or a version.
const FITTING = CONTEXTS.filter(([name]) => name !== 'glued');
const NUMBERS = [31, 7919].flatMap((seed) => makePersonalNumbers(seed));

describe.each(FITTING)('%s', (_name, wrap) => {
  test.each(NUMBERS)('%s %s goes', (_format, number) => {
    const redacted = clean(wrap(number));

    expect(redacted).toMatch(MARK);
    expect(everyReading(redacted)).not.toContain(number.slice(-12));
    expect(clean(redacted)).toBe(redacted);
  });
});

test.each([
  '+79123456789',
  '+7 (912) 345-67-89',
  '+7 912 345-67-89',
  '8 (912) 345-67-89',
  '8(912)345-67-89',
  '8 912 345-67-89',
  '8 (3452) 45-67-89',
  '8-800-555-35-35',
  '(415) 555-0132',
  '(415)555-0132',
  '415-555-0132',
  '415.555.0132',
  '1-415-555-0132',
  '+1 (415) 555-0132',
  '+1.415.555.0132',
  '+44 (0)20 7946 0958',
  '+49 (0) 151 2345 6789',
  '+33 6 12 34 56 78',
  '+86 138 1234 5678',
  '+380 50 123 45 67',
  '+375 29 123-45-67',
  '+971 50 123 4567',
  '+998901234567',
])('the phone number %s goes', (phone) => {
  expect(clean(`call ${phone}, please`)).toMatch(/^call \[redacted:phone:[0-9a-f]{8}\], please$/);
  expect(clean(`tel:${phone}`)).toMatch(/^tel:\[redacted:phone:[0-9a-f]{8}\]$/);
});

test('of two numbers in a row each goes, and what is no number stays', () => {
  expect(clean('+1 415 555 0132 2024-01-02, 415-555-0133 or (212) 555-0199.').replace(/:[0-9a-f]{8}\]/g, ']')).toBe(
    '[redacted:phone] 2024-01-02, [redacted:phone] or [redacted:phone].',
  );
});

test.each([
  ['{"phone":"4155550132","a":1}', '{"phone":"MARK","a":1}'],
  ['{"phoneNumber": 89123456789, "a": 1}', '{"phoneNumber": 0, "a": 1}'],
  ['phone number is 4155550132.', 'phone number is MARK.'],
  ['Телефон: 89123456789', 'Телефон: MARK'],
  ['позвоните по телефону 89123456789', 'позвоните по телефону MARK'],
  ['{"ssn":"219099999"}', '{"ssn":"MARK"}'],
  ['SSN: 219 09 9999', 'SSN: MARK'],
  ['{"social_security_number":219099999}', '{"social_security_number":0}'],
  [JSON.stringify({ a: '{"ssn":"219099999"}' }), '{"a":"{\\"ssn\\":\\"MARK\\"}"}'],
])('a name beside it tells what digits alone do not: %s', (text, redacted) => {
  expect(clean(text).replace(MARK, 'MARK')).toBe(redacted);
});

test('an attribute of that name goes, whether text or number; one of another name stays', () => {
  expect(redactor.value('4155550132', 'user.phone')).toMatch(MARK);
  expect(redactor.value(4155550132, 'user.phoneNumber')).toMatch(MARK);
  expect(redactor.value('219099999', 'user.ssn')).toMatch(MARK);
  expect(redactor.value('4155550132', 'order.id')).toBe('4155550132');
  expect(redactor.value('unknown', 'user.phone')).toBe('unknown');
});

// Examples of the registry, the shortest and the longest among them.
test.each([
  'GB82WEST12345698765432',
  'GB82 WEST 1234 5698 7654 32',
  'DE89 3704 0044 0532 0130 00',
  'BE68-5390-0754-7034',
  'NO9386011117947',
  'FR1420041010050500013M02606',
  'MT84MALT011000012345MTLCAST001S',
  'SA0380000000608010167519',
  'CH9300762011623852957',
  'BR1800360305000010009795493C1',
])('the bank account %s goes', (account) => {
  expect(clean(`pay to ${account}, please`)).toMatch(/^pay to \[redacted:iban:[0-9a-f]{8}\], please$/);
});

test.each([
  ['a wrong check number', 'GB83WEST12345698765432'],
  ['an account that is too long', 'NO93860111179471'],
  ['a country without such accounts', 'US82WEST12345698765432'],
  ['small letters', 'gb82west12345698765432'],
  ['the middle of a token', 'xGB82WEST12345698765432'],
  ['odd groups', 'GB82W EST12345698765432'],
  ['no area of social security', '000-12-3456 666-12-3456 987-65-4321'],
  ['a group or serial of zeros', '219-00-9999 219-09-0000'],
  ['a longer number with hyphens', '1219-09-9999 219-09-99991 219-09-9999-1'],
  ['nine digits', '219099999'],
  ['dates and times', '2024-11-20 12:00:00+0300 2024-11-20T12:00:00.123456789+03:00 20-11-2024 1763728612000000000'],
  ['sums', 'a+15551234567 x=+1 2+2 1e+12345678901 +15 000 000 +20 000 000 000 +100500 +12,345,678,901'],
  ['a calling code nobody has', '+0123456789 +2109876543210'],
  ['a number of North America that cannot be', '(115) 555-0132 (415) 155-0132 211-555-0132, 415-555-013'],
  ['calls of functions', 'f(415) 555 f(415)555-0132 scale(212)'],
  ['versions and addresses', '415.555.0132.1 10.212.555.1234 v212.555.1234 127.0.0.1 1.2.3-4.5.6'],
  [
    'parts of identifiers',
    '123e4567-e89b-12d3-a456-426614174000 utf-8-912-345-67-89x 1415-555-0132 span 415-555-01321',
  ],
  ['eleven digits without a sign', '89123456789 14155550132 4155550132'],
  ['a difference between files', '@@ -10,7 +10,9 @@\n+12\n+1234\n-4155\n+const a = 8 (912);'],
  ['prices', 'Итого 8 912 345 ₽, 8-900 штук, 8 (девять)'],
  ['a mobile version', 'mobile: 12, phone: 3 of 4, телефон: нет, ssn: unknown'],
])('%s stays as it is', (_why, text) => {
  expect(clean(`see ${text} now`)).toBe(`see ${text} now`);
});
