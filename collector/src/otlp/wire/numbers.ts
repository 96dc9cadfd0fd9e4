/** SpanKind as far as it is defined; anything newer counts as unspecified. */
export function knownSpanKind(kind: number): number {
  return kind >= 0 && kind <= 5 ? kind : 0;
}

/** StatusCode as far as it is defined; anything newer counts as unset. */
export function knownStatusCode(code: number): number {
  return code >= 0 && code <= 2 ? code : 0;
}

/** SeverityNumber as far as it is defined; anything newer counts as unspecified. */
export function knownSeverity(severity: number): number {
  return severity >= 0 && severity <= 24 ? severity : 0;
}
