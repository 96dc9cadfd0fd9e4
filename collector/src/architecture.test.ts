import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Imports go to a lower tier, or stay in their folder. Folders of one tier never import each other. */
const TIERS: Record<string, number> = {
  telemetry: 0,
  config: 1,
  lifecycle: 0,
  mapping: 1,
  redaction: 1,
  ingest: 2,
  control: 2,
  observability: 3,
  otlp: 3,
  store: 3,
  live: 3,
  bus: 3,
  api: 3,
  demo: 3,
  testing: 4,
  compose: 4,
  'compose.ts': 5,
  cli: 5,
  'main.ts': 6,
};

/** A port stands with its owner; other rooms may know its types, never its code. */
const SIDEWAYS = 'import only types from a folder of the same tier';

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const source = import.meta.dirname;
const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/(^|\/)testing\//.test(name));

const imports: Import[] = files.flatMap((file) => importsOf(file));

function importsOf(file: string): Import[] {
  const tree = ts.createSourceFile(file, readFileSync(path.join(source, file), 'utf8'), ts.ScriptTarget.Latest);
  return tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return [];
    return [{ from: file, to: path.join(path.dirname(file), specifier.text), typeOnly: isTypeOnly(statement) }];
  });
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (!clause || clause.isTypeOnly) return clause?.isTypeOnly ?? false;
  const bindings = clause.namedBindings;
  return (
    !clause.name && !!bindings && ts.isNamedImports(bindings) && bindings.elements.every((each) => each.isTypeOnly)
  );
}

const roomOf = (file: string): string => file.split('/')[0] ?? file;
const tierOf = (file: string): number | undefined => TIERS[roomOf(file)];

test('every folder has a place in the tiers', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => TIERS[room] === undefined)).toEqual([]);
});

test('imports go down the tiers, and sideways only for types', () => {
  const wrong = imports.filter(({ from, to, typeOnly }) => {
    if (roomOf(from) === roomOf(to)) return false;
    const [own, other] = [tierOf(from) ?? -1, tierOf(to) ?? 99];
    return own === other ? !typeOnly : other > own;
  });
  expect(wrong.map(({ from, to }) => `${from} -> ${to} (${SIDEWAYS})`)).toEqual([]);
});

test('no import cycle', () => {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const walk = (file: string, trail: string[]): string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return undefined;
    done.add(file);
    for (const to of next.get(file) ?? []) {
      const cycle = walk(to, [...trail, file]);
      if (cycle) return cycle;
    }
    return undefined;
  };
  expect(files.map((file) => walk(file, [])).find((cycle) => cycle !== undefined)).toBeUndefined();
});

test('files are named in kebab case', () => {
  expect(files.filter((file) => !/^([a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(file))).toEqual([]);
});
