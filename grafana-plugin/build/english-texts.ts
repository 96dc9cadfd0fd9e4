import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { packageFolder } from './paths.ts';

/** Texts by key; keys with dots are nested when written. */
export type Texts = Map<string, string>;

/** Writes the English texts, which stand as defaults in the code, where Grafana looks for them. */
export function writeEnglishTexts(output: string): void {
  const source = path.join(packageFolder, 'src');
  const texts = nest(collectTexts(source));
  for (const manifest of globSync('**/plugin.json', { cwd: source })) {
    const { id } = JSON.parse(readFileSync(path.join(source, manifest), 'utf8')) as { id: string };
    const folder = path.join(output, path.dirname(manifest), 'locales', 'en-US');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${id}.json`), `${JSON.stringify(texts, null, 2)}\n`);
  }
}

/** Every `t('key', 'default')` below a folder; plural defaults give one entry a form. */
export function collectTexts(folder: string): Texts {
  const texts: Texts = new Map();
  for (const file of globSync('**/*.{ts,tsx}', { cwd: folder })) {
    if (file.includes('.test.')) continue;
    const source = ts.createSourceFile(
      file,
      readFileSync(path.join(folder, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    visit(source, (call) => addText(call, texts, file));
  }
  return texts;
}

function visit(node: ts.Node, onCall: (call: ts.CallExpression) => void): void {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 't') onCall(node);
  ts.forEachChild(node, (child) => visit(child, onCall));
}

function addText(call: ts.CallExpression, texts: Texts, file: string): void {
  const [key, fallback, options] = call.arguments;
  if (!key || !ts.isStringLiteralLike(key) || !fallback || !ts.isStringLiteralLike(fallback)) {
    throw new Error(`${file}: t() needs a literal key and a literal default`);
  }
  const forms = pluralForms(options);
  add(texts, forms.length > 0 ? `${key.text}_other` : key.text, fallback.text, file);
  for (const [form, text] of forms) add(texts, `${key.text}_${form}`, text, file);
}

function pluralForms(options: ts.Expression | undefined): [string, string][] {
  if (!options || !ts.isObjectLiteralExpression(options)) return [];
  const forms: [string, string][] = [];
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isStringLiteralLike(property.initializer)) continue;
    const form = /^defaultValue_(\w+)$/.exec(property.name.getText())?.[1];
    if (form) forms.push([form, property.initializer.text]);
  }
  return forms;
}

function add(texts: Texts, key: string, text: string, file: string): void {
  const known = texts.get(key);
  if (known !== undefined && known !== text) throw new Error(`${file}: ${key} has two English texts`);
  texts.set(key, text);
}

/** Turns `a.b` keys into nested objects, the form i18next files have. */
export function nest(texts: Texts): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [key, text] of [...texts].sort(([left], [right]) => left.localeCompare(right))) {
    const names = key.split('.');
    const last = names.pop() ?? key;
    let branch = root;
    for (const name of names) branch = (branch[name] ??= {}) as Record<string, unknown>;
    branch[last] = text;
  }
  return root;
}
