import type { ControlStore } from './control-store.ts';

/** The store for those who report on commands: what they say passes `clean` before it is stored. */
export function withCleanReports(store: ControlStore, clean: (text: string) => string): ControlStore {
  const cleaned = (text: string | null | undefined): string | null =>
    text === null || text === undefined ? null : clean(text);
  return {
    ...store,
    take: (report) => store.take({ ...report, evidence: cleaned(report.evidence), problem: cleaned(report.problem) }),
    advance: (id, state, evidence, problem) => store.advance(id, state, cleaned(evidence), cleaned(problem)),
  };
}
