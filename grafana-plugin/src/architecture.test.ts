import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const source = __dirname;
const files = globSync('**/*.{ts,tsx}', { cwd: source })
  .map((file) => file.replaceAll(path.sep, '/'))
  .filter((file) => !file.includes('.test.') && !file.startsWith('testing/'));

/** A part of the plugin: what its files start with, and how high it stands. Imports go down only. */
const PARTS: [string, number][] = [
  ['shared/', 1],
  ['client/', 1],
  ['control/', 2],
  ['datasource/', 3],
  ['panels/approvals/', 3],
  ['panels/event-feed/', 3],
  ['pages/', 4],
  ['module.tsx', 5],
];

function partOf(file: string): [string, number] {
  const part = PARTS.find(([prefix]) => file.startsWith(prefix));
  if (!part) throw new Error(`${file} is in no part: add the folder to the table`);
  return part;
}

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(source, file), 'utf8');
  return ts.preProcessFile(text).importedFiles.map((imported) => imported.fileName);
}

function innerImports(file: string): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.join(path.posix.dirname(file), name))
    .filter((name) => /\.tsx?$/.test(name));
}

describe('architecture', () => {
  test.each(files)('%s imports only what stands below it', (file) => {
    const [part, tier] = partOf(file);
    const wrong = innerImports(file).filter((target) => {
      const [otherPart, otherTier] = partOf(target);
      return otherPart !== part && otherTier >= tier;
    });

    expect(wrong).toEqual([]);
  });

  test('no import goes around in a circle', () => {
    const edges = new Map(files.map((file) => [file, valueImports(file)]));
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const walk = (file: string, trail: string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') return void circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      state.set(file, 'open');
      for (const target of edges.get(file) ?? []) walk(target, [...trail, file]);
      state.set(file, 'done');
    };

    for (const file of files) walk(file, []);

    expect(circles).toEqual([]);
  });

  test('only the collector contract is imported from outside the plugin', () => {
    const outside = files.flatMap((file) =>
      importsOf(file).filter((name) => name.includes('collector') && !name.startsWith('.')),
    );

    expect(outside).toEqual([]);
  });

  test('files are named after what they hold and stay readable', () => {
    for (const file of files) {
      const name = path.posix.basename(file);
      expect(name).toMatch(/^([A-Z][A-Za-z]*\.tsx|[a-z0-9-]+\.ts|module\.tsx)$/);
      expect(readFileSync(path.join(source, file), 'utf8').split('\n').length).toBeLessThanOrEqual(300);
    }
  });
});

/** Types are gone when the code runs, so they may point at each other. */
function valueImports(file: string): string[] {
  const parsed = ts.createSourceFile(file, readFileSync(path.join(source, file), 'utf8'), ts.ScriptTarget.Latest);
  return parsed.statements
    .filter((statement) => ts.isImportDeclaration(statement))
    .filter((statement) => !isTypeOnly(statement.importClause))
    .map((statement) => (ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : ''))
    .filter((name) => name.startsWith('.') && /\.tsx?$/.test(name))
    .map((name) => path.posix.join(path.posix.dirname(file), name));
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
}
